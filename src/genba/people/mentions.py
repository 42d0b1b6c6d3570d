"""Who is meant by "@somebody" in a text.

Rules of this file: a mention is `@handle`, `@"Name of a team"` or `@Name-of-a-team`; nothing
inside code is one, nor is a mail address. A person goes before a team of the same name, and both
before a role in the case ("@requester"), in either language. What nobody answers to is reported,
not guessed.
"""

import re

from django.utils.text import slugify
from django.utils.translation import gettext_noop, override, pgettext
from msgspec import Struct

from genba.people.directory import Known, by_handle, group_named, members

_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`", re.DOTALL)
_MENTION = re.compile(r"(?<![\w@.+-])@(?:\"([^\"\n]{1,255})\"|“([^”\n]{1,255})”|(\w[\w.-]*))")


ROLE = "role in a case"  # message context
# Who is meant by a role, of a case: its words are in the catalogues.
REQUESTER, ASSIGNEE, FOLLOWERS = (
    gettext_noop("requester"),
    gettext_noop("assignee"),
    gettext_noop("followers"),
)
ROLES = (REQUESTER, ASSIGNEE, FOLLOWERS)
LANGUAGES = ("en", "fr")


class Mentions(Struct, frozen=True):
    """The people and teams meant, in order of the text, each once, and what nobody is called.

    `roles` are those of a case, of `ROLES`; who has them is not known here.
    """

    people: tuple[Known, ...] = ()
    groups: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()

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
    roles: list[str] = []
    for name in names_in(text):
        person = by_handle(name)
        group = group_named(name) if person is None else None
        if person is not None:
            people.append(person)
        elif group is not None:
            groups.append(group)
        elif role := role_named(name):
            roles.append(role)
        else:
            unknown.append(name)
    return Mentions(tuple(people), tuple(groups), tuple(unknown), tuple(dict.fromkeys(roles)))


def role_named(written: str) -> str:
    """The role in a case somebody means, in either language; "" when it is none."""
    wanted = slugify(written)
    for language in LANGUAGES:
        with override(language):
            for role in ROLES:
                if wanted and slugify(pgettext(ROLE, role)) == wanted:
                    return role
    return ""


def role_words() -> list[tuple[str, str]]:
    """The roles in a case as the reader may mention them: (what follows the "@", its name)."""
    names = [pgettext(ROLE, role) for role in ROLES]
    return [(slugify(name), name) for name in names]
