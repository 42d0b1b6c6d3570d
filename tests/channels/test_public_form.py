"""A process open to the outside: first the address is proved, then the form starts one case."""

import re
import time
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.test import Client
from msgspec import Struct
from msgspec.structs import replace

from genba.channels.pace import Pace
from genba.journal.contract import CaseQuery
from genba.journal.records import CaseRow
from genba.people.directory import Known, by_address
from genba.people.models import Person
from genba.runtime.installation import Installation
from genba.web.pages import outside

from .company import Post

pytestmark = pytest.mark.django_db(transaction=True)
STRANGER = "stranger@example.org"
FORM = {"title": "3 laptops", "amount": "300", "_name": "Sam Stranger"}


class Outsider(Struct):
    """Somebody with a browser and a mail address, and nothing else."""

    post: Post
    client: Client
    address: str = STRANGER

    def mails(self) -> list[EmailMessage]:
        who = Known(id="0", name="", address=self.address)
        return self.post.box(who)

    def ask(self, **more: str) -> int:
        given = {"address": self.address, **more}
        return int(self.client.post("/open/purchase", given).status_code)

    def link(self) -> str:
        body = self.mails()[0].get_content()
        found = re.search(r"/open/purchase/\S+", body)
        assert found is not None, body
        return found[0]

    def fill(self, link: str, **more: str) -> tuple[int, str]:
        answer = self.client.post(link, {**FORM, **more})
        return answer.status_code, answer.content.decode()


class Encoded(Client):
    """A browser whose forms are sent as HTML forms without files are."""

    def post(self, path: str, data: Any = None, **more: Any) -> Any:
        body = data if isinstance(data, str) else urlencode(data or {})
        return super().post(path, body, content_type="application/x-www-form-urlencoded", **more)


@pytest.fixture
def outsider(
    post: Post, deployed: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Outsider:
    monkeypatch.setattr(outside, "pace", Pace())
    settings.EMAIL_BACKEND = "genba.web.mailing.MailboxBackend"
    settings.GENBA_URL = post.site.url
    return Outsider(post, Encoded())


@pytest.fixture
def opened(people: dict[str, Known], done: Callable[..., None]) -> None:
    done("process.open", "purchase")


@pytest.fixture
def done(people: dict[str, Known]) -> Callable[..., None]:
    """An administrator does an act on a process."""
    from genba.acts.card import Assurance
    from genba.acts.inbound import Inbound
    from genba.acts.performance import perform

    def act(name: str, process: str) -> None:
        Person.objects.filter(pk=int(people["lead"].id)).update(is_administrator=True)
        outcome = perform(
            Inbound(
                channel="web",
                assurance=Assurance.SESSION,
                act=name,
                key=f"{name}{time.monotonic_ns()}",
                person=people["lead"].id,
                object="process",
                object_id=process,
            )
        )
        assert outcome.ok, outcome

    return act


def cases(inst: Installation) -> list[CaseRow]:
    with inst.journal.reading() as reading:
        return reading.cases(CaseQuery())


@pytest.mark.parametrize(
    ("language", "asked", "began"),
    [
        ("en", "Give your mail address", "Started: "),
        ("fr", "Donnez votre adresse de courriel", "Ouvert : "),
    ],
)
def test_from_the_page_to_the_case_and_the_link_that_follows_it(
    language: str, asked: str, began: str, outsider: Outsider, opened: None, inst: Installation
) -> None:
    outsider.client = Encoded(headers={"accept-language": language})
    page = outsider.client.get("/open/purchase")
    assert asked in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert outsider.ask() == 200
    assert cases(inst) == []
    assert by_address(STRANGER) is None, "nobody is made of an address that is not proved"
    link = outsider.link()
    shown = outsider.client.get(link).content.decode()
    assert 'name="amount"' in shown
    assert cases(inst) == [], "opening a link starts nothing"
    status, words = outsider.fill(link)
    assert (status, began in words) == (200, True), words
    (case,) = cases(inst)
    guest = by_address(STRANGER)
    assert guest is not None
    assert (guest.is_guest, guest.name, guest.locale) == (True, "Sam Stranger", language)
    assert case.started_by == guest.id

    # The mail has a link that shows the case to them, without an account.
    mail = outsider.mails()[0]
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"/m/[a-z2-7]{26}", body.get_content())
    assert found is not None
    assert "3 laptops" in Client().get(found[0]).content.decode()


def test_a_link_starts_one_case(outsider: Outsider, opened: None, inst: Installation) -> None:
    outsider.ask()
    link = outsider.link()
    assert outsider.fill(link, amount="many")[0] == 422
    assert cases(inst) == []
    assert outsider.fill(link)[0] == 200
    assert outsider.fill(link)[0] == 200, "the same form pressed twice is one case"
    assert outsider.fill(link, amount="301")[0] == 409
    assert len(cases(inst)) == 1


@pytest.mark.security("S15")
def test_what_is_not_open_is_not_there(
    outsider: Outsider, inst: Installation, done: Callable[..., None]
) -> None:
    for path in ("/open/purchase", "/open/nothing", "/open/purchase/x"):
        assert outsider.client.get(path).status_code == 404
        assert outsider.client.post(path, {"address": STRANGER}).status_code == 404
    done("process.open", "purchase")
    outsider.ask()
    link = outsider.link()
    done("process.close", "purchase")
    assert outsider.client.get(link).status_code == 404
    assert outsider.fill(link)[0] == 404
    assert cases(inst) == []


@pytest.mark.security("S12")
def test_a_link_that_is_not_ours_or_old_or_of_another_process_opens_nothing(
    outsider: Outsider, opened: None, inst: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    forged = signing.dumps(["purchase", STRANGER, "n"], salt="another")
    other = signing.dumps(["selling", STRANGER, "n"], salt=outside.SALT)
    for proof in (forged, other, "x"):
        assert outsider.fill(f"/open/purchase/{proof}")[0] == 404
    good = signing.dumps(["purchase", STRANGER, "n"], salt=outside.SALT)
    monkeypatch.setattr(outside, "PROVED", -1)
    assert outsider.fill(f"/open/purchase/{good}")[0] == 404
    assert cases(inst) == []


def sentence(answer: Any) -> str:
    """What a page of one sentence says."""
    found = re.search(r'<p role="status">(.*)</p>', answer.content.decode())
    assert found is not None
    return found[1]


@pytest.mark.security("S15")
def test_the_page_says_the_same_whoever_is_named(
    outsider: Outsider, opened: None, people: dict[str, Known]
) -> None:
    said = set()
    Person.objects.filter(pk=int(people["deputy"].id)).update(is_active=False)
    for address in (STRANGER, people["staff"].address, people["deputy"].address,
                    f"start+purchase@{outsider.post.site.domain}"):  # fmt: skip
        said.add(sentence(outsider.client.post("/open/purchase", {"address": address})))
    assert len(said) == 1
    trapped = outsider.client.post(
        "/open/purchase", {"address": "robot@example.org", outside.TRAP: "https://x.example"}
    )
    assert sentence(trapped) in said
    assert outsider.post.box(Known(id="0", name="", address="robot@example.org")) == []


def test_who_asks_too_often_waits(outsider: Outsider, opened: None) -> None:
    most = outside.BY_ADDRESS[0]
    for _try in range(most + 2):
        assert outsider.ask() == 200
    assert len(outsider.mails()) == most, "but nobody is told that there is a limit to a mailbox"
    statuses = [outsider.ask(address=f"a{n}@example.org") for n in range(outside.BY_NETWORK[0])]
    assert statuses[-1] == 429


@pytest.mark.security("S13")
def test_what_is_too_large_a_file_or_forged_is_refused_before_it_is_read(
    outsider: Outsider, opened: None, inst: Installation
) -> None:
    large = "address=" + "x" * outside.LARGEST
    answer = outsider.client.post("/open/purchase", large)
    assert answer.status_code == 413
    multipart = Client().post("/open/purchase", {"address": STRANGER})
    assert multipart.status_code == 415
    strict = Encoded(enforce_csrf_checks=True)
    assert strict.post("/open/purchase", {"address": STRANGER}).status_code == 403
    assert outsider.mails() == []
    assert outsider.client.post("/open/purchase", {"address": "no address"}).status_code == 422


def test_no_word_of_a_stranger_is_in_the_mail(outsider: Outsider, opened: None) -> None:
    outsider.ask(name="Buy now at https://evil.example")
    mail = outsider.mails()[0]
    assert "evil" not in mail.as_string()
    assert mail["Auto-Submitted"] == "auto-generated"


@pytest.mark.security("S14")
def test_only_who_administers_its_cases_opens_it(
    people: dict[str, Known], deployed: None, inst: Installation
) -> None:
    from genba.acts.objects import card_for

    def offered(who: Known) -> bool:
        card = card_for("process", "purchase", who)
        return card is not None and "process.open" in {offer.act for offer in card.offers}

    assert not any(offered(who) for who in people.values())
    assert offered(replace(people["lead"], is_administrator=True))
