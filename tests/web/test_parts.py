"""The pages of a step and of a file: what is shown of a file, and under which policy."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from genba.journal.records import CaseId, Content
from genba.web.previews import LONGEST_TEXT, preview_of

Browse = Callable[..., Client]
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<html><script>alert(1)</script>\x01</html>"


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


@pytest.fixture
def put(started: Any, do: Any, people: Any, card: Any) -> Callable[[bytes, str], str]:
    """Attach a file to a case; gives the path of its download."""
    case = started()

    def attached(body: bytes, name: str) -> str:
        assert do(people["buyer"], "case.attach", case, file=body, name=name).ok
        return f"/cases/1/files/{card(people['buyer'], 'case', case).story[-1].content}"

    return attached


def test_the_page_of_a_step_takes_words_and_shows_them(browse: Browse, started: Any) -> None:
    started()
    client = browse("buyer")
    shown = page(client, "/cases/1/steps/approve")
    assert "<h1>Approve the purchase</h1>" in shown
    form = re.search(r'<form [^>]*data-act="step.comment".*?</form>', shown, re.S)
    assert form
    hidden = dict(re.findall(r'<input type="hidden" name="(_\w+)" value="([^"]*)"', form[0]))
    action = re.search(r'action="([^"]+)"', form[0])
    assert action
    answer = client.post(action[1], {**hidden, "text": "Who will?"})
    assert (answer.status_code, answer["Location"]) == (303, "/cases/1/steps/approve")
    assert "Who will?" in page(client, "/cases/1/steps/approve")
    whole = page(client, "/cases/1")
    assert 'on <a href="/cases/1/steps/approve">Approve the purchase</a>' in " ".join(whole.split())
    assert 'data-steps="/cases/1/steps/"' in whole
    again = client.post(action[1], {**hidden, "_key": "other", "text": ""})
    assert again.status_code == 422
    assert client.get("/cases/1/steps/nowhere").status_code == 404
    assert "Qui" not in page(browse("helper"), "/cases/1/steps/approve")
    assert "pas encore atteinte" in page(browse("helper"), "/cases/1/steps/approve")


def test_quoting_is_a_link_that_fills_the_form(
    browse: Browse, started: Any, do: Any, people: Any, card: Any
) -> None:
    case = started()
    assert do(people["staff"], "case.comment", case, text="Which model?").ok
    content = card(people["buyer"], "case", case).story[-1].content
    shown = page(browse("buyer"), f"/cases/1?quote={content}")
    assert f'<input type="hidden" name="quote" value="{content}">' in shown
    assert "Do not quote" in shown
    assert "Do not quote" not in page(browse("buyer"), "/cases/1?quote=nothing")


def test_a_picture_is_shown_under_a_policy_that_lets_it_do_nothing(
    browse: Browse, put: Callable[[bytes, str], str]
) -> None:
    client, path = browse("buyer"), put(PNG, "screen.html")
    assert f'<img src="{path}/view" alt="screen.html">' in page(client, f"{path}/page")
    answer = client.get(f"{path}/view")
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("body", "name"), [(SVG, "a.png"), (HTML, "a.pdf"), (b"\x00\x01", "a.gif")]
)
def test_what_says_it_is_a_picture_and_is_none_is_only_a_download(
    body: bytes, name: str, browse: Browse, put: Callable[[bytes, str], str]
) -> None:
    client, path = browse("buyer"), put(body, name)
    answer = client.get(f"{path}/view")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    shown = page(client, f"{path}/page")
    assert f"{path}/view" not in shown
    assert "<script>alert" not in shown


def test_a_pdf_is_shown_by_the_browser_in_a_frame_of_our_page(
    browse: Browse, put: Callable[[bytes, str], str]
) -> None:
    client, path = browse("buyer"), put(b"%PDF-1.7 ...", "offer.pdf")
    whole = client.get(f"{path}/page")
    assert f'<iframe src="{path}/view"' in whole.content.decode()
    assert "frame-src 'self'" in whole["Content-Security-Policy"]
    answer = client.get(f"{path}/view")
    assert (answer["Content-Type"], answer["X-Frame-Options"]) == ("application/pdf", "SAMEORIGIN")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer["Content-Disposition"].startswith("inline")


def test_a_text_is_shown_as_text(browse: Browse, put: Callable[[bytes, str], str]) -> None:
    path = put("prix de l'écran <b>".encode(), "offre.txt")
    assert "prix de l&#39;écran &lt;b&gt;</pre>" in page(browse("buyer"), f"{path}/page")
    long = Content(case=CaseId("c"), id="x", kind="file", body=b"a" * (LONGEST_TEXT + 1))
    assert preview_of(long).more
    cut = Content(case=CaseId("c"), id="x", kind="file", body="é".encode()[:1])
    assert preview_of(cut).kind in ("", "text")


def test_a_file_of_a_row_of_a_table_has_a_page_too(
    inst: Any, browse: Browse, do: Any, people: Any, card: Any
) -> None:
    from genba.cases.deployment import deploy_file
    from tests.talk.test_threads import NEW, TABLE

    assert not isinstance(deploy_file(inst, TABLE, "purchase-limit.dmn", ""), tuple)
    assert do(people["buyer"], "rule.attach", NEW, file=PNG, name="why.png").ok
    content = card(people["buyer"], "rule", NEW).story[-1].content
    path = f"/files/rule/purchase-limit%23new/{content}"
    client = browse("buyer")
    assert f'<img src="{path}/view"' in page(client, f"{path}/page")
    assert client.get(f"{path}/view")["Content-Type"] == "image/png"
    assert client.get(f"/files/rule/purchase-limit%23new/{content}x/page").status_code == 404
