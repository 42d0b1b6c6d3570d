"""Making accounts by hand: what an installer does, and the demonstration.

Rules of this file: writes accounts and teams, outside a unit of work. Signing in is Django's and
allauth's business; what somebody may do is `access`.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from genba.people.directory import Known, join, known
from genba.people.models import LOCALES, Person


def enrol(
    address: str,
    password: str | None,
    *,
    name: str = "",
    locale: str = "en",
    groups: Iterable[str] = (),
    administrator: bool = False,
) -> Known:
    """A member with a password, in these teams (made when missing); a guest becomes a member.

    Raises ValueError, in words, when the address is not one, belongs to a member already, or
    the language is none of ours.
    """
    plain = address.strip().lower()
    _checked(plain, locale)
    with transaction.atomic():
        person = Person.objects.filter(email=plain).first()
        if person is not None and not person.is_guest:
            raise ValueError(f"{plain} has an account already")
        person = person or Person(email=plain)
        person.name = (name or str(person.name))[:150]
        person.locale = locale
        person.is_guest = False
        person.is_administrator = administrator
        person.set_password(password)
        person.save()
        for group in filter(str.strip, groups):
            join(str(person.pk), group)
    made = known(str(person.pk))
    if made is None:
        raise ValueError(f"the account of {plain} is closed")
    return made


def _checked(address: str, locale: str) -> None:
    try:
        validate_email(address)
    except ValidationError:
        raise ValueError(f"“{address}” is not a mail address") from None
    if locale not in dict(LOCALES):
        raise ValueError(f"there is no language “{locale}”; there are {', '.join(dict(LOCALES))}")
