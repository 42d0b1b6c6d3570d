"""A to-do list over CalDAV, request by request."""

import base64
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from icalendar import Calendar
from msgspec import Struct

from tests.channels.company import Post, attempts, text_of

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/dav/lists/tasks/"
D, C = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}"
SYNC = '<sync-collection xmlns="DAV:"><sync-token>{}</sync-token><sync-level>1</sync-level><prop><getetag/></prop></sync-collection>'  # noqa: E501


class Device(Struct):
    """A to-do program with its password."""

    secret: str

    def ask(self, method: str, path: str, body: Any = "", **headers: str) -> Any:
        pair = base64.b64encode(f"whoever:{self.secret}".encode()).decode()
        return Client().generic(
            method, path, body, headers={"Authorization": f"Basic {pair}", **headers}
        )

    def items(self) -> dict[str, Any]:
        """The to-dos by what they are called: their address, tag and file."""
        asked = (
            '<c:calendar-query xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
            '<prop><getetag/><c:calendar-data/></prop><c:filter><c:comp-filter name="VCALENDAR">'
            '<c:comp-filter name="VTODO"/></c:comp-filter></c:filter></c:calendar-query>'
        )
        answer = self.ask("REPORT", LIST, asked, Depth="1")
        assert answer.status_code == 207, answer.content
        found = {}
        for one in ElementTree.fromstring(answer.content).iter(f"{D}response"):
            file = next(one.iter(f"{C}calendar-data")).text
            tag, href = next(one.iter(f"{D}getetag")).text, next(one.iter(f"{D}href")).text
            (todo,) = Calendar.from_ical(file).walk("VTODO")
            found[str(todo["summary"]).partition(" · ")[0]] = (href, tag, todo, file)
        return found

    def tick(self, name: str, **headers: str) -> Any:
        """Tick a to-do off."""
        href, tag, _todo, file = self.items()[name]
        ticked = file.replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED")
        return self.ask("PUT", href, ticked, **{"If-Match": tag, **headers})


@pytest.fixture
def device(secret: Any) -> Callable[[str], Device]:
    """The to-do program of somebody."""
    return lambda who: Device(secret(who, "todo"))


def test_it_is_found_from_its_root(errand: Any, device: Any) -> None:
    errand()
    asked = device("buyer")
    found = asked.ask("PROPFIND", "/.well-known/caldav")
    assert (found.status_code, found["Location"]) == (307, "/dav/")
    root = asked.ask(
        "PROPFIND",
        "/dav/",
        '<propfind xmlns="DAV:"><prop><current-user-principal/><quota/></prop></propfind>',
        Depth="0",
    )
    assert root.status_code == 207
    assert b"<D:href>/dav/me/</D:href>" in root.content
    assert b"404 Not Found" in root.content  # of the quota
    assert b"/dav/lists/" in asked.ask("PROPFIND", "/dav/me/", Depth="0").content
    home = asked.ask("PROPFIND", "/dav/lists/", Depth="1").content
    assert b"<C:calendar />" in home
    assert b'<C:comp name="VTODO" />' in home
    assert "calendar-access" in asked.ask("OPTIONS", LIST)["DAV"]
    assert asked.ask("MKCALENDAR", "/dav/lists/").status_code == 405
    assert asked.ask("PROPFIND", "/dav/", "<!DOCTYPE x><x/>").status_code == 400


def test_ticking_does_what_needs_no_answer(
    inst: Any, errand: Any, device: Any, people: Any, card: Any, task_of: Any
) -> None:
    case = errand()
    packing = task_of(case, "pack")
    buyer = device("buyer")
    assert buyer.items()["Pack it"][2]["status"] == "NEEDS-ACTION"
    done = buyer.tick("Pack it")
    assert done.status_code == 204
    assert "ETag" not in done
    assert "Done by you from a to-do list" in card(people["buyer"], "task", packing).status
    after = buyer.items()["Pack it"][2]
    assert (after["status"], after["percent-complete"]) == ("COMPLETED", 100)
    assert [one.channel for one in attempts(inst)][:1] == ["todo"]


@pytest.mark.security("S13")
def test_a_tick_that_is_not_enough_comes_back_open_with_a_note_and_a_mail(
    inst: Any, post: Post, errand: Any, device: Any, people: Any, do: Any, task_of: Any, card: Any
) -> None:
    case = errand()
    assert do(people["buyer"], "task.complete", task_of(case, "pack")).ok
    signing = task_of(case, "sign")
    lead = device("lead")
    post.box(people["lead"])
    _href, tag, before, _file = lead.items()["Sign it"]
    assert "Approve, Reject" in before["description"]
    answer = lead.tick("Sign it")
    assert answer.status_code == 204
    _href, again, after, _file = lead.items()["Sign it"]
    assert again != tag
    assert after["status"] == "NEEDS-ACTION"
    assert after["sequence"] > before["sequence"]
    assert "You ticked this off. It is open again:" in after["description"]
    assert card(people["lead"], "task", signing).open
    assert attempts(inst)[0].channel == "todo"
    boxes = {who: len(post.box(people[who])) for who in ("lead", "deputy")}
    assert "You ticked this off" in text_of(post.newest(people["lead"]))
    assert lead.tick("Sign it").status_code == 204
    assert {
        who: len(post.box(people[who])) for who in boxes
    } == boxes  # once a day, and to no other
    assert do(people["lead"], "task.approve", signing).ok


def test_what_is_decided_elsewhere_is_gone_and_a_late_tick_is_no_error(
    errand: Any, device: Any, people: Any, do: Any, task_of: Any
) -> None:
    case = errand()
    buyer = device("buyer")
    href, tag, _todo, _file = buyer.items()["Pack it"]
    token = buyer.ask("PROPFIND", LIST, Depth="0").content
    token = token.partition(b"<D:sync-token>")[2].partition(b"<")[0].decode()
    assert do(people["buyer"], "task.complete", task_of(case, "pack")).ok
    signing = device("lead").items()["Sign it"]
    assert do(people["deputy"], "task.reject", task_of(case, "sign"), reason="no").ok
    assert device("lead").items() == {}
    late = signing[3].replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED")
    for headers in ({"If-Match": signing[1]}, {"If-None-Match": "*"}):
        assert device("lead").ask("PUT", signing[0], late, **headers).status_code == 204
    assert device("lead").ask("GET", signing[0]).status_code == 404
    changed = buyer.ask("REPORT", LIST, SYNC.format(token))
    assert changed.status_code == 207
    assert f"<D:href>{href}</D:href>".encode() in changed.content
    assert tag.encode() not in changed.content


def test_the_changes_since_a_version(
    errand: Any, device: Any, people: Any, do: Any, task_of: Any
) -> None:
    case = errand()
    assert do(people["buyer"], "task.complete", task_of(case, "pack")).ok
    lead = device("lead")
    first = ElementTree.fromstring(lead.ask("REPORT", LIST, SYNC.format("")).content)
    assert len(list(first.iter(f"{D}response"))) == 1
    token = first.findtext(f"{D}sync-token")
    same = ElementTree.fromstring(lead.ask("REPORT", LIST, SYNC.format(token)).content)
    assert list(same.iter(f"{D}response")) == []
    assert same.findtext(f"{D}sync-token") == token
    assert do(people["deputy"], "task.reject", task_of(case, "sign"), reason="no").ok
    after = ElementTree.fromstring(lead.ask("REPORT", LIST, SYNC.format(token)).content)
    (gone,) = after.iter(f"{D}response")
    assert "404" in str(gone.findtext(f"{D}status"))
    unknown = lead.ask("REPORT", LIST, SYNC.format("urn:genba:list:nothing"))
    assert (unknown.status_code, b"valid-sync-token" in unknown.content) == (403, True)


def test_what_else_is_changed_comes_back_as_it_was(errand: Any, device: Any) -> None:
    errand()
    buyer = device("buyer")
    href, tag, _todo, file = buyer.items()["Pack it"]
    renamed = file.replace("SUMMARY:Pack it", "SUMMARY:Throw it away")
    assert buyer.ask("PUT", href, renamed, **{"If-Match": tag}).status_code == 204
    assert buyer.ask("DELETE", href).status_code == 204
    assert buyer.items()["Pack it"][3] == file
    got = buyer.ask("GET", href, **{"Accept-Encoding": "gzip"})
    assert (got["ETag"], got.content.decode()) == (tag, file.replace("\n", "\r\n"))
    assert buyer.ask("PUT", href, file, **{"If-Match": '"older"'}).status_code == 412
    assert buyer.ask("PUT", href, "no calendar").status_code == 415
    own = buyer.ask("PUT", f"{LIST}milk.ics", file, **{"If-None-Match": "*"})
    assert (own.status_code, b"need-privileges" in own.content) == (403, True)
    props = '<propertyupdate xmlns="DAV:"><set><prop><displayname>x</displayname></prop></set></propertyupdate>'  # noqa: E501
    assert buyer.ask("PROPPATCH", LIST, props).status_code == 207


@pytest.mark.security("S12")
def test_its_password_opens_nothing_else_and_nothing_else_opens_it(
    errand: Any, secret: Any, device: Any, people: Any, do: Any, task_of: Any
) -> None:
    case = errand()
    own = device("buyer")
    for other in (secret("buyer", "read", "act"), secret("buyer", "calendar"), "genba_nothing", ""):
        refused = Device(other).ask("PROPFIND", LIST)
        assert (refused.status_code, refused["WWW-Authenticate"][:5]) == (401, "Basic")
    bearer = {"Authorization": f"Bearer {own.secret}"}
    assert Client().get("/api/cards", headers=bearer).status_code == 403
    path = f"/api/task/{task_of(case, 'pack')}/complete"
    sent = Client().post(path, "{}", content_type="application/json", headers=bearer)
    assert sent.status_code == 403
    assert Client().get(f"/calendar/{own.secret}.ics").status_code == 404


@pytest.mark.security("S5")
def test_a_tick_needs_the_right_of_now(
    errand: Any, device: Any, people: Any, task_of: Any, card: Any
) -> None:
    from genba.people.models import Person

    case = errand()
    buyer = device("buyer")
    href, tag, _todo, file = buyer.items()["Pack it"]
    Person.objects.get(pk=int(people["buyer"].id)).teams.clear()
    ticked = file.replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED")
    assert buyer.ask("PUT", href, ticked, **{"If-Match": tag}).status_code == 204
    assert buyer.items() == {}
    assert card(people["lead"], "task", task_of(case, "pack")).open


@pytest.mark.security("S2")
def test_the_same_tick_twice_is_one(
    inst: Any, errand: Any, device: Any, people: Any, task_of: Any
) -> None:
    case = errand()
    buyer = device("buyer")
    href, tag, _todo, file = buyer.items()["Pack it"]
    ticked = file.replace("STATUS:NEEDS-ACTION", "STATUS:COMPLETED")
    sent = [buyer.ask("PUT", href, ticked, **{"If-Match": tag}).status_code for _time in range(2)]
    assert sent == [204, 412]  # it is another one by now
    assert buyer.ask("PUT", href, ticked).status_code == 204
    with inst.journal.reading() as reading:
        ended = [one for one in reading.log(case) if one.type == "work-completed"]
    assert len(ended) == 1
