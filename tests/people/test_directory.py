"""Who is who."""

import pytest

from genba.people import directory
from genba.people.accounts import enrol
from genba.people.models import Person

pytestmark = pytest.mark.django_db


def test_an_address_is_one_person_however_it_is_written() -> None:
    first = directory.invite("Clerk@Example.org", "Clerk")
    assert directory.invite("mailto:clerk@example.org") == first
    assert directory.by_address(" CLERK@example.org ") == first
    assert first.is_guest
    assert first.address == "clerk@example.org"


def test_handles_are_the_slug_of_the_name_and_unique() -> None:
    one = directory.invite("a@example.org", "Team Lead")
    two = directory.invite("b@example.org", "Team lead")
    assert (one.handle, two.handle) == ("team-lead", "team-lead-2")
    assert directory.by_handle("Team-Lead") == one


def test_a_closed_account_is_known_to_nobody_but_still_named() -> None:
    person = directory.invite("gone@example.org", "Former clerk")
    Person.objects.filter(pk=int(person.id)).update(is_active=False)
    assert directory.known(person.id) is None
    assert directory.by_address("gone@example.org") is None
    assert directory.names_of([person.id]) == {person.id: "Former clerk"}
    with pytest.raises(ValueError, match="closed"):
        directory.invite("gone@example.org")


@pytest.mark.parametrize("id", ["", "0", "-1", "1 or 1", "１", "9" * 30])
def test_ids_that_are_not_ids_are_nobody(id: str) -> None:
    assert directory.known(id) is None


def test_groups_are_made_once_and_found_by_any_spelling() -> None:
    directory.ensure_groups(["Back office", "Back office", " "])
    directory.ensure_groups(["Back office"])
    person = directory.invite("clerk@example.org", "Clerk")
    directory.join(person.id, "Back office")
    assert directory.groups() == ("Back office",)
    assert directory.group_named("back-office") == "Back office"
    assert directory.group_named("BACK OFFICE") == "Back office"
    assert directory.group_named("") is None
    assert [member.id for member in directory.members("Back office")] == [person.id]
    assert directory.groups_of(person.id) == ("Back office",)


def test_an_address_without_at_is_refused() -> None:
    with pytest.raises(ValueError, match="address"):
        directory.invite("nobody")


def test_enrolling_makes_a_member_once() -> None:
    guest = directory.invite("clerk@example.org", "Clerk")
    member = enrol("clerk@example.org", "long enough", groups=["Back office"])
    assert (member.id, member.is_guest, member.groups) == (guest.id, False, ("Back office",))
    assert Person.objects.get(pk=int(member.id)).check_password("long enough")
    with pytest.raises(ValueError, match="already"):
        enrol("Clerk@example.org", "other")
    with pytest.raises(ValueError, match="not a mail address"):
        enrol("nobody", "other")
    with pytest.raises(ValueError, match="no language"):
        enrol("b@example.org", "other", locale="xx")


def test_a_group_without_a_name_is_none(db: None) -> None:
    made = enrol("clerk@example.org", None, groups=["", "  ", "Buying"])
    assert made.groups == ("Buying",)
    assert directory.groups() == ("Buying",)
