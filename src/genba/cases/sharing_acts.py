"""Who sees a case: shared with a person, a team or somebody outside; kept from others.

Rules of this file: whoever administers a case says who sees it. Each change stands on the log of
the case, so that everybody in it reads who else is.
"""

from typing import Annotated, Literal

from django.utils.translation import gettext, gettext_noop
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.declaring import Terms, act
from genba.acts.fields import APersonOrTeam
from genba.acts.inbound import Outcome
from genba.acts.outcomes import done, invalid
from genba.acts.schemas import Nothing, picked
from genba.cases.answers import LongText
from genba.cases.objects import CaseObject
from genba.people.access import may_administer
from genba.people.directory import Known, called, group_named, names_of
from genba.people.sharing import (
    LEVELS,
    Sharing,
    group_key,
    person_key,
    stream_of,
)
from genba.runtime.installation import current
from genba.runtime.notices import InvitationNotice
from genba.runtime.unit import Unit

LEVEL_WORDS: dict[str, str] = {
    "see": gettext_noop("see it, and talk"),
    "act": gettext_noop("do what is asked in it too"),
    "administer": gettext_noop("say who sees it too"),
}


class Share(Struct, frozen=True):
    """With whom, and how far."""

    to: Annotated[APersonOrTeam, Meta(title=gettext_noop("With"))]
    level: Annotated[Literal["see", "act", "administer"], Meta(title=gettext_noop("They may"))] = (
        "see"
    )


class Invitation(Struct, frozen=True):
    """To which mail address, with which words."""

    address: Annotated[
        str,
        Meta(
            title=gettext_noop("Mail address"),
            min_length=3,
            max_length=254,
            extra_json_schema={"format": "email"},
        ),
    ]
    words: Annotated[LongText, Meta(title=gettext_noop("Words"))] = ""


class Invited(Struct, frozen=True, kw_only=True):
    """Somebody outside was asked in; who it is stands on the log once they are shared with."""

    by: str


class Unshare(Struct, frozen=True):
    """Who is shut out again."""

    whom: Annotated[str, Meta(title=gettext_noop("Who"))]


class Shared(Struct, frozen=True, kw_only=True):
    """A case was shared: with "person/ID" or "group/NAME"."""

    whom: str
    level: str


class Unshared(Struct, frozen=True, kw_only=True):
    """A case is not shared with somebody any more."""

    whom: str


class Kept(Struct, frozen=True, kw_only=True):
    """A case is kept from those it was not shared with, or is not any more."""

    restricted: bool


def administers(case: CaseObject, by: Known) -> bool:
    """Whoever may say who sees the case."""
    with current().journal.reading() as reading:
        return may_administer(by, case.row, reading)


def shareable(case: CaseObject, by: Known) -> Terms | None:
    """To whoever administers the case."""
    if not administers(case, by):
        return None
    levels = ((level, gettext(LEVEL_WORDS[level])) for level in LEVELS)
    return Terms(schema=picked(Share, "level", levels))


def shared(case: CaseObject, by: Known) -> Terms | None:
    """It was shared with somebody."""
    if not case.sharing.grants or not administers(case, by):
        return None
    return Terms(schema=picked(Unshare, "whom", granted(case.sharing).items()))


def granted(sharing: Sharing) -> dict[str, str]:
    """Everybody a case was shared with, by key, under the names people use."""
    ids = [key.partition("/")[2] for key in sharing.grants if key.startswith("person/")]
    names = names_of(ids)
    plain = {key: key.partition("/")[2] for key in sharing.grants}
    return {
        key: names.get(name, name) if key.startswith("person/") else name
        for key, name in plain.items()
    }


def restrictable(case: CaseObject, by: Known) -> bool:
    """Open to every member, and this person's to close."""
    return not case.sharing.restricted and administers(case, by)


def openable(case: CaseObject, by: Known) -> bool:
    """Kept from others, and this person's to open."""
    return case.sharing.restricted and administers(case, by)


@act(
    "case",
    "share",
    when=shareable,
    label=gettext_noop("Share"),
    summary=gettext_noop("Let a person or a team see a case, act in it, or say who sees it."),
    input=Share,
    words=("share",),
    text_field="to",
    intent="see",
    rank=80,
)
def share(unit: Unit, case: CaseObject, by: Known, given: Share) -> Outcome:
    """Share; the same again changes how far."""
    person = called(given.to)
    group = group_named(given.to.strip().lstrip("@")) if person is None else None
    if person is None and group is None:
        return invalid("to", gettext("Nobody is called “%(name)s” here.") % {"name": given.to})
    if person is not None and person.is_guest and given.level != "see":
        return invalid("level", gettext("A guest sees a case, and is asked by name to act."))
    key = person_key(person.id) if person else group_key(str(group))
    grants = {**case.sharing.grants, key: given.level}
    _keep(unit, case, replace(case.sharing, grants=grants), "case.shared",
          Shared(whom=key, level=given.level))  # fmt: skip
    if person is not None:
        unit.tx.follow(case.row.case, person.id)
    name = person.name if person else str(group)
    return done(gettext("%(name)s may see this case now.") % {"name": name})


@act(
    "case",
    "invite",
    when=administers,
    label=gettext_noop("Invite somebody outside"),
    summary=gettext_noop("Let somebody outside see one case, by a link that is mailed to them."),
    input=Invitation,
    words=("invite",),
    text_field="address",
    intent="see",
    rank=80,
)
def ask_in(unit: Unit, case: CaseObject, by: Known, given: Invitation) -> Outcome:
    """Mail a link; with it they are a guest of this case. Whoever is known gets the mail too."""
    opened = unit.open(case.row.case)
    address = given.address.strip().lower()
    opened.record("case.invited", Invited(by=by.id))
    notice = InvitationNotice(case=opened.id, address=address, by=by.id, words=given.words)
    opened.post("invite", notice, key=f"invite:{address}:{opened.seq}")
    return done(gettext("%(address)s gets a mail with a link.") % {"address": address})


@act(
    "case",
    "unshare",
    when=shared,
    label=gettext_noop("Stop sharing"),
    summary=gettext_noop("End that a case is shared with somebody."),
    input=Unshare,
    words=("stop sharing",),
    text_field="whom",
    intent="see",
    rank=81,
)
def unshare(unit: Unit, case: CaseObject, by: Known, given: Unshare) -> Outcome:
    """Take it back; who does not see the case hears nothing of it any more."""
    grants = {key: level for key, level in case.sharing.grants.items() if key != given.whom}
    name = granted(case.sharing).get(given.whom, "")
    _keep(unit, case, replace(case.sharing, grants=grants), "case.unshared",
          Unshared(whom=given.whom))  # fmt: skip
    kind, _slash, id = given.whom.partition("/")
    if kind == "person":
        unit.tx.unfollow(case.row.case, id)
    return done(gettext("It is not shared with %(name)s any more.") % {"name": name})


@act(
    "case",
    "restrict",
    when=restrictable,
    label=gettext_noop("Keep it from others"),
    summary=gettext_noop(
        "Only who started a case, who is asked in it, and whom it is shared with see it."
    ),
    words=("restrict",),
    intent="see",
    rank=82,
)
def restrict(unit: Unit, case: CaseObject, by: Known, _given: Nothing) -> Outcome:
    """Keep others out; whoever does it stays in."""
    grants = dict(case.sharing.grants)
    if by.id != case.row.started_by:
        grants[person_key(by.id)] = "administer"
    kept = replace(case.sharing, restricted=True, grants=grants)
    _keep(unit, case, kept, "case.restricted", Kept(restricted=True))
    message = gettext("Only those who are asked, and whom it is shared with, see it now.")
    return done(message, undo="case.open")


@act(
    "case",
    "open",
    when=openable,
    label=gettext_noop("Open it to others again"),
    summary=gettext_noop("Let every member see a case again, as its drawing says."),
    words=("open to all",),
    intent="see",
    rank=82,
)
def open_again(unit: Unit, case: CaseObject, by: Known, _given: Nothing) -> Outcome:
    """No longer kept from others."""
    kept = replace(case.sharing, restricted=False)
    _keep(unit, case, kept, "case.opened", Kept(restricted=False))
    return done(gettext("Every member may see it again."), undo="case.restrict")


def _keep(unit: Unit, case: CaseObject, sharing: Sharing, type: str, entry: Struct) -> None:
    """On the log of the case, where everybody in it reads it, and in the stream that is asked."""
    unit.open(case.row.case).record(type, entry)
    stream = unit.stream(stream_of(case.row.case))
    stream.record(type, entry)
    stream.keep(sharing)
