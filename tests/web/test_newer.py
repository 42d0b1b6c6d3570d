"""A case a newer release has worked on: one sentence on the page, in REST and as an answer."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from genba.acts.inbound import Verdict
from genba.journal.contract import NewEntry
from genba.journal.records import Envelope

WORDS = "A newer release of Genba has worked on this"


@pytest.fixture
def newer(inst: Any, started: Callable[..., str]) -> Any:
    """A case whose state has a member this release does not know; its row."""
    case = started()
    with inst.journal.writing() as tx:
        row = tx.case(case)
        row = replace(row, state=row.state[:-1] + b',"mood":"good"}')
        entries = [NewEntry("case.noted", b"{}")]
        at = Envelope(at=inst.clock.now())
        tx.append(row, expected=row.revision, entries=entries, envelope=at)
    with inst.journal.reading() as reading:
        return reading.case(case)


def test_an_act_on_it_is_refused_in_a_sentence_and_noted(
    inst: Any, people: dict[str, Any], do: Callable[..., Any], newer: Any
) -> None:
    outcome = do(people["staff"], "case.comment", newer.case, text="Hello")
    assert outcome.verdict is Verdict.REFUSED
    assert outcome.message.startswith(WORDS)
    assert "Nothing was changed or lost" in outcome.message
    with inst.journal.reading() as reading:
        assert reading.case(newer.case) == newer
        assert reading.attempts(1)[0].outcome == "refused"


def test_its_page_says_so_with_a_time_to_come_back(browse: Any, newer: Any) -> None:
    answer = browse("staff").get(f"/cases/{newer.number}")
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert WORDS in answer.content.decode()


def test_rest_says_so_too(browse: Any, newer: Any) -> None:
    client = browse("staff")
    read = client.get(f"/api/case/{newer.case}")
    assert (read.status_code, read.json()["detail"].startswith(WORDS)) == (503, True)
    did = client.post(
        f"/api/case/{newer.case}/comment", {"text": "Hello"}, content_type="application/json"
    )
    assert (did.status_code, did.json()["detail"].startswith(WORDS)) == (409, True)


def test_other_cases_go_on(
    people: dict[str, Any], do: Callable[..., Any], started: Callable[..., str], newer: Any
) -> None:
    assert do(people["staff"], "case.comment", started(), text="Hello").ok
