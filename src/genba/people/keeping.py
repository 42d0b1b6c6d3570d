"""Accounts and teams as an identity provider wants them: what is written, and what there is.

Rules of this file: writes accounts and teams, outside a unit of work, and only brings about what an
act has decided (`machines.provisioning_acts`). Done twice, it changes nothing. An account is never
deleted: the story names its person.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from msgspec import Struct

from genba.people.models import LOCALES, Person, Team


class Member(Struct, frozen=True, kw_only=True):
    """Somebody who has an account and is no guest, also a closed one."""

    id: str
    address: str
    name: str
    locale: str
    active: bool
    joined: datetime
    teams: tuple[str, ...] = ()  # ids


class Crew(Struct, frozen=True, kw_only=True):
    """A team and the ids of its people."""

    id: str
    name: str
    members: tuple[str, ...]


def keep_member(id: str, address: str, name: str, locale: str, active: bool) -> str:
    """Bring an account about: the one of this id, else the one of the address, else a new one.

    Gives its id. A guest becomes a member; a new account has no password.
    """
    plain = address.strip().lower()
    with transaction.atomic():
        person = Person.objects.filter(pk=int(id)).first() if id else None
        person = person or Person.objects.filter(email=plain).first()
        if person is None:
            person = Person(email=plain)
            person.set_unusable_password()
        person.email = plain
        person.name = name[:150]
        person.locale = locale_of(locale) or person.locale
        person.is_guest = False
        person.is_active = active
        person.save()
    return str(person.pk)


def locale_of(written: str) -> str:
    """The language of ours that a tag like "fr-CA" asks for; "" for none."""
    plain = written.strip().lower().replace("_", "-").partition("-")[0]
    return plain if plain in dict(LOCALES) else ""


def keep_crew(id: str, name: str, members: Iterable[str] | None) -> str:
    """Bring a team about, with exactly these people (None: those it has); gives its id."""
    with transaction.atomic():
        team = Team.objects.filter(pk=int(id)).first() if id else None
        team = team or Team.objects.filter(name=name).first() or Team(name=name)
        team.name = name
        team.save()
        if members is not None:
            team.members.set(Person.objects.filter(pk__in=[int(one) for one in members]))
    return str(team.pk)


def drop_crew(id: str) -> None:
    """A team is no more; its people stay."""
    if id:
        Team.objects.filter(pk=int(id)).delete()


def all_members() -> list[Member]:
    """Everybody with an account who is no guest, in the order they came."""
    rows = Person.objects.filter(is_guest=False).prefetch_related("teams").order_by("pk")
    return [_member(person) for person in rows]


def member_of(id: str) -> Member | None:
    """One of them."""
    rows = Person.objects.filter(is_guest=False, pk=int(id)).prefetch_related("teams")
    return next(map(_member, rows), None)


def _member(person: Person) -> Member:
    return Member(
        id=str(person.pk),
        address=str(person.email),
        name=str(person.name),
        locale=str(person.locale),
        active=bool(person.is_active),
        joined=person.joined,
        teams=tuple(str(team.pk) for team in person.teams.all()),
    )


def holder_of(address: str) -> tuple[str, bool, bool]:
    """Whose an address is: the id of the account ("" for nobody), whether open, whether a guest."""
    person = Person.objects.filter(email=address.strip().lower()).first()
    if person is None:
        return "", False, False
    return str(person.pk), bool(person.is_active), bool(person.is_guest)


def all_crews() -> list[Crew]:
    """Every team, by name."""
    rows = Team.objects.prefetch_related("members")
    return [
        Crew(
            id=str(team.pk),
            name=str(team.name),
            members=tuple(str(one.pk) for one in team.members.all() if not one.is_guest),
        )
        for team in rows
    ]
