"""Where work leaks: counted for a process, never for a person, and not where few people act."""

from email.message import EmailMessage

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from genba.channels.leaks import FEWEST, Leak, leaks
from genba.channels.mail.leaking import leaking
from genba.channels.mail.letters import Letter, open_letter
from genba.journal.records import Attempt
from genba.people.accounts import enrol
from genba.people.directory import Known
from genba.people.models import Person
from genba.runtime.installation import Installation

from .company import Post, Started, the_case

pytestmark = pytest.mark.django_db(transaction=True)


def letter(text: str, to: str = "genba@genba.test", *, files: int = 0) -> Letter:
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", to
    message.set_content(text)
    for number in range(files):
        message.add_attachment(b"x", maintype="text", subtype="csv", filename=f"{number}.csv")
    return open_letter(message.as_bytes(), "a@example.org")


@pytest.mark.parametrize(
    ("found", "signs"),
    [
        (letter("Approve"), []),
        (letter("Here are the two offers we talked about.", files=2), []),
        (letter("See attached", files=1), ["see-attachment"]),
        (letter("Siehe Anhang, dort steht alles, was wir brauchen.", files=1), ["see-attachment"]),
        (letter("OK", files=1), ["see-attachment"]),
        (letter("See attached"), []),
        (letter("Yes", to="genba@genba.test, b@example.org"), ["to-a-person"]),
        (letter("Yes", to="genba@genba.test, a@example.org"), []),
    ],
)
def test_signs_that_work_went_on_outside(found: Letter, signs: list[str]) -> None:
    assert list(leaking(found, "genba.test")) == signs


@given(st.binary(max_size=300))
def test_any_mail_is_looked_at(raw: bytes) -> None:
    assert set(leaking(open_letter(raw, "a"), "genba.test")) <= {"see-attachment", "to-a-person"}


def attempt(inst: Installation, person: Known, outcome: str = "done", channel: str = "web") -> None:
    with inst.journal.writing() as tx:
        tx.note_attempt(
            Attempt(
                at=inst.clock.now(), channel=channel, identity="", person=person.id,
                object="task", object_id=f"{the_case(inst).case}:none", act="task.complete",
                outcome=outcome,
            )
        )  # fmt: skip


def found(inst: Installation, reader: Known) -> tuple[tuple[Leak, ...], int]:
    with inst.journal.reading() as reading:
        told = leaks(reader, reading)
    return told.processes, told.too_few


def test_what_leaks_is_counted_once_enough_people_act(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()  # two steps by mail
    lead = people["lead"]
    card = post.newest(lead)
    post.reply("stranger@example.com", card, "approve")  # it was forwarded
    post.reply(lead, card, "More by phone", Cc="boss@example.com")
    done = Client()
    done.force_login(Person.objects.get(email="lead@example.org"))
    _done_on_the_page(done, inst)
    assert found(inst, people["staff"]) == ((), 1)

    others = [enrol(f"p{n}@example.org", None, name=f"P {n}") for n in range(FEWEST)]
    for other in others[: FEWEST - 3]:
        attempt(inst, other, outcome="forbidden")
    (one,), too_few = found(inst, people["staff"])
    assert too_few == 0
    assert (one.acts, one.reachable, one.there) == (3, 3, 2)
    assert (one.forwarded, one.in_a_file, one.to_a_person) == (1, 0, 1)
    names = {person.name for person in people.values()} | {lead.id}
    assert not names & set(map(str, (one.process, one.name)))


def _done_on_the_page(client: Client, inst: Installation) -> None:
    with inst.journal.reading() as reading:
        (work,) = reading.works(the_case(inst).case)
    path = f"/acts/task/{work.case}:{work.work}/task.approve"
    answered = client.post(path, {"_key": "k1"})
    assert answered.status_code == 303


def test_the_page_and_the_interface_tell_the_same(
    inst: Installation, post: Post, people: dict[str, Known], to_approval: Started
) -> None:
    to_approval()
    for number in range(FEWEST):
        attempt(inst, enrol(f"p{number}@example.org", None, name=f"P {number}"))
    reader = Client()
    reader.force_login(Person.objects.get(email="staff@example.org"))
    told = reader.get("/api/leaks").json()
    (one,) = told["processes"]
    assert one["acts"] == FEWEST + 2
    page = reader.get("/leaks").content.decode()
    assert f"<td>{one['acts']}</td><td>{one['reachable']}</td><td>{one['there']}</td>" in page
    assert "staff@example.org" not in page
    guest = enrol("guest@example.com", None, name="Guest")
    Person.objects.filter(email=guest.address).update(is_guest=True)
    outside = Client()
    outside.force_login(Person.objects.get(email="guest@example.com"))
    assert outside.get("/leaks").status_code == 404
    assert outside.get("/api/leaks").status_code == 404
