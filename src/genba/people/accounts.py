"""Making accounts: the one door through which somebody becomes a member.

Rules of this file: called by whoever administers the installation, never by an act of a guest.
Like all writing here it happens outside of a unit of work.
"""

from collections.abc import Iterable

from django.db import transaction

from genba.people.directory import Known, by_address, join, known
from genba.people.models import Person


def enrol(
    address: str,
    password: str,
    *,
    name: str = "",
    locale: str = "en",
    groups: Iterable[str] = (),
    administrator: bool = False,
) -> Known:
    """Make a member with a password, or a member of the guest who has this address.

    Raises ValueError when it is not an address, or a member has it already.
    """
    plain = address.strip().lower()
    found = by_address(plain)
    if found and not found.is_guest:
        raise ValueError(f"{plain} has an account already")
    with transaction.atomic():
        person = Person.objects.filter(email=plain).first() or Person(email=plain)
        if "@" not in plain:
            raise ValueError(f"{plain} is not a mail address")
        person.name = name or str(person.name)
        person.locale = locale
        person.is_guest = False
        person.is_administrator = administrator
        person.set_password(password)
        person.save()
        for group in groups:
            join(str(person.pk), group)
    made = known(str(person.pk))
    if made is None:
        raise ValueError(f"the account of {plain} is closed")
    return made
