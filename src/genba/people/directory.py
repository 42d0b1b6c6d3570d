"""Who is who: the only way the rest of the system learns about people.

Rules of this file: returns plain `Known` values, never Django objects; person ids are `str(pk)`;
inactive accounts are known to nobody. Nothing here decides what somebody may do: that is
`access`. Writing (`invite`, `ensure_groups`, `join`) must happen outside a unit of work: the
journal holds the database's write lock there.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.text import slugify
from msgspec import Struct

from genba.people.models import Person, Team


class Known(Struct, frozen=True, kw_only=True):
    """A person as the rest of the system sees one. `groups` are team names, sorted.

    `scopes` are those of the token a program shows for them; None for the person themselves.
    """

    id: str
    name: str
    address: str
    locale: str = "en"
    groups: tuple[str, ...] = ()
    is_guest: bool = False
    handle: str = ""
    is_administrator: bool = False
    stands_for: str = ""  # id of whom a deputy acts for
    stands_name: str = ""
    also: tuple[str, ...] = ()  # names of whom a deputy acts for
    scopes: tuple[str, ...] | None = None


def _active() -> QuerySet[Person]:
    return Person.objects.filter(is_active=True).prefetch_related("teams")


def _known(person: Person) -> Known:
    return Known(
        id=str(person.pk),
        name=str(person.name),
        address=str(person.email),
        locale=str(person.locale),
        groups=tuple(sorted(str(team.name) for team in person.teams.all())),
        is_guest=bool(person.is_guest),
        handle=str(person.handle),
        is_administrator=bool(person.is_administrator),
    )


def known(id: str) -> Known | None:
    """The person of this id, if there is one and the account is active."""
    if not (id.isascii() and id.isdigit() and len(id) < 19):
        return None
    person = _active().filter(pk=int(id)).first()
    return _known(person) if person else None


def by_address(address: str) -> Known | None:
    """The person of this mail address (with or without "mailto:"), however it is written."""
    plain = address.strip().lower().removeprefix("mailto:")
    person = _active().filter(email=plain).first()
    return _known(person) if person else None


def by_handle(handle: str) -> Known | None:
    """The person somebody mentions as "@handle"."""
    person = _active().filter(handle=handle.lower()).first()
    return _known(person) if person else None


def called(written: str) -> Known | None:
    """The person somebody names by id, mail address or handle, with or without "@"."""
    name = written.strip().strip('"')
    if name.isdigit():
        return known(name)
    if "@" in name.lstrip("@"):
        return by_address(name)
    return by_handle(name.lstrip("@"))


def id_called(written: str) -> str:
    """The id of the person of this name; "" when there is none."""
    person = called(written)
    return person.id if person else ""


def members(group: str) -> tuple[Known, ...]:
    """The people of a team, by name; empty when there is no such team."""
    return tuple(_known(person) for person in _active().filter(teams__name=group))


def administrators() -> tuple[Known, ...]:
    """The people who look after the installation."""
    return tuple(_known(person) for person in _active().filter(is_administrator=True))


def groups_of(id: str) -> tuple[str, ...]:
    """The names of the teams somebody is in, sorted."""
    person = known(id)
    return person.groups if person else ()


def group_named(written: str) -> str | None:
    """The team somebody means by its name or its slug, in any capitalisation: its exact name."""
    exact = Team.objects.filter(name__iexact=written.strip()).first()
    if exact:
        return str(exact.name)
    slug = slugify(written)
    names = (str(name) for name in Team.objects.values_list("name", flat=True))
    return next((name for name in names if slug and slugify(name) == slug), None)


def groups() -> tuple[str, ...]:
    """The names of all teams, sorted."""
    return tuple(str(name) for name in Team.objects.values_list("name", flat=True))


def ensure_groups(names: Iterable[str]) -> None:
    """Make the teams that are missing, for instance those a drawing's lanes name."""
    for name in sorted({name.strip()[:255] for name in names if name.strip()}):
        Team.objects.get_or_create(name=name)


def join(id: str, group: str) -> None:
    """Put somebody into a team, which is made when missing."""
    team, _made = Team.objects.get_or_create(name=group.strip()[:255])
    team.members.add(int(id))


def invite(address: str, name: str = "", locale: str = "en") -> Known:
    """The person of this address; made as a guest when nobody has it.

    Raises ValueError when it is not an address or belongs to a closed account.
    """
    found = by_address(address)
    if found:
        return found
    plain = address.strip().lower().removeprefix("mailto:")
    try:
        with transaction.atomic():
            person = Person.objects.create_user(
                plain, name=name[:150], is_guest=True, locale=locale
            )
    except IntegrityError:  # invited twice at the same moment, or a closed account
        raced = by_address(plain)
        if raced is None:
            raise ValueError(f"the account of {plain} is closed") from None
        return raced
    return _known(person)


def everybody() -> tuple[Known, ...]:
    """All active people, by name; guests too."""
    return tuple(_known(person) for person in _active())


_names: ContextVar[dict[str, str | None] | None] = ContextVar("names", default=None)


@contextmanager
def names_once() -> Iterator[None]:
    """Within it each name is looked up once: for a list whose lines name the same people."""
    token = _names.set({})
    try:
        yield
    finally:
        _names.reset(token)


def names_of(ids: Iterable[str]) -> dict[str, str]:
    """Display names of people, also of closed accounts: the story still names them."""
    asked = {id for id in ids if id.isascii() and id.isdigit() and len(id) < 19}
    kept = _names.get()
    if kept is None:
        return _looked_up(asked)
    if new := asked - kept.keys():
        kept |= dict.fromkeys(new)
        kept |= _looked_up(new)
    return {id: name for id in asked if (name := kept[id]) is not None}


def _looked_up(ids: set[str]) -> dict[str, str]:
    found = Person.objects.filter(pk__in=map(int, ids)).values_list("pk", "name")
    return {str(pk): str(name) for pk, name in found} if ids else {}
