"""What is found by its words, and what is not told to whom."""

from collections.abc import Callable
from typing import Any

from genba.acts.inbound import Outcome
from genba.cases.finding import Hit, find_words
from genba.people.directory import Known, invite

People = dict[str, Known]
Do = Callable[..., Outcome]


def hits(inst: Any, who: Known, text: str, **more: int) -> list[Hit]:
    with inst.journal.reading() as reading:
        return list(find_words(who, text, reading, **more))


def kinds(inst: Any, who: Known, text: str) -> list[str]:
    return [one.kind for one in hits(inst, who, text)]


def test_tasks_cases_words_and_files(
    inst: Any, started: Callable[..., str], people: People, do: Do
) -> None:
    case, buyer = started(title="Écran large"), people["buyer"]
    assert do(buyer, "case.comment", case, text="Is the ecran worth it? " + "word " * 40).ok
    body = "prix de l'écran\n".encode()
    assert do(buyer, "case.attach", case, file=body, name="offre.txt", media_type="text/plain").ok
    file, words, titled = hits(inst, people["other"], "ecran")
    assert (file.kind, file.title, file.text) == ("file", "offre.txt", "prix de l'écran")
    assert file.url.startswith("/cases/1/files/")
    assert words.kind == "words"
    assert words.url.startswith("/cases/1#m-")
    assert words.text.startswith("Is the ecran worth it? word")
    assert words.text.endswith(" …")
    assert titled.kind == "case"
    assert titled.title.endswith("Écran large")
    (task,) = hits(inst, buyer, "check request")
    assert (task.kind, task.title, task.url) == ("task", "Check the request", "/cases/1/w4")
    assert hits(inst, buyer, "ecran nowhere") == []
    assert len(hits(inst, buyer, "ecran", limit=2)) == 2


def test_what_somebody_may_not_see_is_not_there_for_them(
    inst: Any, started: Callable[..., str], people: People, do: Do
) -> None:
    guest = invite("guest@example.org", "Guest")
    case = started(title="Merger")
    assert do(people["staff"], "case.comment", case, text="merger talk").ok
    assert hits(inst, guest, "merger") == hits(inst, guest, "check") == []
    assert kinds(inst, people["other"], "merger") == ["words", "case"]
    assert do(people["staff"], "case.restrict", case).ok
    assert hits(inst, people["other"], "merger") == hits(inst, people["other"], "check") == []
    assert kinds(inst, people["staff"], "merger") == ["words", "case"]
    assert do(people["staff"], "case.share", case, to="somebody-else", level="see").ok
    assert kinds(inst, people["other"], "merger") == ["words", "case"]


def test_what_one_may_not_see_hides_nothing_behind_it(
    inst: Any, started: Callable[..., str], people: People, do: Do
) -> None:
    own = started(title="Merger")
    hidden = started(title="Other")
    for number in range(60):
        assert do(people["staff"], "case.comment", hidden, text=f"merger {number}").ok
    assert do(people["staff"], "case.restrict", hidden).ok
    (found,) = hits(inst, people["other"], "merger")
    assert found.case == own


def test_what_is_said_on_parts_and_what_notes_say(
    inst: Any, started: Callable[..., str], people: People, do: Do, task_of: Any, card: Any
) -> None:
    case, buyer, lead = started(), people["buyer"], people["lead"]
    assert do(buyer, "step.comment", f"{case}:approve", text="Zanzibar first").ok
    assert do(buyer, "case.attach", case, file=b"x", name="list.bin").ok
    file = card(buyer, "case", case).story[-1].content
    assert do(buyer, "file.comment", f"{case}:{file}", text="Zanzibar second").ok
    found = hits(inst, people["other"], "zanzibar")
    assert [one.text for one in found] == ["Zanzibar second", "Zanzibar first"]
    assert all(one.url.startswith("/cases/1#m-") for one in found)
    assert do(buyer, "task.ask", task_of(case, "check"), to="team-lead", question="Guarantee?").ok
    (ask,) = [one.id for one in card(lead, "case", case).cards if one.object == "ask"]
    assert do(lead, "ask.comment", ask, text="Ask Timbuktu").ok
    assert do(buyer, "ask.helped", ask).ok
    (note,) = [one for one in hits(inst, people["other"], "timbuktu") if one.kind == "note"]
    assert (note.title, note.subject, note.text) == (
        "Guarantee?",
        "Check the request",
        "Ask Timbuktu",
    )
    assert "note" not in kinds(inst, invite("guest@example.org", "Guest"), "timbuktu")
    id = note.url.rpartition("/")[2]
    given = {"title": "Guarantee?", "text": "Ask Samarkand"}
    assert do(lead, "note.edit", id, **given).ok
    assert "note" not in kinds(inst, people["other"], "timbuktu")
    assert do(lead, "note.retire", id).ok
    assert "note" not in kinds(inst, people["other"], "samarkand")
