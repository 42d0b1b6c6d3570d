"""A rule decides in a case: told in words, in both languages; a person does what it leaves open."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override

from genba.cases.deployment import deploy_file
from genba.cases.rows import condition_in_words, row_in_words
from genba.people.directory import Known

People = dict[str, Known]
DRAWINGS = Path(__file__).parents[1] / "drawings"


@pytest.fixture
def buying(inst: Any, people: People, do: Callable[..., Any]) -> Callable[..., str]:
    """Starts a case whose limit a rule looks up."""
    for name in ("purchase-limit.dmn", "buying.bpmn"):
        made = deploy_file(inst, (DRAWINGS / name).read_bytes(), name, "")
        assert not isinstance(made, tuple), made

    def start(amount: int, supplier: str) -> str:
        outcome = do(people["buyer"], "process.start", "buying", amount=amount, supplier=supplier)
        assert outcome.ok, outcome
        return str(outcome.object_id)

    return start


def test_the_story_says_what_was_decided_and_why(
    buying: Callable[..., str], people: People, card: Callable[..., Any]
) -> None:
    case = buying(6000, "new")

    def told(who: Known) -> list[str]:
        return [one.text for one in card(who, "case", case).story if "limit" in one.text]

    assert "“Look up the limit” decided: way board — row 3: amount at least 5,000 and" in (
        " ".join(told(people["buyer"]))
    )
    french = " ".join(told(people["helper"]))
    assert "« Look up the limit » a décidé : way board — ligne 3 : amount au moins 5" in french
    assert "et supplier est new (version 1)" in french


def test_a_rule_that_asks_is_a_question_with_its_answers(
    buying: Callable[..., str],
    people: People,
    do: Callable[..., Any],
    card: Callable[..., Any],
    task_of: Callable[[str, str], str],
) -> None:
    case = buying(50000, "known")
    task = card(people["buyer"], "task", task_of(case, "limit"))
    schema = next(offer.schema for offer in task.offers if offer.act == "task.complete")
    assert "way" in schema["properties"]
    assert "the rule leaves this to a person" in task.note
    assert do(people["buyer"], "task.complete", task.id, way="board").ok
    assert task_of(case, "board")


def test_a_rule_is_asked_on_a_case_and_changes_nothing(
    buying: Callable[..., str],
    inst: Any,
    people: People,
    do: Callable[..., Any],
    card: Callable[..., Any],
) -> None:
    case = buying(6000, "new")
    offer = next(o for o in card(people["buyer"], "case", case).offers if o.act == "case.consult")
    picked = offer.schema["properties"]["decision"]["oneOf"]
    assert picked == [{"const": "purchase-limit", "title": "Purchase limit"}]
    with inst.journal.reading() as reading:
        before = reading.case(case).state
    said = do(people["buyer"], "case.consult", case, decision="purchase-limit")
    words = "way board — row 3: amount at least 5,000 and supplier is new (version 1)"
    assert said.message == words
    assert card(people["lead"], "case", case).story[-1].text == f"**Purchase limit:** {words}"
    with inst.journal.reading() as reading:
        assert reading.case(case).state == before
        assert len(reading.decisions_made()) == 1  # the one the drawing asked for
    french = do(people["helper"], "case.consult", case, decision="purchase-limit")
    assert french.message.startswith("way board — ligne 3 : amount au moins 5")
    assert not do(people["buyer"], "case.consult", case, decision="none").ok


def test_a_rule_that_is_not_told_all_says_so(
    inst: Any, people: People, do: Callable[..., Any], started: Callable[..., str]
) -> None:
    case = started(amount=1200)
    made = deploy_file(inst, (DRAWINGS / "purchase-limit.dmn").read_bytes(), "l.dmn", "")
    assert not isinstance(made, tuple)
    said = do(people["buyer"], "case.consult", case, decision="purchase-limit")
    assert said.message.endswith(". The case does not say: supplier."), said.message


@pytest.mark.parametrize(
    ("written", "english", "french"),
    [
        ("> 5000", "amount over 5,000", "amount plus de 5"),
        ('"a","b"', "amount is a or b", "amount est a ou b"),
        ('not("a")', "amount is not a", "amount n’est pas a"),
        ("[1..3]", "amount at least 1 and at most 3", "amount au moins 1 et au plus 3"),
        ("null", "amount is missing", "amount est absent"),
        ("-", "", ""),
        ("count(?) > 3", "amount: count(?) > 3", "amount: count(?) > 3"),
        ("((", "amount: ((", "amount: (("),
    ],
)
def test_cells_in_words(written: str, english: str, french: str) -> None:
    with override("en"):
        assert condition_in_words("amount", written) == english
    with override("fr"):
        assert condition_in_words("amount", written).startswith(french)


def test_a_row_without_conditions_is_told() -> None:
    with override("fr"):
        assert row_in_words(2, ()) == "ligne 2 : dans tous les cas"
