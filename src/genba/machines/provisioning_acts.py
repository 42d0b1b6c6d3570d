"""Keeping people and teams as an identity provider wants them (SCIM 2.0, RFC 7643).

Rules of this file: one function an act. An act decides and writes the log; the accounts themselves
are brought about after the commit (`machines.provisioned`), because they stand in other tables.
Whoever is removed keeps their name in every story.
"""

from typing import Annotated, Any

import msgspec
from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct

from genba.acts.card import Effect
from genba.acts.declaring import act
from genba.acts.inbound import Outcome, Verdict
from genba.acts.outcomes import done, invalid, not_done
from genba.machines.provisioning import (
    HERE_PERSON,
    HERE_TEAM,
    KIND,
    Account,
    Crew,
    Directory,
    account_taken,
    crew_marks,
    marks_of,
    own_person,
    person_stream,
    team_stream,
)
from genba.people.access import PROVISION, may_provision
from genba.people.directory import Known
from genba.people.keeping import all_crews, member_of
from genba.runtime.identity import fresh_id
from genba.runtime.notices import ProvisionNotice
from genba.runtime.streams import OpenStream
from genba.runtime.unit import Unit

_Address = Annotated[
    str,
    Meta(
        title=gettext_noop("Mail address"),
        max_length=254,
        extra_json_schema={"format": "email"},
    ),
]
_Id = Annotated[str, Meta(title=gettext_noop("Id"), min_length=1, max_length=100)]
_External = Annotated[str, Meta(title=gettext_noop("Id at the provider"), max_length=500)]
_Members = Annotated[
    str,
    Meta(title=gettext_noop("Ids of its people, with commas"), max_length=2_000_000),
]


class Somebody(Struct, frozen=True):
    """What is said of a person."""

    address: _Address
    user: Annotated[str, Meta(title=gettext_noop("User name"), max_length=254)] = ""
    name: Annotated[str, Meta(title=gettext_noop("Name"), max_length=150)] = ""
    locale: Annotated[str, Meta(title=gettext_noop("Language"), max_length=20)] = ""
    active: Annotated[bool, Meta(title=gettext_noop("May sign in"))] = True
    external: _External = ""
    details: Annotated[
        str,
        Meta(
            title=gettext_noop("More of what the provider says, as JSON"),
            max_length=20_000,
            extra_json_schema={"format": "json-object"},
        ),
    ] = ""


class SomebodyKnown(Somebody, frozen=True, kw_only=True):
    """The same, of somebody who is there."""

    person: _Id


class Group(Struct, frozen=True):
    """What is said of a team."""

    name: Annotated[str, Meta(title=gettext_noop("Name"), min_length=1, max_length=255)]
    members: _Members = ""
    external: _External = ""


class GroupKnown(Group, frozen=True, kw_only=True):
    """The same, of a team that is there."""

    team: _Id


class OnePerson(Struct, frozen=True):
    """Who."""

    person: _Id


class OneTeam(Struct, frozen=True):
    """Which team."""

    team: _Id


def keeps(_directory: Directory, by: Known) -> bool:
    """Whoever may keep the directory."""
    return may_provision(by)


@act(
    KIND,
    "add-person",
    when=keeps,
    label=gettext_noop("Add somebody"),
    summary=gettext_noop("Give somebody an account, as an identity provider does."),
    input=Somebody,
    scope=PROVISION,
)
def add_person(unit: Unit, _directory: Directory, _by: Known, given: Somebody) -> Outcome:
    """Somebody new, or who had left."""
    id = fresh_id(unit.now)
    return _say_person(unit, id, given, None, "scim.person-added", gettext("They have an account."))


@act(
    KIND,
    "change-person",
    when=keeps,
    label=gettext_noop("Change somebody"),
    summary=gettext_noop("Change what is known of somebody, or close or open their account."),
    input=SomebodyKnown,
    scope=PROVISION,
)
def change_person(unit: Unit, _directory: Directory, by: Known, given: SomebodyKnown) -> Outcome:
    """All of it is said anew."""
    kept, missing = _person(unit, given.person)
    if missing is not None:
        return missing
    if not given.active and own_person(unit.tx, given.person) == by.id:
        return not_done(gettext("You cannot close your own account."))
    said = gettext("Their account is changed.")
    return _say_person(unit, given.person, given, kept, "scim.person-changed", said)


@act(
    KIND,
    "remove-person",
    when=keeps,
    label=gettext_noop("Remove somebody"),
    summary=gettext_noop("Close somebody's account; the stories still name them."),
    input=OnePerson,
    effect=Effect.FINAL,
    scope=PROVISION,
)
def remove_person(unit: Unit, _directory: Directory, by: Known, given: OnePerson) -> Outcome:
    """They can sign in no more, and what the provider said is forgotten."""
    kept, missing = _person(unit, given.person)
    if missing is not None:
        return missing
    person = own_person(unit.tx, given.person)
    if person == by.id:
        return not_done(gettext("You cannot close your own account."))
    gone = Account(
        user="", address="", name="", active=False, person=person, removed=True,
        made=kept.made if kept else unit.now,
    )  # fmt: skip
    stream = unit.stream(person_stream(given.person))
    _keep(stream, "scim.person-removed", gone, marks_of(gone))
    return done(gettext("Their account is closed."), object_id=given.person)


@act(
    KIND,
    "add-team",
    when=keeps,
    label=gettext_noop("Add a team"),
    summary=gettext_noop("Make a team with these people, as an identity provider does."),
    input=Group,
    scope=PROVISION,
)
def add_team(unit: Unit, _directory: Directory, _by: Known, given: Group) -> Outcome:
    """A new team."""
    id = fresh_id(unit.now)
    return _say_team(unit, id, given, None, "scim.team-added", gettext("The team is there."))


@act(
    KIND,
    "change-team",
    when=keeps,
    label=gettext_noop("Change a team"),
    summary=gettext_noop("Change the name of a team, or who is in it."),
    input=GroupKnown,
    scope=PROVISION,
)
def change_team(unit: Unit, _directory: Directory, _by: Known, given: GroupKnown) -> Outcome:
    """All of it is said anew."""
    kept, missing = _team(unit, given.team)
    if missing is not None:
        return missing
    said = gettext("The team is changed.")
    return _say_team(unit, given.team, given, kept, "scim.team-changed", said)


@act(
    KIND,
    "remove-team",
    when=keeps,
    label=gettext_noop("Remove a team"),
    summary=gettext_noop("Remove a team; its people stay."),
    input=OneTeam,
    effect=Effect.FINAL,
    scope=PROVISION,
)
def remove_team(unit: Unit, _directory: Directory, _by: Known, given: OneTeam) -> Outcome:
    """It is no more."""
    kept, missing = _team(unit, given.team)
    if missing is not None:
        return missing
    team = _team_of(kept, given.team)
    gone = Crew(name="", team=team, removed=True, made=kept.made if kept else unit.now)
    _keep(unit.stream(team_stream(given.team)), "scim.team-removed", gone, ())
    return done(gettext("The team is gone."), object_id=given.team)


def _say_person(
    unit: Unit, id: str, given: Somebody, kept: Account | None, what: str, message: str
) -> Outcome:
    user = given.user or given.address
    taken = account_taken(unit.tx, id, user, given.address)
    if taken:
        return _taken(taken)
    details: dict[str, Any] = msgspec.json.decode(given.details) if given.details else {}
    account = Account(
        user=user,
        address=given.address.strip().lower(),
        name=given.name or user,
        locale=given.locale,
        active=given.active,
        external=given.external,
        details=details,
        person=own_person(unit.tx, id),
        made=kept.made if kept else unit.now,
    )
    _keep(unit.stream(person_stream(id)), what, account, marks_of(account))
    return done(message, object_id=id)


def _say_team(
    unit: Unit, id: str, given: Group, kept: Crew | None, what: str, message: str
) -> Outcome:
    own = _team_of(kept, id)
    name = given.name.strip()
    if any(one.name.casefold() == name.casefold() and one.id != own for one in all_crews()):
        return _taken("name")
    members = tuple(dict.fromkeys(one.strip() for one in given.members.split(",") if one.strip()))
    unknown = [one for one in members if not own_person(unit.tx, one)]
    if unknown:
        said = gettext("There is nobody with the id %(id)s.") % {"id": unknown[0]}
        return invalid("members", said)
    crew = Crew(
        name=name,
        external=given.external,
        members=members,
        team=own,
        made=kept.made if kept else unit.now,
    )
    _keep(unit.stream(team_stream(id)), what, crew, crew_marks(crew))
    return done(message, object_id=id)


def _keep(stream: OpenStream, what: str, state: Struct, marks: tuple[str, ...]) -> None:
    """Put it on the log, keep it, and let it be brought about."""
    seq = stream.record(what, {})
    stream.keep(state, marks=marks)
    stream.post("provision", ProvisionNotice(stream=stream.id), key=f"provision:{seq}")


def _person(unit: Unit, id: str) -> tuple[Account | None, Outcome | None]:
    """Somebody who is there, or why not."""
    kept = unit.stream(person_stream(id)).state(Account)
    here = id.removeprefix(HERE_PERSON)
    known = here != id and here.isdecimal() and len(here) < 19 and member_of(here) is not None
    if (kept is None and not known) or (kept is not None and kept.removed):
        return None, invalid("person", gettext("There is nobody with this id."))
    return kept, None


def _team(unit: Unit, id: str) -> tuple[Crew | None, Outcome | None]:
    """A team that is there, or why not."""
    kept = unit.stream(team_stream(id)).state(Crew)
    known = any(f"{HERE_TEAM}{one.id}" == id for one in all_crews())
    if (kept is None and not known) or (kept is not None and kept.removed):
        return None, invalid("team", gettext("There is no team with this id."))
    return kept, None


def _team_of(kept: Crew | None, id: str) -> str:
    if kept is not None:
        return kept.team
    return id.removeprefix(HERE_TEAM) if id.startswith(HERE_TEAM) else ""


def _taken(field: str) -> Outcome:
    message = gettext("Somebody else has this already.")
    return Outcome(verdict=Verdict.REFUSED, message=message, errors={field: message})
