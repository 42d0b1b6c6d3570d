"""Every word of the pages is there in French, and catalogues are built as gettext reads them."""

import gettext
import importlib.util
import io
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WEB = ROOT / "src" / "genba" / "web"
FRENCH = WEB / "locale" / "fr" / "LC_MESSAGES" / "django.po"
TEXTS = [
    r'(?<![\w.])(?:_|gettext|gettext_noop)\(\s*"((?:[^"\\]|\\.)+)"',
    r"(?<![\w.])_\(\s*'((?:[^'\\]|\\.)+)'",
    r'ngettext\(\s*"((?:[^"\\]|\\.)+)"',
    r'{% translate "([^"]+)" %}',
]


@pytest.fixture(scope="module")
def building() -> Any:
    """The build hook, as a module."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_of_the_pages_is_in_french(building: Any) -> None:
    french = {key.partition("\0")[0] for key in building.messages(FRENCH.read_text("utf-8"))}
    missing = {
        (path.name, text)
        for path in sorted(WEB.rglob("*"))
        if path.suffix in (".py", ".html")
        for pattern in TEXTS
        for text in re.findall(pattern, path.read_text("utf-8"))
        if text not in french
    }
    assert missing == set()


def test_no_text_is_there_twice() -> None:
    source = FRENCH.read_text("utf-8")
    entries = re.findall(r'^((?:msgctxt .*\n)?msgid (?:".*"\n?)+)', source, re.M)
    assert [text for text, times in Counter(entries).items() if times > 1] == []


def test_translations_keep_their_places(building: Any) -> None:
    for key, value in building.messages(FRENCH.read_text("utf-8")).items():
        places = set(re.findall(r"%\(\w+\)[sd]", key))
        for form in value.split("\0"):
            assert set(re.findall(r"%\(\w+\)[sd]", form)) <= places, key


def test_a_catalogue_reads_as_it_was_written(building: Any) -> None:
    source = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\n"

msgid "plain"
msgstr "«é»\n"

#, fuzzy
msgid "unsure"
msgstr "x"

msgid "open"
msgstr ""

msgctxt "month"
msgid "May"
msgstr "mai"

msgid "%(n)s day"
msgid_plural "%(n)s days"
msgstr[0] "%(n)s jour"
msgstr[1] "%(n)s jours"

msgid "two "
"lines"
msgstr "deux "
"lignes"
"""
    read = gettext.GNUTranslations(io.BytesIO(building.compiled(building.messages(source))))
    assert read.gettext("plain") == "«é»\n"
    assert read.gettext("unsure") == "unsure"
    assert read.gettext("open") == "open"
    assert read.pgettext("month", "May") == "mai"
    assert [read.ngettext("%(n)s day", "%(n)s days", n) for n in (0, 1, 2)] == [
        "%(n)s jour",
        "%(n)s jour",
        "%(n)s jours",
    ]
    assert read.gettext("two lines") == "deux lignes"
