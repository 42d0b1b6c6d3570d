"""What can be done: every declared act, by one view.

Rules of this file: thin; an act goes to `perform` like that of any other channel. The same
`Idempotency-Key` gives the first answer again; `If-Match` lets it happen only to what was read.
`?preview=yes` says what it would do, for the acts people read that of before; nothing is changed.
"""

from typing import Annotated, Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from msgspec import Meta, Struct
from msgspec.structs import replace

from genba.acts.inbound import Inbound
from genba.acts.performance import foresee, perform
from genba.acts.registry import Declaration, find_act
from genba.acts.several import MOST, perform_each
from genba.people.directory import Known
from genba.web.api.bodies import body_of, key_of, revisions_of
from genba.web.api.channel import Asked, read
from genba.web.api.entrance import entered, is_program
from genba.web.api.inputs import mistyped
from genba.web.api.problems import Problem, problem_of
from genba.web.api.reads import answered, tag_of


class Several(Struct, frozen=True, forbid_unknown_fields=True):
    """One act on several objects, with the same input."""

    act: str
    ids: Annotated[list[str], Meta(min_length=1, max_length=MOST)]
    given: dict[str, Any] = {}


@entered("POST")
def act(request: HttpRequest, reader: Known, object: str, id: str, name: str) -> HttpResponse:
    """Do an act on an object; or say what it would do."""
    declaration = find_act(f"{object}.{name}")
    if declaration is None or "\0" in id:
        raise Problem("nothing-here")
    given = body_of(request)
    asked = replace(
        inbound_of(request, reader, declaration, given),
        object_id=id,
        versions=revisions_of(request),
    )
    if "preview" in request.GET:
        return _previewed(request, declaration, asked)
    outcome = perform(asked)
    if not outcome.ok:
        raise problem_of(outcome)
    return answered(outcome, tag=tag_of(outcome.card) if outcome.card else "")


def _previewed(request: HttpRequest, declaration: Declaration, asked: Inbound) -> HttpResponse:
    """What it would do, in words: what is still required, which rules it touches, who notices."""
    if request.GET["preview"] != "yes":
        raise Problem("unreadable", gettext("“preview” is “yes”, or is left out."))
    if not declaration.foreseen:
        raise Problem(
            "unreadable", gettext("There is no preview of this act. Nothing was changed.")
        )
    outcome = foresee(asked)
    if not outcome.ok:
        raise problem_of(outcome)
    return answered(replace(outcome, card=None))  # there is no such card


@entered("POST")
def several(request: HttpRequest, reader: Known) -> HttpResponse:
    """One act on several objects, each by itself; always 200, the verdicts are inside."""
    try:
        wanted = msgspec.convert(body_of(request), Several)
    except msgspec.ValidationError as wrong:
        raise Problem("invalid", str(wrong)) from None
    declaration = find_act(wanted.act)
    if declaration is None:
        raise Problem("nothing-here")
    inbound = inbound_of(request, reader, declaration, wanted.given)
    return answered(perform_each(inbound, wanted.ids))


def inbound_of(
    request: HttpRequest, reader: Known, declaration: Declaration, given: dict[str, Any]
) -> Inbound:
    """What a program hands in. Raises Problem for a value of another type than is described."""
    errors = mistyped(declaration, given)
    if errors:
        detail = gettext("Something is missing or cannot be read. Nothing was changed.")
        raise Problem("invalid", detail, more={"verdict": "invalid", "errors": errors})
    asked = Asked(
        reader=reader,
        program=is_program(request),
        act=declaration.act,
        object=declaration.object,
        given=given,
        key=key_of(request),
    )
    return read(asked).inbound
