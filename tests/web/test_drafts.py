"""What somebody began to write is offered to them again, and gone once it was sent."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client

from genba.journal.records import CaseId
from genba.people.drafts import MOST, drafts_of

Browse = Callable[..., Client]
WORDS = "the quokka is late"


@pytest.fixture
def case(started: Callable[..., str], inst: Any) -> str:
    return started()


def keep(page: Client, object: str, id: str, act: str, **said: str) -> int:
    return int(page.post(f"/drafts/{object}/{id}/{act}", said).status_code)


def test_it_comes_again_on_reload_and_on_another_device(
    case: str, browse: Browse, inst: Any
) -> None:
    assert keep(browse("staff"), "case", case, "case.comment", text=WORDS) == 204
    other_device = browse("staff").get("/cases/1").content.decode()
    assert f">{WORDS}</textarea>" in other_device
    assert "You began this, on " in other_device
    assert WORDS not in browse("buyer").get("/cases/1").content.decode(), "nobody else"


def test_a_form_of_a_step_comes_again_field_by_field(
    case: str, browse: Browse, task_of: Callable[[str, str], str]
) -> None:
    task = task_of(case, "check")
    page = browse("helper")
    assert keep(page, "task", task, "task.assign", to="buyer", comment="x") == 204
    shown = page.get("/cases/1").content.decode()
    form = shown[shown.index('data-act="task.assign"') :]
    assert 'value="buyer"' in form[: form.index("</form>")]
    assert "Vous avez commencé ceci le" in shown


def test_it_is_gone_with_the_act_and_a_late_save_brings_nothing_back(
    case: str, browse: Browse, inst: Any, people: Any
) -> None:
    page, me = browse("staff"), people["staff"].id
    keep(page, "case", case, "case.comment", text=WORDS)
    sent = {"text": WORDS, "_key": "k1", "_version": "1"}
    assert page.post(f"/acts/case/{case}/case.comment", sent).status_code == 303
    with inst.journal.reading() as reading:
        assert drafts_of(me, reading) == ()
        kept = reading.contents(CaseId(f"draft:{me}"))
        assert [(one.erased, one.body) for one in kept] == [(True, b"")]
    assert keep(page, "case", case, "case.comment", text=WORDS, _key="k1") == 204
    with inst.journal.reading() as reading:
        assert drafts_of(me, reading) == ()
    assert "You began" not in page.get("/cases/1").content.decode()


def test_a_refused_act_forgets_nothing(case: str, browse: Browse, inst: Any, people: Any) -> None:
    page = browse("staff")
    keep(page, "case", case, "case.comment", text=WORDS)
    assert page.post(f"/acts/case/{case}/case.comment", {"_key": "k"}).status_code == 422
    with inst.journal.reading() as reading:
        assert len(drafts_of(people["staff"].id, reading)) == 1


def test_it_can_be_forgotten_where_it_stands_and_on_the_page_of_oneself(
    case: str, browse: Browse, inst: Any, people: Any
) -> None:
    page = browse("staff")
    keep(page, "case", case, "case.comment", text=WORDS)
    mine = page.get("/me").content.decode()
    about = re.search(r'name="about" value="([^"]+)"', mine)
    assert about is not None
    assert about[1] == f"case/{case}/case.comment"
    answer = page.post("/drafts/forget", {"about": about[1], "_next": "//elsewhere.example"})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    with inst.journal.reading() as reading:
        assert drafts_of(people["staff"].id, reading) == ()


def test_nothing_typed_is_nothing_kept_and_what_is_not_offered_is_not_found(
    case: str, browse: Browse, inst: Any, people: Any
) -> None:
    page = browse("staff")
    keep(page, "case", case, "case.comment", text=WORDS)
    keep(page, "case", case, "case.comment", text=" ")
    with inst.journal.reading() as reading:
        assert drafts_of(people["staff"].id, reading) == ()
    assert keep(page, "case", case, "case.open", text="x") == 404
    assert keep(page, "case", "nothing", "case.comment", text="x") == 404
    signed_out = Client().post(f"/drafts/case/{case}/case.comment", {"text": "x"})
    assert signed_out.status_code == 302
    strict = browse("staff", enforce_csrf_checks=True)
    assert keep(strict, "case", case, "case.comment", text="x") == 403


@pytest.mark.security("S15")
def test_nobody_reads_what_somebody_else_began(
    case: str, browse: Browse, do: Any, inst: Any, people: Any
) -> None:
    from genba.cases.finding import find_words
    from genba.people.models import Person

    keep(browse("staff"), "case", case, "case.comment", text=WORDS)
    me = people["staff"].id
    Person.objects.filter(pk=int(people["lead"].id)).update(is_administrator=True)
    about = f"case/{case}/case.comment"
    refused = do(people["lead"], "person.forget-draft", me, about=about)
    assert refused.verdict == "forbidden"
    assert WORDS not in browse("lead").get(f"/me/{me}").content.decode()
    with inst.journal.reading() as reading:
        assert reading.found(["quokka"]) == []
        assert find_words(people["staff"], "quokka", reading) == ()
        entries = reading.log_since(0, 10_000)
        said = [one.body for one in entries] + [
            msgspec.json.encode(one) for one in reading.attempts(1_000)
        ]
    assert not any(b"quokka" in one for one in said)
    assert inst.journal.verify() == []


def test_the_oldest_goes_where_there_are_too_many_and_what_is_a_month_old(
    do: Any, inst: Any, people: Any, clock: Any
) -> None:
    me = people["staff"]
    for number in range(MOST + 2):
        about = f"case/{number}/case.comment"
        assert do(me, "person.keep-draft", me.id, about=about, text='{"text":"x"}').ok
    with inst.journal.reading() as reading:
        all = drafts_of(me.id, reading)
    assert [one.about for one in all][:: MOST - 1] == [
        "case/2/case.comment",
        f"case/{MOST + 1}/case.comment",
    ]
    clock.set(clock.now() + timedelta(days=31))
    assert do(me, "person.keep-draft", me.id, about="case/x/y", text='{"text":"x"}').ok
    with inst.journal.reading() as reading:
        assert [one.about for one in drafts_of(me.id, reading)] == ["case/x/y"]
        kept = reading.contents(CaseId(f"draft:{me.id}"))
    assert sum(not one.erased for one in kept) == 1


def test_what_is_no_form_is_refused(do: Any, people: Any) -> None:
    me = people["staff"]
    for text in ("[]", '{"a": {}}', "words"):
        refused = do(me, "person.keep-draft", me.id, about="case/1/x", text=text)
        assert refused.verdict == "invalid"
