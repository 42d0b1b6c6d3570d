"""The live stream over a real socket: it resumes, keeps its own counsel, and ends with the server.

Slow by nature (a process of its own), so all of it is one story.
"""

import http.client
import http.cookiejar
import re
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.serving import Served, add_person, genba, served

DRAWING = Path(__file__).parents[1] / "drawings" / "purchase.bpmn"
PATIENCE = 4.0  # seconds; the server itself would wait five for streams that do not end


class Browser:
    """As much of a browser as signing in and posting forms needs."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=20) as answer:
            return str(answer.read().decode())

    def post(self, path: str, page: str, act: str = "", **fields: str) -> str:
        form = re.search(rf'<form [^>]*data-act="{act}".*?</form>', page, re.S) if act else None
        hidden = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[0] if form else page))
        body = urllib.parse.urlencode({**hidden, **fields}).encode()
        with self.opener.open(self.address + path, body, timeout=20) as answer:
            return str(answer.read().decode())

    @property
    def cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)


@contextmanager
def listening(
    server: Served, browser: Browser, path: str, **headers: str
) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=20)
    connection.request("GET", path, headers={"Cookie": browser.cookies, **headers})
    with closing(connection), connection.getresponse() as answer:
        yield answer


def events(answer: http.client.HTTPResponse) -> Iterator[dict[str, str]]:
    event: dict[str, str] = {}
    while line := answer.readline().decode():
        name, _colon, value = line.rstrip("\n").partition(": ")
        if line != "\n":
            event[name] = value
        elif "id" in event:
            yield event
            event = {}


def test_a_stream_resumes_and_ends_with_the_server(tmp_path: Path) -> None:
    home = tmp_path / "var"
    password = add_person(home, "clerk@example.org", "Clerk", "Staff", "Buying")
    genba(home, "deploy", str(DRAWING))
    with served(home) as server:
        browser = Browser(server.address)
        sign_in = browser.get("/account/login/")
        browser.post("/account/login/", sign_in, login="clerk@example.org", password=password)
        page = browser.get("/processes/purchase")
        start = "/acts/process/purchase/process.start"
        page = browser.post(start, page, "process.start", title="3 laptops", amount="1")
        case = re.search(r"/acts/case/(\w+)/case\.comment", page)
        assert case

        with listening(server, browser, f"/live?case={case[1]}") as answer:
            assert answer.getheader("Content-Type") == "text/event-stream"
            page = browser.post(case[0], page, "case.comment", text="one")
            told = next(events(answer))
        assert told["event"] == "changed"
        assert case[1] in told["data"]

        with listening(server, Browser(server.address), "/live") as answer:
            assert answer.status == 401

        page = browser.post(case[0], page, "case.comment", text="two")
        resumed = {"Last-Event-ID": told["id"]}
        with listening(server, browser, "/live", **resumed) as answer:
            later = next(events(answer))
            assert int(later["id"]) > int(told["id"])
            code, seconds, complaints = server.stop()
    assert (code, complaints) == (0, "")
    assert seconds < PATIENCE
