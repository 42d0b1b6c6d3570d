"""The pages render cards: what is offered is there, what one may not see is not."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

Browse = Callable[..., Client]
DRAWINGS = Path(__file__).parents[1] / "drawings"


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def form_of(page: str, act: str) -> dict[str, str]:
    """The action and the hidden inputs of the form of an act."""
    found = re.search(rf'<form [^>]*data-act="{act}".*?</form>', page, re.S)
    assert found, f"no form of {act}"
    action = re.search(r'action="([^"]+)"', found[0])
    assert action
    hidden = re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', found[0])
    return {"action": action[1], **dict(hidden)}


def test_the_inbox_shows_what_is_mine_why_and_the_words(
    browse: Browse, started: Any, do: Any, people: Any
) -> None:
    case = started()
    do(people["staff"], "case.comment", case, text="the old ones **fail**")
    page = text(browse("buyer"), "/")
    assert "Check the request" in page
    assert "Purchase 1" in page
    assert "the old ones" in page
    assert "Check the request" not in text(browse("other"), "/")
    assert "Nothing needs you now." in text(browse("other"), "/")
    assert "Nothing is late." in text(browse("buyer"), "/?view=overdue")


def test_an_act_without_input_is_done_from_the_list(
    browse: Browse, started: Any, task_of: Any
) -> None:
    case = started()
    client = browse("buyer")
    form = form_of(text(client, "/"), "task.complete")
    answer = client.post(form.pop("action"), form)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    again = text(client, "/")
    assert 'class="flash success"' in again
    assert "Supplier known?" in again
    assert task_of(case, "known")
    assert "Check the request" in text(client, "/?view=done")


@pytest.mark.security("S2")
def test_the_same_form_twice_acts_once(browse: Browse, started: Any, inst: Any) -> None:
    case = started()
    client = browse("buyer")
    form = form_of(text(client, "/cases/1"), "case.comment")
    action = form.pop("action")
    for _click in range(2):
        assert client.post(action, {**form, "text": "once"}).status_code == 303
    with inst.journal.reading() as reading:
        words = [content for content in reading.contents(case) if content.kind == "words"]
    assert len(words) == 1


def test_a_choice_is_one_button_for_each_way(browse: Browse, started: Any, do: Any) -> None:
    started()
    client = browse("buyer")
    form = form_of(text(client, "/"), "task.complete")
    client.post(form.pop("action"), form)
    page = text(client, "/cases/1")
    assert re.search(r'<button name="\w+" value="f3"[^>]*>yes</button>', page)
    assert re.search(r'<button name="\w+" value="f4"[^>]*>no, it is new</button>', page)
    assert "the drawing does not say" in page.lower()


def test_a_refused_form_comes_back_filled_and_says_what_is_wrong(
    browse: Browse, started: Any, do: Any, people: Any, task_of: Any
) -> None:
    case = started()
    do(people["buyer"], "task.complete", task_of(case, "check"))
    do(people["buyer"], "task.choose", task_of(case, "known"), chosen="f4")
    client = browse("buyer")
    form = form_of(text(client, "/cases/1"), "task.complete")
    answer = client.post(form.pop("action"), {**form, "second_offer": "a lot"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="a lot"' in page
    assert "This must be a number." in page
    assert 'aria-invalid="true"' in page
    assert task_of(case, "quote")


def test_a_task_somebody_else_did_says_who(
    browse: Browse, started: Any, do: Any, people: Any, task_of: Any
) -> None:
    case = started()
    client = browse("buyer")
    task = task_of(case, "check")
    form = form_of(text(client, "/"), "task.complete")
    do(people["helper"], "task.complete", task)
    answer = client.post(form.pop("action"), form)
    assert answer.status_code == 409
    assert "Second buyer" in answer.content.decode()
    work = task.partition(":")[2]
    page = text(client, f"/cases/1?had={work}")
    assert re.search(r'<div id="gone".*?Second buyer.*?</div>', page, re.S)
    own = text(browse("helper"), f"/cases/1?had={work}")
    assert not re.search(r'<div id="gone"[^>]*>\s*<p', own)


def test_the_case_page_has_story_drawing_files_and_deep_links(
    browse: Browse, started: Any, do: Any, people: Any, task_of: Any
) -> None:
    case = started()
    do(people["staff"], "case.attach", case, file=b"%PDF-1.7", name="quote é.pdf")
    do(people["staff"], "case.comment", case, text="<script>alert(1)</script> [x](javascript:y)")
    client = browse("buyer")
    page = text(client, "/cases/1")
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert 'data-drawing="/processes/purchase/1/drawing"' in page
    link = re.search(r'href="(/cases/1/files/[^"/]+)"', page)
    assert link
    answer = client.get(link[1])
    assert answer.content == b"%PDF-1.7"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    work = task_of(case, "check").partition(":")[2]
    assert "Check the request" in text(client, f"/cases/1/{work}")
    text(client, "/cases/1/w999", 404)
    text(client, "/cases/99", 404)


def test_a_file_goes_up_by_form_and_comes_down_as_it_was(browse: Browse, started: Any) -> None:
    started()
    client = browse("buyer")
    form = form_of(text(client, "/cases/1"), "case.attach")
    file = SimpleUploadedFile("quote.pdf", b"%PDF-1.7 \x00\xff", "application/pdf")
    assert client.post(form.pop("action"), {**form, "file": file}).status_code == 303
    page = text(client, "/cases/1")
    link = re.search(r'href="(/cases/1/files/[^"]+)/page">quote.pdf', page)
    assert link
    assert client.get(link[1]).content == b"%PDF-1.7 \x00\xff"


def test_the_trace_follows_the_case(
    browse: Browse, started: Any, do: Any, people: Any, task_of: Any
) -> None:
    case = started()
    client = browse("buyer")
    before = client.get("/cases/1/drawing").json()
    assert before["open"] == ["check"]
    assert before["done"] == ["start"]
    assert before["taken"] == ["f1"]
    do(people["buyer"], "task.complete", task_of(case, "check"))
    after = client.get("/cases/1/drawing").json()
    assert after["open"] == ["known"]
    assert set(after["taken"]) == {"f1", "f2"}


def test_a_case_on_its_own_path_is_marked_beside_the_standard_one(
    browse: Browse, started: Any, do: Any, people: Any
) -> None:
    case = started()
    client = browse("buyer")
    assert do(people["buyer"], "case.skip", case, step="quote", reason="one supplier").ok
    given = {"what": "Call them", "place": "after", "step": "order"}
    assert do(people["buyer"], "case.add-step", case, **given).ok
    marks = client.get("/cases/1/drawing").json()
    assert (marks["left_out"], marks["changed"]) == (["quote"], ["order"])
    page = text(client, "/cases/1")
    assert "left out “Get a second quote”; added “Call them” at “Order”" in page


def test_what_a_guest_may_not_see_is_not_there(
    browse: Browse, started: Any, people: Any, db: None
) -> None:
    from genba.people.models import Person

    started()
    Person.objects.filter(pk=int(people["other"].id)).update(is_guest=True)
    client = browse("other")
    missing = text(client, "/cases/99", 404)
    for path in ("/cases/1", "/cases/1/drawing", "/cases/1/files/x"):
        hidden = text(client, path, 404)
        assert re.sub(r"value=\S+", "", hidden) == re.sub(
            r"value=\S+", "", missing.replace("/cases/99", path)
        )
    assert "Purchase 1" not in text(client, "/cases/")
    text(client, "/processes/deploy", 404)


def test_the_process_page_starts_a_case(browse: Browse, deploy: Any) -> None:
    deploy("purchase")
    client = browse("staff")
    page = text(client, "/processes/purchase")
    assert "What is needed" in page
    assert "Supplier known?" in page
    form = form_of(page, "process.start")
    action = form.pop("action")
    wrong = client.post(action, {**form, "amount": "5"})
    assert wrong.status_code == 422
    assert "This is needed." in wrong.content.decode()
    answer = client.post(action, {**form, "_key": "other", "title": "3 laptops", "amount": "5"})
    assert (answer.status_code, answer["Location"]) == (303, "/cases/1")
    assert "/cases/1" in text(client, "/processes/purchase")
    text(client, "/processes/none", 404)


def test_the_drawing_is_the_deployed_file(browse: Browse, deploy: Any) -> None:
    deploy("purchase")
    client = browse("staff")
    answer = client.get("/processes/purchase/1/drawing")
    assert answer.content == (DRAWINGS / "purchase.bpmn").read_bytes()
    text(client, "/processes/purchase/2/drawing", 404)


def test_deploying_a_drawing_or_saying_why_not(browse: Browse, tmp_path: Path) -> None:
    client = browse("staff")
    assert client.post("/processes/deploy").status_code == 422
    broken = tmp_path / "broken.bpmn"
    broken.write_text("<definitions>\n<process")
    with broken.open("rb") as file:
        answer = client.post("/processes/deploy", {"file": file})
    assert answer.status_code == 422
    assert re.search(r"line \d", answer.content.decode())
    with (DRAWINGS / "purchase.bpmn").open("rb") as file:
        answer = client.post("/processes/deploy", {"file": file})
    assert (answer.status_code, answer["Location"]) == (302, "/processes/purchase")


@pytest.mark.security("S1")
def test_reading_never_changes_anything(
    browse: Browse, started: Any, inst: Any, task_of: Any
) -> None:
    case = started()
    task = task_of(case, "check")
    client = browse("buyer")
    paths = [
        "/", "/?view=done", "/cases/", "/cases/1", f"/cases/1/{task.partition(':')[2]}",
        "/cases/1/drawing", "/processes/", "/processes/purchase", "/processes/deploy",
        "/account/logout/", "/find?q=1", "/api/cards", f"/api/task/{task}",
    ]  # fmt: skip
    with inst.journal.reading() as reading:
        before = (reading.position(), reading.attempts(), reading.works(case, open_only=False))
    for path in paths:
        for method in (client.get, client.head):
            for _visit in range(3):
                assert method(path).status_code in (200, 302, 405), path
    for path in (f"/acts/task/{task}/task.complete", "/language", "/demo"):
        assert client.get(path).status_code == 405
    with inst.journal.reading() as reading:
        after = (reading.position(), reading.attempts(), reading.works(case, open_only=False))
    assert before == after
    assert client.get("/").status_code == 200


def test_an_act_needs_its_own_form(browse: Browse, started: Any, task_of: Any) -> None:
    task = task_of(started(), "check")
    client = browse("buyer", enforce_csrf_checks=True)
    answer = client.post(f"/acts/task/{task}/task.complete", {"_key": "k"})
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()


def test_find_goes_to_a_number_or_filters(browse: Browse, started: Any) -> None:
    started()
    client = browse("buyer")
    assert client.get("/find?q=%231")["Location"] == "/cases/1"
    assert "3 laptops" in client.get("/find?q=laptops").content.decode()
    assert "3 laptops" in text(client, "/cases/?q=LAPTOPS")
    assert "3 laptops" not in text(client, "/cases/?q=chairs")


def test_the_page_says_which_act_it_was_by_htmx(browse: Browse, started: Any) -> None:
    started()
    client = browse("buyer")
    form = form_of(text(client, "/"), "task.complete")
    action = form.pop("action")
    elsewhere = {"HX-Request": "true", "HX-Current-URL": "http://testserver/processes/purchase"}
    answer = client.post(action, form, headers=elsewhere)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/")


def test_a_quiet_refresh_leaves_the_message_for_the_page(browse: Browse, started: Any) -> None:
    started()
    client = browse("buyer")
    form = form_of(text(client, "/"), "task.complete")
    client.post(form.pop("action"), form)
    refreshed = client.get("/", headers={"HX-Request": "true", "HX-Source": "div#refresh"})
    assert 'class="flash' not in refreshed.content.decode()
    assert 'class="flash success"' in text(client, "/")
    assert 'class="flash' not in text(client, "/")


def test_a_new_act_appears_without_touching_the_page(
    browse: Browse, started: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from msgspec import Struct

    from genba.acts import registry
    from genba.acts.card import Offer
    from genba.acts.inbound import Outcome, Verdict
    from genba.acts.schemas import schema_of

    class Applause(Struct, frozen=True):
        times: int
        loud: bool = False

    seen: list[Any] = []

    def run(_unit: Any, _case: Any, _by: Any, given: Applause) -> Outcome:
        seen.append(given)
        return Outcome(verdict=Verdict.DONE, message="Clapped.")

    def offered(_case: Any, _by: Any) -> Offer:
        return Offer(act="case.applaud", label="Applaud", schema=schema_of(Applause), required=True)

    started()
    declaration = registry.Declaration(
        object="case",
        name="applaud",
        input=Applause,
        run=run,
        offer=offered,
        label="Applaud",
        summary="Clap.",
    )
    monkeypatch.setitem(registry._declared, declaration.act, declaration)
    client = browse("buyer")
    page = text(client, "/cases/1")
    assert re.search(r'name="times"[^>]*', page)
    form = form_of(page, "case.applaud")
    answer = client.post(form.pop("action"), {**form, "times": "3", "loud": "true"})
    assert answer.status_code == 303
    assert seen == [Applause(times=3, loud=True)]


@pytest.mark.parametrize("key", ["a/b", "deploy", "..", "a%2Fb", "my process"])
def test_a_process_of_any_key_has_its_page_and_starts(
    browse: Browse, people: Any, key: str
) -> None:
    drawing = (DRAWINGS / "purchase.bpmn").read_bytes()
    client = browse("staff")
    sent = {"file": SimpleUploadedFile("d.bpmn", drawing.replace(b'id="purchase"', renamed(key)))}
    place = client.post("/processes/deploy", sent)["Location"]
    assert f'href="{place}"' in text(client, "/processes/")
    form = form_of(text(client, place), "process.start")
    assert client.post(form.pop("action"), {**form, "title": "x", "amount": "1"}).status_code == 303
    assert f'href="{place}"' in text(client, "/cases/1")


def renamed(key: str) -> bytes:
    return f'id="{key}"'.encode()


@pytest.mark.parametrize("digits", [18, 25, 5000])
@pytest.mark.parametrize("path", ["/cases/{}", "/processes/purchase/{}/drawing"])
def test_a_number_nobody_gave_is_not_found(
    browse: Browse, started: Any, path: str, digits: int
) -> None:
    started()
    text(browse("staff"), path.format("9" * digits), 404)


@pytest.mark.parametrize("digits", [18, 25, 5000])
def test_a_number_nobody_gave_breaks_no_list(browse: Browse, started: Any, digits: int) -> None:
    started()
    client, number = browse("staff"), "9" * digits
    assert client.get(f"/?from={number}").status_code == 200
    assert client.get(f"/find?q={number}").status_code in (200, 302)
    assert client.get(f"/api/cards?cursor={number}").status_code == 404


def test_pressing_a_button_twice_says_twice_that_it_is_done(
    browse: Browse, started: Any, task_of: Any
) -> None:
    task_of(started(), "check")
    client = browse("buyer")
    form = form_of(text(client, "/"), "task.complete")
    action = form.pop("action")
    for _press in range(2):
        answer = client.post(action, {**form, "comment": "all well"})
        assert (answer.status_code, answer["Location"]) == (303, "/")
    other = client.post(action, {**form, "comment": "something else"})
    assert other.status_code == 409
