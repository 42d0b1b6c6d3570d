"""What one can do with a decision, done by one mail in each language, through real SMTP."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec import Struct

from genba.acts.card import Assurance
from genba.acts.inbound import Inbound
from genba.acts.performance import perform
from genba.cases.deployment import deploy_drawing
from genba.journal.records import Entry, WorkRow
from genba.people.accounts import enrol
from genba.people.directory import Known
from genba.people.models import Person
from genba.people.sharing import sharing_of
from genba.runtime.installation import Installation

from .company import Post, Started, open_nodes, text_of, the_case, words

pytestmark = pytest.mark.django_db(transaction=True)
VOTE = Path(__file__).parents[1] / "drawings" / "deciding.bpmn"
LANGUAGES = ("en", "fr")
People = dict[str, Known]


class Row(Struct, frozen=True):
    """Mails in each language, what is answered to the last, and what became of the step.

    `taken`: it is open only to who has the step.
    """

    says: dict[str, tuple[str, ...]]
    answers: dict[str, str]
    became: Callable[[Installation, People], bool]
    taken: bool = False


def the_work(inst: Installation) -> WorkRow:
    with inst.journal.reading() as reading:
        (work,) = reading.works(the_case(inst).case)
    return work


def log(inst: Installation) -> list[Entry]:
    with inst.journal.reading() as reading:
        return reading.log(the_case(inst).case)


def given_for_good(inst: Installation, people: People) -> bool:
    return the_work(inst).assignee == people["colleague"].id and "too much" in words(inst)


def given_for_now(inst: Installation, people: People) -> bool:
    return the_work(inst).assignee == people["colleague"].id


def back_at_the_check(inst: Installation, people: People) -> bool:
    return open_nodes(inst) == ["check"] and "too vague" in words(inst)


def put_off(inst: Installation, people: People) -> bool:
    later = the_work(inst).later
    return later is not None and later.date() == date(2026, 3, 9)


def asked_too(inst: Installation, people: People) -> bool:
    with inst.journal.reading() as reading:
        works = reading.works(the_case(inst).case)
    return people["colleague"].id in {id for work in works for id in (work.assignee, *work.users)}


ROWS: dict[str, Row] = {
    "task.transfer": Row(
        {
            "en": ("transfer\nTo: colleague\nWhy: too much",),
            "fr": ("transférer\nÀ: colleague\nPourquoi: too much",),
        },
        {"en": "Colleague has it now.", "fr": "Colleague s’en occupe maintenant."},
        given_for_good,
        taken=True,
    ),
    "task.delegate": Row(
        {"en": ("delegate colleague",), "fr": ("déléguer colleague",)},
        {"en": "it comes back to you", "fr": "elle vous reviendra"},
        given_for_now,
    ),
    "task.send-back": Row(
        {
            "en": ("send back too vague", "Check the request"),
            "fr": ("renvoyer too vague", "Check the request"),
        },
        {"en": "“Check the request”", "fr": "« Check the request »"},
        back_at_the_check,
    ),
    "task.postpone": Row(
        {"en": ("postpone 2026-03-09",), "fr": ("remettre 2026-03-09",)},
        {"en": "Put off until", "fr": "Remis"},
        put_off,
    ),
    "task.add-signer": Row(
        {"en": ("add signer colleague",), "fr": ("ajouter signataire colleague",)},
        {"en": "Colleague is asked too", "fr": "est sollicité aussi"},
        asked_too,
    ),
}


@pytest.fixture
def company(people: People) -> People:
    """With a colleague who may approve, too."""
    colleague = enrol("colleague@example.org", None, name="Colleague", groups=["Team lead"])
    return {**people, "colleague": colleague, "en": people["lead"], "fr": people["deputy"]}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("act", ROWS)
def test_one_mail_does_it(
    act: str,
    language: str,
    inst: Installation,
    post: Post,
    company: People,
    to_approval: Started,
) -> None:
    to_approval()
    row, who = ROWS[act], company[language]
    work, card = the_work(inst), post.newest(who)
    if row.taken:
        do(who, "task.claim", f"{work.case}:{work.work}")
    for said in row.says[language]:
        post.reply(who, card, said)
        card = post.newest(who)
    answer = " ".join(text_of(post.newest(who)).split())
    assert row.answers[language] in answer
    assert row.became(inst, company), (open_nodes(inst), words(inst))
    assert act in {entry.envelope.act for entry in log(inst)}
    assert {entry.envelope.channel for entry in log(inst) if entry.envelope.act == act} == {"mail"}


def do(who: Known, act: str, id: str, **given: str) -> None:
    outcome = perform(
        Inbound(
            channel="web",
            assurance=Assurance.SESSION,
            act=act,
            given=dict(given),
            key=f"{act}{id}",
            person=who.id,
            object=act.partition(".")[0],
            object_id=id,
        )
    )
    assert outcome.ok, outcome


@pytest.mark.parametrize(("language", "says", "hears"), [
    ("en", "remind", "reminds you:"),
    ("fr", "rappeler", "vous rappelle :"),
])  # fmt: skip
def test_who_has_taken_it_is_reminded_by_mail(
    language: str, says: str, hears: str, inst: Installation, post: Post, company: People,
    to_approval: Started,
) -> None:  # fmt: skip
    to_approval()
    taker = company["colleague"]
    Person.objects.filter(pk=int(taker.id)).update(locale=language)
    work = the_work(inst)
    card = post.newest(company[language])
    do(taker, "task.claim", f"{work.case}:{work.work}")
    post.reply(company[language], card, says)
    assert hears in text_of(post.newest(taker))


@pytest.mark.parametrize(("language", "says", "hears"), [
    ("en", "share buyer@example.org", "Buyer may see this case now."),
    ("fr", "partager buyer@example.org", "peut voir ce dossier"),
])  # fmt: skip
def test_a_case_is_shared_by_mail(
    language: str, says: str, hears: str, inst: Installation, post: Post, company: People,
    to_approval: Started,
) -> None:  # fmt: skip
    staff = company["staff"]
    Person.objects.filter(pk=int(staff.id)).update(locale=language)
    to_approval()
    started = post.box(staff)[-1]
    post.reply(staff, started, says)
    assert hears in text_of(post.newest(staff))
    with inst.journal.reading() as reading:
        shared = sharing_of(the_case(inst).case, reading)
    assert shared.grants == {f"person/{company['buyer'].id}": "see"}


@pytest.mark.parametrize(("language", "says"), [("en", "approve"), ("fr", "approuver")])
def test_a_deputy_decides_by_mail_and_both_names_are_kept(
    language: str, says: str, inst: Installation, post: Post, company: People,
    to_approval: Started,
) -> None:  # fmt: skip
    stand_in = enrol("stand@example.org", None, name="Stand In", groups=[], locale=language)
    do(company["lead"], "person.name-deputy", company["lead"].id, to=stand_in.handle)
    to_approval()
    post.reply(stand_in, post.newest(stand_in), says)
    assert open_nodes(inst) == ["order"]
    (decided,) = {
        (entry.envelope.actor, entry.envelope.behalf)
        for entry in log(inst)
        if entry.envelope.act == "task.approve"
    }
    assert decided == (stand_in.id, company["lead"].id)


@pytest.mark.parametrize(("language", "says", "no"), [
    ("en", "approve", "reject too dear"),
    ("fr", "approuver", "refuser trop cher"),
])  # fmt: skip
def test_a_board_votes_by_mail(
    language: str, says: str, no: str, inst: Installation, post: Post, people: People
) -> None:
    made = deploy_drawing(inst, VOTE.read_bytes(), VOTE.name, "")
    assert not isinstance(made, tuple), made
    board = [
        enrol(f"{name}@example.org", None, name=name, groups=["Board"], locale=language)
        for name in ("one", "two", "three")
    ]
    post.write(people["staff"], "start+deciding@genba.test", "Please", subject="A machine")
    for _step in ("check", "compare"):
        post.reply(people["buyer"], post.newest(people["buyer"]), "done")
    cards = [post.newest(who) for who in board]
    post.reply(board[0], cards[0], no)
    post.reply(board[1], cards[1], says)
    assert set(open_nodes(inst)) == {"vote"}, "two of three must agree"
    post.reply(board[2], cards[2], says)
    assert open_nodes(inst) == ["sign"]
