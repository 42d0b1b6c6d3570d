"""The same cards and acts for programs: `/api/`.

Rules of this file: thin. A card is sent as it is; every declared act is one operation, made from
its declaration, and goes to `perform` like any other. Signed in by session, with CSRF, or by a
token, within its scopes: what a program did is logged as a machine's.
"""

import uuid
from collections.abc import Callable
from typing import Any

import msgspec
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from msgspec import Struct
from msgspec.structs import replace
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.security import HttpBearer, SessionAuth
from typing_extensions import override

from genba import __version__
from genba.acts.card import Assurance
from genba.acts.inbound import Inbound, Outcome, Verdict
from genba.acts.objects import card_for, card_in
from genba.acts.performance import perform
from genba.acts.registry import Declaration, acts, find_act
from genba.acts.schemas import schema_of
from genba.acts.several import perform_each
from genba.cases.finding import MOST, find_words
from genba.cases.rulings import load_ruling, try_decision
from genba.channels.workers.entrance import spoken_for
from genba.people.access import READ, may_see_decisions, may_use
from genba.people.directory import Known
from genba.runtime.installation import current
from genba.web.pages.inbox import LONGEST_QUESTION, asked_of
from genba.web.parts import DIGITS
from genba.web.reader import reader_of
from genba.web.tried import STATUS


class Token(HttpBearer):
    """`Authorization: Bearer SECRET`."""

    @override
    def authenticate(self, request: HttpRequest, token: str) -> Known | None:
        """The person of a good token, with its scopes."""
        return spoken_for(token)


api = NinjaAPI(
    title="Genba",
    version=__version__,
    auth=[Token(), SessionAuth(csrf=True)],
    docs_url=None,
    urls_namespace="api",
)


def the_reader(request: HttpRequest) -> Known:
    """Who asks; a closed account finds nothing."""
    reader = program_of(request) or reader_of(request)
    if reader is None:
        raise Http404
    return reader


def to_read(request: HttpRequest) -> Known:
    """The same, for what a token needs the scope "read" for."""
    reader = the_reader(request)
    if not may_use(reader, READ):
        raise HttpError(403, "This token does not allow that.")
    return reader


def program_of(request: HttpRequest) -> Known | None:
    """The person a program speaks for, if it showed a token."""
    shown = getattr(request, "auth", None)
    return shown if isinstance(shown, Known) else None


def plain(value: Any, status: int = 200) -> JsonResponse:
    """Structs as JSON."""
    return JsonResponse(msgspec.to_builtins(value), status=status, safe=False)


@api.get("/find", summary="Cases, open tasks, talk and files that have these words")
def find(request: HttpRequest, q: str, limit: int = 50) -> HttpResponse:
    """What was written last first; only what the reader may see."""
    reader = the_reader(request)
    with current().journal.reading() as reading:
        hits = find_words(reader, q[:LONGEST_QUESTION], reading, min(max(limit, 1), MOST))
    return plain({"hits": hits})


@api.get(
    "/cards",
    summary="What needs me: the cards of the open works, in the order they ought to be taken up",
)
def cards(request: HttpRequest, view: str = "all", limit: int = 50, after: int = 0) -> HttpResponse:
    """`view`: all, mine, groups, overdue or done."""
    reader = to_read(request)
    most, start = max(1, min(limit, 200)), max(0, min(after, 10**DIGITS))
    with current().journal.reading() as reading:
        query = asked_of(reader, view, reading, limit=most, after=start)
        made = [
            card_in("task", f"{row.work.case}:{row.work.work}", reader, reading, full=False)
            for row in reading.inbox(query)
        ]
    return plain([card for card in made if card and not card.quiet])


@api.get("/{object}/{id}", summary="The card of an object, with what you can do")
def card(request: HttpRequest, object: str, id: str) -> HttpResponse:
    """`object`: task, case or process."""
    # A job shows itself to the tokens of its topic, whatever else they may read.
    reader = the_reader(request) if object == "job" else to_read(request)
    found = card_for(object, id, reader)
    if found is None:
        raise Http404
    return plain(found)


@api.post(
    "/decisions/{key}/evaluate",
    summary="What a decision would be with these values; nothing is written",
    operation_id="decisions.evaluate",
    openapi_extra={
        "requestBody": {
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "description": "The inputs by name, as JSON values.",
                        "additionalProperties": True,
                    }
                }
            }
        }
    },
)
def evaluate(request: HttpRequest, key: str) -> HttpResponse:
    """The latest version of a deployed decision: its value, the rows that matched, in words."""
    if not may_see_decisions(to_read(request)):
        raise Http404
    try:
        given = msgspec.json.decode(request.body or b"{}", type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError):
        return plain({"message": "The body is not a JSON object."}, 422)
    with current().journal.reading() as reading:
        ruling = load_ruling(reading, key)
    if ruling is None:
        raise Http404
    return plain(try_decision(ruling, given))


class Several(Struct, frozen=True):
    """One act on several objects, with the same input."""

    act: str
    ids: list[str]
    given: dict[str, Any] = {}


@api.post(
    "/several",
    summary="One act on several objects, each by itself: a result for each",
    operation_id="several",
    openapi_extra={
        "requestBody": {
            "content": {
                "application/json": {
                    "schema": {
                        "type": "object",
                        "required": ["act", "ids"],
                        "properties": {
                            "act": {"type": "string"},
                            "ids": {"type": "array", "items": {"type": "string"}},
                            "given": {"type": "object", "additionalProperties": True},
                        },
                    }
                }
            }
        }
    },
)
def several(request: HttpRequest) -> HttpResponse:
    """`act` on each of `ids` (at most 200), with `given`; always 200, the verdicts are inside."""
    reader = the_reader(request)
    try:
        wanted = msgspec.json.decode(request.body or b"{}", type=Several)
    except (msgspec.MsgspecError, RecursionError) as wrong:
        return plain({"message": str(wrong)}, 422)
    declaration = find_act(wanted.act)
    if declaration is None:
        raise Http404
    inbound = inbound_of(request, reader, declaration, wanted.given)
    return plain(perform_each(inbound, wanted.ids))


def inbound_of(
    request: HttpRequest, reader: Known, declaration: Declaration, given: dict[str, Any]
) -> Inbound:
    """What a program hands in."""
    key = request.headers.get("Idempotency-Key") or uuid.uuid4().hex
    program = program_of(request)
    return Inbound(
        channel="api",
        assurance=Assurance.SESSION if program is None else Assurance.CHANNEL,
        act=declaration.act,
        given=given,
        key=f"{reader.id}:{key}",
        person=reader.id,
        object=declaration.object,
        locale=reader.locale,
        machine=program is not None,
        scopes=reader.scopes,
    )


def operation(declaration: Declaration) -> Callable[..., HttpResponse]:
    """The view that does one declared act."""

    def do(request: HttpRequest, id: str) -> HttpResponse:
        reader = the_reader(request)
        try:
            given = msgspec.json.decode(request.body or b"{}", type=dict[str, Any])
        except (msgspec.MsgspecError, RecursionError):
            return refused(
                Outcome(verdict=Verdict.INVALID, message="The body is not a JSON object.")
            )
        inbound = inbound_of(request, reader, declaration, given)
        outcome = perform(replace(inbound, object_id=id))
        return plain(outcome) if outcome.ok else refused(outcome)

    do.__name__ = declaration.act.replace(".", "_").replace("-", "_")
    return do


def refused(outcome: Outcome) -> HttpResponse:
    """An act that did not take effect, with its status."""
    return plain(outcome, STATUS[outcome.verdict])


def add_acts() -> None:
    """One operation for each act of the registry."""
    for declaration in acts():
        schema = schema_of(declaration.input)
        api.default_router.add_api_operation(
            f"/{declaration.object}/{{id}}/{declaration.name}",
            ["POST"],
            operation(declaration),
            operation_id=declaration.act,
            summary=str(declaration.summary),
            openapi_extra={
                "requestBody": {"content": {"application/json": {"schema": schema}}},
                "parameters": [
                    {
                        "name": "Idempotency-Key",
                        "in": "header",
                        "required": False,
                        "schema": {"type": "string"},
                    }
                ],
            },
        )


def urls() -> Any:
    """The addresses; a program without a session is told so (401), not sent to a sign-in page."""
    add_acts()
    found: Any = api.urls
    for pattern in found[0]:
        if pattern.name not in ("openapi-json", "api-root"):
            login_not_required(pattern.callback)
    return found
