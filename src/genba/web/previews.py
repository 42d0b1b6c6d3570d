"""What of a file can be shown: pictures, texts, and PDF by the browser's own viewer.

Rules of this file: pure; what a file is, is read from its first bytes, never from its name or from
what its sender said. What is not one of these is only handed out as a download. A picture that can
hold scripts (SVG) is none.
"""

from msgspec import Struct

from genba.journal.records import Content

LONGEST_TEXT = 100_000  # letters of a text that are shown

# First bytes -> what it is.
_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
PICTURES = frozenset({*_PICTURES.values(), "image/webp"})
PDF = "application/pdf"


class Preview(Struct, frozen=True, kw_only=True):
    """How a file is shown: "image", "pdf", "text", or "" where it is not."""

    kind: str = ""
    media_type: str = "application/octet-stream"
    text: str = ""
    more: bool = False  # the text goes on
    size: int = 0


def preview_of(file: Content) -> Preview:
    """What a file can be shown as."""
    body, size = file.body, len(file.body)
    for begins, media_type in _PICTURES.items():
        if body.startswith(begins):
            return Preview(kind="image", media_type=media_type, size=size)
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return Preview(kind="image", media_type="image/webp", size=size)
    if body.startswith(b"%PDF-"):
        return Preview(kind="pdf", media_type=PDF, size=size)
    text = _text(body[: 4 * LONGEST_TEXT])
    if text is not None:
        more = len(text) > LONGEST_TEXT or size > 4 * LONGEST_TEXT
        return Preview(kind="text", text=text[:LONGEST_TEXT], more=more, size=size)
    return Preview(size=size)


def _text(body: bytes) -> str | None:
    """The text, if it is one: UTF-8 without control characters."""
    for cut in range(4):  # a letter may be cut at the end
        try:
            text = body[: len(body) - cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
        odd = any(ord(letter) < 32 and letter not in "\t\n\r\f\x1b" for letter in text)
        return None if odd else text
    return None
