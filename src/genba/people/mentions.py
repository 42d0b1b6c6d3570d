"""Who is meant by "@somebody" in a text.

Rules of this file: a mention is `@handle`, `@"Name of a team"` or `@Name-of-a-team`; nothing
inside code is one, nor is a mail address. A person goes before a team of the same name. What
nobody answers to is reported, not guessed.
"""

import re

from msgspec import Struct

from genba.people.directory import Known, by_handle, group_named, members

_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`", re.DOTALL)
_MENTION = re.compile(r"(?<![\w@.+-])@(?:\"([^\"\n]{1,255})\"|“([^”\n]{1,255})”|(\w[\w.-]*))")


class Mentions(Struct, frozen=True):
    """The people and teams meant, in order of the text, each once, and what nobody is called."""

    people: tuple[Known, ...] = ()
    groups: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def everybody(self) -> tuple[Known, ...]:
        """The people and the members of the teams, each once."""
        found = {person.id: person for person in self.people}
        for group in self.groups:
            found |= {person.id: person for person in members(group)}
        return tuple(found.values())


def names_in(text: str) -> tuple[str, ...]:
    """What follows each "@" outside code, in order, each once."""
    plain = _CODE.sub(" ", text)
    names = (match[1] or match[2] or match[3].rstrip(".-") for match in _MENTION.finditer(plain))
    return tuple(dict.fromkeys(names))


def mentions(text: str) -> Mentions:
    """Everybody a text means."""
    people: list[Known] = []
    groups: list[str] = []
    unknown: list[str] = []
    for name in names_in(text):
        person = by_handle(name)
        group = group_named(name) if person is None else None
        if person is not None:
            people.append(person)
        elif group is not None:
            groups.append(group)
        else:
            unknown.append(name)
    return Mentions(tuple(people), tuple(groups), tuple(unknown))
