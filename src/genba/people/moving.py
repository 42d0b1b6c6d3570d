"""Accounts, groups and sessions from one database into another.

Rules of this file: Django's models carry the rows over, so that each database gets its own types;
identities stay. The journal has its own way, `journal.moving`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, transaction
from django.db.models import Model

BATCH = 500
TARGET = "target"


class Unlike(Exception):
    """What arrived is not what was sent."""


def copy_people(settings: dict[str, Any]) -> dict[str, int]:
    """Make Django's tables in the database of these settings and copy every row into them.

    Gives the count of rows by table. Raises Unlike when they differ; nothing is copied then.
    """
    connections.settings[TARGET] = {**connections.settings["default"], **settings}
    try:
        call_command("migrate", database=TARGET, interactive=False, verbosity=0)
        models = [model for model in apps.get_models(include_auto_created=True) if _kept(model)]
        with transaction.atomic(using=TARGET):
            # Making the tables has filled some (kinds of content, permissions), with other ids.
            for model in reversed(models):
                model._base_manager.using(TARGET).all()._raw_delete(TARGET)
            counts = {model._meta.db_table: _copy(model) for model in models}
            _count_on(models)
    finally:
        connections[TARGET].close_pool()  # type: ignore[attr-defined]
        connections[TARGET].close()
        del connections.settings[TARGET]
    return counts


def _kept(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy


def _copy(model: type[Model]) -> int:
    rows = model._base_manager.using("default").order_by("pk")
    with _instants_kept(model):
        model._base_manager.using(TARGET).bulk_create(rows.iterator(BATCH), batch_size=BATCH)
    fields = [field.attname for field in model._meta.concrete_fields]
    there = model._base_manager.using(TARGET).order_by("pk")
    sent, arrived = (
        {row[0]: row for row in found.values_list("pk", *fields)} for found in (rows, there)
    )
    if sent != arrived:
        raise Unlike(
            f"The table {model._meta.db_table} did not arrive as it was sent ({len(arrived)} of"
            f" {len(sent)} rows are there). Drop that database; the file is as it was."
        )
    return len(sent)


@contextmanager
def _instants_kept(model: type[Model]) -> Iterator[None]:
    """Fields that note the moment a row is made keep the moment it was made."""
    automatic: list[Any] = [
        field for field in model._meta.concrete_fields if _notes_the_moment(field)
    ]
    for field in automatic:
        field.auto_now_add = False
    try:
        yield
    finally:
        for field in automatic:
            field.auto_now_add = True


def _notes_the_moment(field: Any) -> bool:
    return bool(getattr(field, "auto_now_add", False))


def _count_on(models: list[type[Model]]) -> None:
    """New rows get numbers behind those that were copied."""
    connection = connections[TARGET]
    statements = connection.ops.sequence_reset_sql(no_style(), models)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
