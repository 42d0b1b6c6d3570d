"""The parser's short ways read what its long ways read, and no character of a text is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from genba.expressions import compile_expression, parser
from genba.expressions.lexer import tokenize
from genba.expressions.outcome import SyntaxFault
from tests.expressions.test_printing import NAMES, READERS, TEXTS

PIECES = some.sampled_from(
    [
        *(
            "a",
            "ä?",
            "x1",
            "1",
            "1.5",
            ".5",
            "..",
            ".",
            "1e3",
            '"s"',
            '"\\""',
            '"',
            "/",
            "/*",
            "*/",
        ),
        *("// c\n", " ", "\t", "\u2000", "\u200b", "->", "-", "**", "<=", "!=", "!", "\u0301", "’"),
        *("instance", "of", "not", "true", "and", "5", "(", ")", "[", "date", "time"),
    ]
)
WRITTEN = some.one_of(TEXTS, some.lists(PIECES, max_size=8).map("".join))


def read(text: str, reader: object) -> object:
    assert callable(reader)
    try:
        return reader(text, NAMES)
    except SyntaxFault as fault:
        return fault.message, fault.offset


@settings(deadline=None, max_examples=500)
@given(WRITTEN, some.sampled_from(READERS))
def test_a_simple_operand_is_read_as_any(text: str, reader: object) -> None:
    short = read(text, reader)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parser, "_simple", lambda cursor, token: None)
        assert read(text, reader) == short


def readable(text: str) -> str:
    """The text up to what is no token."""
    try:
        tokenize(text)
    except SyntaxFault as fault:
        return text[: fault.offset]
    return text


@settings(deadline=None, max_examples=500)
@given(WRITTEN)
def test_between_tokens_there_are_only_spaces_and_comments(text: str) -> None:
    text = readable(text)
    tokens = tokenize(text)
    end = 0
    for token in tokens:
        assert text[token.start : token.end] == token.text
        skipped = text[end : token.start].strip()
        assert skipped.strip("\u200b") == "" or skipped.startswith(("/", "\u200b"))
        end = token.end
    assert end == len(text)


@pytest.mark.parametrize("text", ['"\\"' * 12_000, "/*" * 20_000, "(" * 40_000, " " * 40_000 + "!"])
def test_a_text_without_an_end_is_refused_at_once(text: str) -> None:
    assert not hasattr(compile_expression(text), "evaluate")
