"""Talking on a case."""

from collections.abc import Callable
from typing import Any

import pytest

from genba.acts.inbound import Outcome, Verdict
from genba.journal.records import OutboxRow
from genba.people.directory import Known, invite
from genba.runtime.installation import Installation
from genba.runtime.notices import WordsNotice, read_notice
from genba.talk.files import LARGEST, media_type_of, safe_name

People = dict[str, Known]
Do = Callable[..., Outcome]


def words_notices(inst: Installation) -> list[WordsNotice]:
    with inst.journal.reading() as reading:
        rows: list[OutboxRow] = reading.due_outbox(inst.clock.now(), 1000)
    return [read_notice(row) for row in rows if row.kind == "words"]


def test_a_guest_sees_only_what_concerns_them(
    started: Callable[..., str], people: People, do: Do, task_of: Callable[[str, str], str]
) -> None:
    case, guest = started(), invite("guest@example.org", "Guest")
    assert do(guest, "case.comment", case, text="hello").verdict is Verdict.UNKNOWN_OBJECT
    assert do(people["buyer"], "case.ask", case, to="guest", question="Which model?").ok
    assert do(guest, "case.comment", case, text="The second").ok
    assert do(guest, "task.complete", task_of(case, "check")).verdict is Verdict.FORBIDDEN


def test_a_comment_tells_who_is_mentioned(
    inst: Installation,
    started: Callable[..., str],
    people: People,
    do: Do,
    card: Callable[..., Any],
) -> None:
    case, buyer = started(), people["buyer"]
    outcome = do(buyer, "case.comment", case, text='@"Team lead" and @staff-member: **which**?')
    assert outcome.message == "Added. Told: Staff member, Team lead."
    (notice,) = words_notices(inst)
    assert set(notice.mentioned) == {people["staff"].id, people["lead"].id}
    assert notice.author == buyer.id
    shown = card(people["lead"], "case", case)
    assert shown.followed
    assert shown.followers == 3
    said = shown.story[-1]
    assert (said.kind, said.who, said.text) == (
        "words",
        "Buyer",
        '@"Team lead" and @staff-member: **which**?',
    )
    assert said.seq == notice.seq


def test_words_are_kept_beside_the_log_and_can_be_erased(
    inst: Installation,
    started: Callable[..., str],
    people: People,
    do: Do,
    card: Callable[..., Any],
) -> None:
    case = started()
    assert do(people["buyer"], "case.comment", case, text="my telephone number").ok
    with inst.journal.reading() as reading:
        assert all(b"telephone" not in entry.body for entry in reading.log(case))  # type: ignore[arg-type]
        (content,) = reading.contents(case)  # type: ignore[arg-type]
    assert card(people["lead"], "case", case).said[-1].text == "my telephone number"
    with inst.journal.writing() as tx:
        tx.erase_content(case, content.id)  # type: ignore[arg-type]
    assert card(people["lead"], "case", case).said == ()


def test_an_empty_comment_is_asked_back(
    started: Callable[..., str], people: People, do: Do
) -> None:
    assert do(people["buyer"], "case.comment", started(), text=" ").errors == {
        "text": "This is needed."
    }


def test_talking_works_from_a_task_and_after_the_end(
    started: Callable[..., str], people: People, do: Do, task_of: Callable[[str, str], str]
) -> None:
    case = started()
    task = task_of(case, "check")
    assert do(people["buyer"], "case.comment", task, object="task", text="from the task").ok
    assert do(people["staff"], "case.withdraw", case).ok
    assert do(people["buyer"], "case.comment", task, object="task", text="afterwards").ok


def test_asking_a_person_and_a_team(
    inst: Installation,
    started: Callable[..., str],
    people: People,
    do: Do,
    card: Callable[..., Any],
) -> None:
    case, staff = started(), people["staff"]
    missing = do(staff, "case.ask", case, to="nobody-here", question="?")
    assert set(missing.errors) == {"to"}
    assert do(staff, "case.ask", case, to="lead@example.org", question="May I?").ok
    assert (
        do(staff, "case.ask", case, to="@Buying", question="Which one?").message == "Asked Buying."
    )
    assert set(words_notices(inst)[-1].mentioned) == {people["buyer"].id, people["helper"].id}
    story = [
        moment.text
        for moment in card(people["helper"], "case", case).story
        if moment.kind == "words"
    ]
    assert story == ["**À Team lead :** May I?", "**À Buying :** Which one?"]


def test_following(
    started: Callable[..., str], people: People, do: Do, card: Callable[..., Any]
) -> None:
    case, other = started(), people["other"]
    assert do(other, "case.unfollow", case).verdict is Verdict.FORBIDDEN
    assert do(other, "case.follow", case).undo == "case.unfollow"
    assert do(other, "case.follow", case).verdict is Verdict.FORBIDDEN
    assert card(other, "case", case).why == "You follow it."
    assert card(people["staff"], "case", case).why == "You started it."
    assert do(other, "case.unfollow", case).ok
    assert not card(other, "case", case).followed


def test_a_file_with_a_very_long_name_keeps_its_ending(
    started: Callable[..., str], people: People, do: Do, card: Callable[..., Any]
) -> None:
    case, staff = started(), people["staff"]
    assert do(staff, "case.attach", case, file=b"%PDF", name="n" * 251 + ".pdf").ok
    (file,) = [one.file for one in card(staff, "case", case).story if one.kind == "file"]
    assert file.endswith(".pdf")
    assert len(file) <= 120


def test_attaching(
    inst: Installation,
    started: Callable[..., str],
    people: People,
    do: Do,
    card: Callable[..., Any],
) -> None:
    case, staff = started(), people["staff"]
    assert do(
        staff, "case.attach", case, file=b"%PDF", name="../../offer.pdf", comment="see page 2"
    ).ok
    moments = [one for one in card(staff, "case", case).story if one.kind != "event"]
    assert (moments[0].file, moments[0].media_type, moments[0].size) == (
        "offer.pdf",
        "application/pdf",
        4,
    )
    assert moments[1].text == "see page 2"
    with inst.journal.reading() as reading:
        kept = reading.content(case, moments[0].content)  # type: ignore[arg-type]
    assert kept is not None
    assert kept.body == b"%PDF"
    too_large = do(staff, "case.attach", case, file=b"x" * (LARGEST + 1), name="a.bin")
    assert too_large.errors == {"file": "The file is larger than 10 MB."}
    assert set(do(staff, "case.attach", case, name="a.bin").errors) == {"file"}


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("offer.pdf", "offer.pdf"),
        ("C:\\secret\\offer.pdf", "offer.pdf"),
        ("/etc/passwd", "passwd"),
        ("..", "file"),
        ("", "file"),
        (".htaccess", "htaccess"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\r\nb: c.txt", "ab c.txt"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("x" * 300, "x" * 120),
        ("résumé.txt", "résumé.txt"),
    ],
)
def test_names_are_made_safe(written: str, safe: str) -> None:
    assert safe_name(written) == safe


@pytest.mark.parametrize(
    ("name", "claimed", "media_type"),
    [
        ("a.pdf", "text/html", "application/pdf"),
        ("a", "image/png; x=1", "image/png"),
        ("a", "nonsense", "application/octet-stream"),
    ],
)
def test_the_type_of_a_file_is_what_its_name_says(name: str, claimed: str, media_type: str) -> None:
    assert media_type_of(name, claimed) == media_type


def test_roles_in_a_case_are_mentioned_in_either_language(
    started: Callable[..., str],
    people: People,
    do: Do,
    card: Callable[..., Any],
    task_of: Callable[[str, str], str],
) -> None:
    case, lead, buyer = started(), people["lead"], people["buyer"]
    said = do(lead, "case.comment", case, text="@requester for whom?")
    assert said.message == "Added. Told: Staff member."
    said = do(lead, "case.comment", case, text="@responsable quand ?")
    assert said.message == "Added."  # nobody has taken it
    assert do(buyer, "task.claim", task_of(case, "check")).ok
    said = do(lead, "case.comment", case, text="@assignee when?")
    assert said.message == "Added. Told: Buyer."
    said = do(buyer, "case.comment", case, text="@abonnés c'est fait")
    assert said.message == "Added. Told: Staff member, Team lead."
    said = do(lead, "case.comment", case, text="`@requester` in code")
    assert said.message == "Added."
