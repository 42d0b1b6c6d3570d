"""Everybody and every team as SCIM would have them, as JSON: what searches look through.

Rules of this file: reads only. What a provider said is told as it was said; who was here before any
provider is told by what is known of them.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from genba.journal.contract import Reading
from genba.machines.provisioning import (
    HERE_PERSON,
    HERE_TEAM,
    PERSON,
    TEAM,
    Account,
    Crew,
    rows_of,
)
from genba.people.keeping import Crew as Team
from genba.people.keeping import Member, all_crews, all_members
from genba.runtime.streams import read_state

Doc = dict[str, Any]


class Row(Struct, frozen=True):
    """A resource: its id, what it says, and when it began and changed."""

    id: str
    doc: Doc
    made: datetime
    changed: datetime

    @property
    def version(self) -> str:
        """Another for whatever is otherwise, also in what belongs to others: its groups."""
        digest = hashlib.sha256(msgspec.json.encode([self.doc, self.changed])).hexdigest()
        return f'W/"{digest[:20]}"'


class Register(Struct, frozen=True):
    """Who is who between streams and accounts, at one moment."""

    accounts: dict[str, tuple[str, Account, datetime]]  # by id of the account: id, state, changed
    crews: dict[str, tuple[str, Crew, datetime]]  # by id of the team
    people: dict[str, Member]
    teams: dict[str, Team]
    gone: frozenset[str]  # accounts that were removed


def read_register(reading: Reading) -> Register:
    """Everything there is."""
    accounts, crews, gone = {}, {}, set()
    for row in rows_of(reading, PERSON):
        account = read_state(row, Account)
        if account is not None and account.removed:
            gone.add(account.person)
        elif account is not None and account.person:
            accounts[account.person] = (_name(row.id), account, row.updated)
    for row in rows_of(reading, TEAM):
        crew = read_state(row, Crew)
        if crew is not None and not crew.removed and crew.team:
            crews[crew.team] = (_name(row.id), crew, row.updated)
    people = {one.id: one for one in all_members()}
    teams = {one.id: one for one in all_crews()}
    return Register(accounts, crews, people, teams, frozenset(gone - set(accounts)))


def _name(stream: str) -> str:
    return stream.partition(":")[2]


def users(register: Register) -> Iterator[Row]:
    """Everybody, in the order they came."""
    for id, member in register.people.items():
        if id in register.gone:
            continue
        kept = register.accounts.get(id)
        if kept is not None:
            name, account, changed = kept
            doc = {**account.details, "userName": account.user}
            if account.external:
                doc["externalId"] = account.external
            if not member.active:
                doc["active"] = False
        else:
            name, changed = f"{HERE_PERSON}{id}", member.joined
            doc = _here(member)
        groups = [_group(register, team) for team in member.teams if team in register.teams]
        if groups:
            doc["groups"] = groups
        made = kept[1].made if kept else member.joined
        yield Row(name, doc, made, changed)


def _here(member: Member) -> Doc:
    return {
        "userName": member.address,
        "displayName": member.name,
        "preferredLanguage": member.locale,
        "active": member.active,
        "emails": [{"value": member.address, "primary": True}],
    }


def _group(register: Register, team: str) -> Doc:
    id = crew_id(register, team)
    return {"value": id, "$ref": f"Groups/{id}", "display": register.teams[team].name}


def crew_id(register: Register, team: str) -> str:
    """What SCIM calls a team."""
    kept = register.crews.get(team)
    return kept[0] if kept else f"{HERE_TEAM}{team}"


def person_id(register: Register, person: str) -> str:
    """What SCIM calls somebody."""
    kept = register.accounts.get(person)
    return kept[0] if kept else f"{HERE_PERSON}{person}"


def groups(register: Register, epoch: datetime) -> Iterator[Row]:
    """Every team, by name; `epoch` is when those began of which nobody said it."""
    for id, team in register.teams.items():
        kept = register.crews.get(id)
        doc: Doc = {"displayName": team.name}
        if kept is not None and kept[1].external:
            doc["externalId"] = kept[1].external
        members = [_member(register, one) for one in team.members if one in register.people]
        members = [one for one in members if one]
        if members:
            doc["members"] = members
        made, changed = (kept[1].made, kept[2]) if kept else (epoch, epoch)
        yield Row(crew_id(register, id), doc, made, changed)


def _member(register: Register, person: str) -> Doc:
    if person in register.gone:
        return {}
    id = person_id(register, person)
    return {"value": id, "$ref": f"Users/{id}", "type": "User"}
