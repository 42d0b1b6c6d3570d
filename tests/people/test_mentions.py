"""Who is meant by "@somebody"."""

import pytest

from genba.people.directory import ensure_groups, invite, join
from genba.people.mentions import mentions, names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@it which model?", ("it",)),
        ("ask @back-office.", ("back-office",)),
        ('ask @"Back office" and @buyer, @buyer again', ("Back office", "buyer")),
        ("ask @“Back office”", ("Back office",)),
        ("write to it@example.org", ()),
        ("`@it` and\n```\n@it\n```", ()),
        ("(@it)", ("it",)),
        ("@Éric dit oui", ("Éric",)),
        ("no mention @ all", ()),
    ],
)
def test_names_in_text(text: str, names: tuple[str, ...]) -> None:
    assert names_in(text) == names


@pytest.mark.django_db
def test_people_go_before_teams_and_strangers_are_told() -> None:
    ensure_groups(["Back office", "Buyer"])
    buyer = invite("buyer@example.org", "Buyer")
    clerk = invite("clerk@example.org", "Clerk")
    join(clerk.id, "Back office")
    found = mentions("@buyer @Back-Office @nobody-here")
    assert [person.id for person in found.people] == [buyer.id]
    assert found.groups == ("Back office",)
    assert found.unknown == ("nobody-here",)
    assert {person.id for person in found.everybody()} == {buyer.id, clerk.id}
