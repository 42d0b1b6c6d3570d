"""What a list asks for: what is asked of somebody, without what they could do beside it."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.acts.card import Offer
from genba.acts.objects import card_in, offer_of
from genba.acts.registry import acts
from genba.acts.schemas import schema_of
from genba.journal.contract import CaseQuery
from genba.people.directory import names_of, names_once


def fields_of(offer: Offer) -> dict[str, Any]:
    properties: dict[str, Any] = offer.schema["properties"]
    return properties


def first_choice(offer: Offer) -> dict[str, str]:
    return {offer.choice_field: offer.choices[0].value} if offer.choices else {}


@pytest.mark.parametrize("process", ["purchase", "deciding", "enquiries", "questions"])
def test_a_list_shows_what_is_asked_as_the_page_of_the_task_does(
    process: str, deploy: Callable[[str], None], do: Any, inst: Any, people: Any
) -> None:
    deploy(process)
    with inst.journal.reading() as reading:
        keys = [one.key for one in reading.processes()]
    for key in keys:
        offer = offer_of("process.start", key, people["staff"])
        if offer is not None:
            given = {name: "1" for name in ("title", "amount") if name in fields_of(offer)}
            do(people["staff"], "process.start", key, **given, **first_choice(offer))
    shown = 0
    with inst.journal.reading() as reading:
        works = [work for case in reading.cases(CaseQuery()) for work in reading.works(case.case)]
        assert works
        for work in works:
            for who in people.values():
                given = ("task", f"{work.case}:{work.work}", who, reading)
                whole, brief = card_in(*given), card_in(*given, full=False, leading=True)
                assert whole is not None
                assert brief is not None
                asked = tuple(offer for offer in whole.offers if offer.primary)
                assert tuple(offer for offer in brief.offers if offer.primary) == asked
                assert len(brief.offers) < len(whole.offers)
                shown += len(asked)
    assert shown


def test_within_a_list_a_name_is_looked_up_once(
    people: Any, django_assert_num_queries: Any
) -> None:
    staff, buyer = people["staff"], people["buyer"]
    with django_assert_num_queries(2), names_once():
        assert names_of([staff.id, "", "nobody"]) == {staff.id: staff.name}
        assert names_of([staff.id]) == {staff.id: staff.name}
        assert names_of([staff.id, buyer.id, "999"]) == {
            staff.id: staff.name,
            buyer.id: buyer.name,
        }
        assert names_of(["999"]) == {}
    with django_assert_num_queries(1):
        assert names_of([buyer.id]) == {buyer.id: buyer.name}


def test_a_schema_is_its_callers_own() -> None:
    for declaration in acts():
        first, second = schema_of(declaration.input), schema_of(declaration.input)
        assert first == second
        for rule in first["properties"].values():
            rule["title"] = "changed"
        first["properties"]["more"] = {}
        assert schema_of(declaration.input) == second
