"""HTML of mail programs to text, with what they quote marked or left out.

Rules of this file: pure and total; nothing is fetched, no script is seen. What a program marks as
a quotation is dropped here, because in HTML it is certain; the rest is for `quoting`.
"""

from textwrap import dedent

from inscriptis.html_engine import Inscriptis
from lxml import html as lxml_html
from lxml.etree import LxmlError
from lxml.html import HtmlElement

_HTML_KEPT = 1_000_000  # characters that are read

# What programs put around a quotation, and whether all that follows it is quotation too.
QUOTATIONS: tuple[tuple[str, bool], ...] = (
    ("//blockquote", False),
    ("//*[contains(concat(' ', @class, ' '), ' gmail_quote ')]", False),
    ("//*[contains(@class, 'gmail_attr')]", False),
    ("//*[contains(@class, 'moz-cite-prefix')]", False),
    ("//*[contains(@class, 'yahoo_quoted')]", False),
    ("//*[contains(@class, 'protonmail_quote')]", False),
    ("//*[contains(@class, 'zmail_extra')]", False),
    ("//*[@id='divRplyFwdMsg']", True),
    ("//*[@id='appendonsend']", True),
    ("//*[@id='mail-editor-reference-message-container']", True),
    ("//*[@id='OLK_SRC_BODY_SECTION']", True),
    ("//*[contains(@style, 'border-top:solid #E1E1E1 1.0pt')]", True),
    ("//*[contains(@style, 'border-top:solid #B5C4DF 1.0pt')]", True),
    ("//script | //style | //head | //template", False),
)


def text_of_html(source: str) -> str:
    """The own text of an HTML body; "" when there is none or it cannot be read."""
    try:
        data = source[:_HTML_KEPT].encode("utf-8", "replace")
        parser = lxml_html.HTMLParser(encoding="utf-8")
        tree = lxml_html.document_fromstring(data, parser=parser)
    except (LxmlError, ValueError, AssertionError):
        return ""
    for path, onwards in QUOTATIONS:
        for element in tree.xpath(path):
            if onwards:
                _drop_following(element)
            _drop(element)
    try:
        return dedent(str(Inscriptis(tree).get_text()))
    except (RecursionError, ValueError, LxmlError):
        return str(tree.text_content())


def _drop_following(element: HtmlElement) -> None:
    for later in list(element.itersiblings()):
        _drop(later)


def _drop(element: HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()
