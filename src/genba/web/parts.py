"""Parts of addresses: what a path or a query may name, and what is not found at once.

Rules of this file: a number that no counter of ours can reach is no number. Nothing is looked up.
"""

from genba.cases.places import key_of, segment

DIGITS = 18  # a counter of the journal is a signed number of 64 bits


def whole(text: str) -> int | None:
    """The counting number that was written, if it is one we could have given."""
    plain = text.strip()
    return int(plain) if plain.isdecimal() and len(plain) <= DIGITS else None


class Number:
    """A number in a path: of a case, of a version."""

    regex = f"[0-9]{{1,{DIGITS}}}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """Its digits."""
        return str(value)


class Key:
    """What names an object in a path, also with letters a path has other uses for."""

    regex = "[^/]+"

    def to_python(self, value: str) -> str:
        """The name as it is."""
        return key_of(value)

    def to_url(self, value: str) -> str:
        """The name as one part of a path."""
        return segment(value)
