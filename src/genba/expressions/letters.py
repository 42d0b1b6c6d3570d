"""Sets of characters for patterns, as tests of one character (XML Schema 1.1-2, appendix G.4.2)."""

import unicodedata
from collections.abc import Callable

from genba.expressions.outcome import Fault

Test = Callable[[str], bool]

BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
}
CATEGORIES = frozenset(
    {
        *("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No"),
        *("P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp"),
        *("S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn"),
    }
)


def only(sign: str) -> Test:
    return lambda character: character == sign


def between(low: str, high: str) -> Test:
    return lambda character: low <= character <= high


def folding(test: Test, flags: str) -> Test:
    """The same test blind to case when the flag `i` is given."""
    if "i" not in flags:
        return test
    return lambda character: test(character) or test(character.lower()) or test(character.upper())


def without(test: Test) -> Test:
    return lambda character: not test(character)


def both(one: Test, two: Test) -> Test:
    return lambda character: one(character) and two(character)


def any_of(tests: tuple[Test, ...]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda character: any(test(character) for test in tests)


def anything(character: str) -> bool:
    return True


def no_line_end(character: str) -> bool:
    return character not in "\n\r"


def category(name: str) -> Test:
    """`L`, `Lu`, `IsBasicLatin`. Raises Fault for a name that is neither."""
    if name in CATEGORIES:
        return lambda character: unicodedata.category(character).startswith(name)
    block = BLOCKS.get(name[2:]) if name.startswith("Is") else None
    if block is None:
        raise Fault(f"there is no character category {name[:20]!r}")
    return between(chr(block[0]), chr(block[1]))


def _word(character: str) -> bool:
    return unicodedata.category(character)[0] not in "PZC"


def _space(character: str) -> bool:
    return character in " \t\n\r"


def _digit(character: str) -> bool:
    return unicodedata.category(character) == "Nd"


def _name_start(character: str) -> bool:
    return character in "_:" or unicodedata.category(character)[0] == "L"


def _name(character: str) -> bool:
    return (
        character in ".-·" or _name_start(character) or unicodedata.category(character)[0] in "MN"
    )


LITERALS = {"n": "\n", "r": "\r", "t": "\t"} | {sign: sign for sign in "\\|.-^?*+{}()[]$"}
_SETS: dict[str, Test] = {"w": _word, "s": _space, "d": _digit, "i": _name_start, "c": _name}
ESCAPES: dict[str, Test] = (
    {sign: only(literal) for sign, literal in LITERALS.items()}
    | _SETS
    | {sign.upper(): without(test) for sign, test in _SETS.items()}
)
