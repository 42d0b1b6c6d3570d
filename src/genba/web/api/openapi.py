"""The description of `/api/`, in OpenAPI 3.1, made from the registry of acts.

Rules of this file: an operation of an act comes from its declaration; the reads are a table. JSON
Schema 2020-12 throughout. Every answer there can be is named, problems too.
"""

from typing import Any

import msgspec
from django.conf import settings
from django.utils.translation import gettext, override

from genba import __version__
from genba.acts.card import Card, JsonSchema
from genba.acts.inbound import Outcome
from genba.acts.objects import object_types
from genba.acts.registry import Declaration, acts
from genba.acts.several import Each
from genba.cases.filters import Counted
from genba.cases.finding import Hit
from genba.cases.needed import VIEWS
from genba.cases.rulings import TriedDecision
from genba.channels.bulk.importing import Result
from genba.channels.leaks import Leaks
from genba.web.api.camunda import REFUSAL, camunda_paths
from genba.web.api.inputs import input_schema
from genba.web.api.jobs import Fetch, Jobs, Keep, Kept
from genba.web.api.problems import KINDS, MEDIA
from genba.web.api.problems import Kind as ProblemKind
from genba.web.api.reads import LARGEST_PAGE, PAGE, STATUSES
from genba.web.api.writes import Several

Operation = dict[str, Any]

ABOUT = """Everything people can do in Genba, programs can do: the same cards, the same acts, the
same rights. `GET /api/{object}/{id}` is a card: its `offers` say which acts are open, each with the
JSON Schema of its input; `POST /api/{object}/{id}/{act}` does one.

In `{id}`, `/` is written `%252F` and `%` is written `%2525`: once more than usual.
"""

ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The id of the object, as its card says it.",
    "schema": {"type": "string", "minLength": 1},
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Names this request for good: sent again, it gives the first answer again.",
    "schema": {"type": "string", "pattern": '^("[!#-~]{1,200}"|[!#-~]{1,200})$'},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": "The `ETag` of the card: the act happens only while its revision is this one.",
    "schema": {"type": "string"},
}
IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "description": "The `ETag` of the card you have: 304 when it still is that.",
    "schema": {"type": "string"},
}
FILTER = {
    "name": "filter",
    "in": "query",
    "description": "The id of a saved filter of this list; the other conditions then do not count.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 64},
}
PAGED = (
    {
        "name": "limit",
        "in": "query",
        "description": "How many at most.",
        "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE},
    },
    {
        "name": "cursor",
        "in": "query",
        "description": "From the `Link` of the page before; what changed meanwhile neither hides"
        " nor repeats anything.",
        "schema": {"type": "string", "minLength": 1},
    },
)
ETAG = {"description": "REVISION-DIGEST of the card.", "schema": {"type": "string"}}
LINK = {"description": 'The next page, `rel="next"`.', "schema": {"type": "string"}}
_ALWAYS = ("signed-out", "too-often", "unavailable")


def query(name: str, description: str, schema: JsonSchema) -> JsonSchema:
    """A parameter of the address."""
    return {"name": name, "in": "query", "description": description, "schema": schema}


def describe() -> dict[str, Any]:
    """The whole description, in English."""
    with override("en"):
        _roots, parts = msgspec.json.schema_components(
            (
                Card,
                Hit,
                Counted,
                Leaks,
                Outcome,
                TriedDecision,
                Each,
                Result,
                Several,
                ProblemKind,
                Fetch,
                Jobs,
                Keep,
                Kept,
            ),
            ref_template="#/components/schemas/{name}",
        )
        return {
            "openapi": "3.1.0",
            "info": {"title": "Genba", "version": __version__, "description": ABOUT},
            "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
            "servers": [{"url": settings.GENBA_URL}],
            "security": [{"token": []}, {"session": []}],
            "paths": _paths(),
            "components": {
                "schemas": {**parts, "Problem": PROBLEM, "Refusal": REFUSAL},
                "responses": {name: _problem(name) for name in KINDS},
                "securitySchemes": {
                    "token": {"type": "http", "scheme": "bearer"},
                    "password": {"type": "http", "scheme": "basic"},
                    "session": {
                        "type": "apiKey",
                        "in": "cookie",
                        "name": settings.SESSION_COOKIE_NAME,
                    },
                },
            },
        }


PROBLEM: JsonSchema = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "verdict": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": {"type": "string"}},
        "card": {"$ref": "#/components/schemas/Card"},
    },
}


def _problem(name: str) -> JsonSchema:
    kind = KINDS[name]
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": f"{kind.title}. {kind.meaning}",
        "content": {MEDIA: {"schema": schema}},
    }


def _find() -> JsonSchema:
    return _get(
        "find",
        "Cases, open tasks, talk and files that have these words, the latest first",
        [
            query("q", "The words; each may be the beginning of one.", {**_NAME, "maxLength": 200}),
            query("limit", "At most so many.", {"type": "integer", "minimum": 1, "maximum": 50}),
        ],
        _many("Hit"),
        ("unreadable",),
    )


def _processes() -> JsonSchema:
    cards = _many("Card")
    return _get("processes", "The processes I may see, by name", [], cards, ("unreadable",))


def _filters() -> JsonSchema:
    return _get(
        "filters",
        "My saved filters and those of my teams, with how many each leaves",
        [],
        _many("Counted"),
        ("unreadable",),
    )


def _leaks() -> JsonSchema:
    return _get(
        "leaks",
        "Where work leaks, process by process, where enough people act in it",
        [],
        _one("Leaks"),
        ("unreadable", "nothing-here"),
    )


def _bulk() -> dict[str, Any]:
    lines = {"schema": {"type": "string"}}
    exported = _get(
        "export",
        "The cases I may see, as a file, newest first",
        [
            query("form", "Of the file.", {"type": "string", "enum": ["jsonl", "csv"]}),
            query("status", "Only these.", {"type": "string", "enum": list(STATUSES)}),
            query("process", "Only those of this process.", _NAME),
            query("limit", "How many at most.", {"type": "integer", "minimum": 1, "maximum": 1000}),
            PAGED[1],
        ],
        {"description": "A file.", "content": {"application/x-ndjson": lines, "text/csv": lines}},
        ("unreadable", "forbidden", "nothing-here"),
    )
    imported = {
        "operationId": "import",
        "summary": "One act for every line of a file, each by itself: a result for each",
        "tags": ["several"],
        "parameters": [
            query("act", "Which, for instance process.start.", _NAME),
            query("id", "Of the object, where no line says another (`_id`).", _NAME),
            KEY,
        ],
        "requestBody": {
            "required": True,
            "content": {"text/csv": lines, "application/x-ndjson": lines},
        },
        "responses": _answers(_all("Result"), _BODY),
    }
    return {"/api/export": exported, "/api/import": {"post": imported}}


def _events() -> JsonSchema:
    last = {
        "name": "Last-Event-ID",
        "in": "header",
        "description": "The `id` of the last event that was received: go on after it.",
        "schema": {"type": "string", "pattern": "^[0-9]{1,18}$"},
    }
    return _get(
        "events",
        "What happens to the cases I may see, as server-sent events that go on where you were",
        [
            last,
            query("since", "The same, in the address.", {"type": "integer", "minimum": 0}),
            query("case", "Only of this case, by its id.", _NAME),
            query("process", "Only of cases of this process.", _NAME),
            query("types", "With commas, `case-*` for all that begin so.", _NAME),
        ],
        {
            "description": "CloudEvents 1.0, one each; the id of an event is its place in the log.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        ("unreadable", "forbidden"),
    )


def _paths() -> dict[str, Any]:
    cards = _many("Card")
    paths: dict[str, Any] = {
        "/api/cards": _get(
            "cards",
            "What needs me, soonest due first",
            [
                query(
                    "view",
                    "Which of it.",
                    {"type": "string", "enum": list(VIEWS), "default": "all"},
                ),
                FILTER,
                *PAGED,
            ],
            cards,
            ("unreadable", "nothing-here"),
        ),
        "/api/filters": _filters(),
        "/api/leaks": _leaks(),
        "/api/cases": _get(
            "cases",
            "The cases I may see, newest first",
            [
                query("status", "Only these.", {"type": "string", "enum": list(STATUSES)}),
                query("process", "Only those of this process.", _NAME),
                query(
                    "mine",
                    "Only those I started, have work in or follow.",
                    {"type": "string", "enum": ["yes"]},
                ),
                FILTER,
                *PAGED,
            ],
            cards,
            ("unreadable", "nothing-here"),
        ),
        "/api/processes": _processes(),
        "/api/find": _find(),
        "/api/events": _events(),
        **_bulk(),
        "/api/decisions/{id}/evaluate": {"post": _evaluate()},
        "/api/several": {"post": _several()},
        **_jobs(),
        "/api/problems/{id}": _get(
            "problem", "What a kind of problem means", [ID], _one("Kind"), ("nothing-here",)
        ),
    }
    for type in object_types():
        paths[f"/api/{type}/{{id}}"] = _get(
            f"{type}.card",
            f"The card of a {type}, with its story and what I can do",
            [ID, IF_NONE_MATCH],
            {**_one("Card"), "headers": {"ETag": ETAG}},
            ("unreadable", "nothing-here"),
            {"304": {"description": "It is as you have it.", "headers": {"ETag": ETAG}}},
        )
    for declaration in acts():
        paths[f"/api/{declaration.object}/{{id}}/{declaration.name}"] = {"post": _act(declaration)}
    return {**paths, **camunda_paths()}


_NAME = {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[^\\x00]*$"}


def _one(name: str) -> JsonSchema:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": "It.", "content": {"application/json": {"schema": schema}}}


def _all(name: str) -> JsonSchema:
    schema = {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}
    return {"description": "Them.", "content": {"application/json": {"schema": schema}}}


def _many(name: str) -> JsonSchema:
    return {**_all(name), "description": "A page of them.", "headers": {"Link": LINK}}


def _answers(done: JsonSchema, problems: tuple[str, ...]) -> JsonSchema:
    """By status; where two problems share one, both are told."""
    found: JsonSchema = {"200": done}
    for name in (*problems, *_ALWAYS):
        status = str(KINDS[name].status)
        said = found.get(status)
        if said is None:
            found[status] = {"$ref": f"#/components/responses/{name}"}
        else:
            first = said.get("$ref", "").rpartition("/")[2]
            words = f"{said.get('description') or KINDS[first].title}; or: {KINDS[name].title}"
            found[status] = {**_problem(name), "description": words}
    return found


def _get(
    name: str,
    summary: str,
    parameters: list[JsonSchema],
    done: JsonSchema,
    problems: tuple[str, ...],
    more: JsonSchema | None = None,
) -> dict[str, Operation]:
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "tags": ["reading"],
            "parameters": parameters,
            "responses": {**_answers(done, problems), **(more or {})},
        }
    }


_BODY = ("unreadable", "forbidden", "nothing-here", "no-length", "too-large", "not-json", "invalid")


def _evaluate() -> Operation:
    schema = {
        "type": "object",
        "description": "The inputs by name, as JSON values.",
        "additionalProperties": True,
    }
    return {
        "operationId": "decisions.evaluate",
        "summary": "What a decision would be with these values; nothing is written",
        "tags": ["reading"],
        "parameters": [ID],
        "requestBody": {"content": {"application/json": {"schema": schema}}},
        "responses": _answers(_one("TriedDecision"), _BODY),
    }


def _several() -> Operation:
    schema = {"$ref": "#/components/schemas/Several"}
    return {
        "operationId": "several",
        "summary": "One act on several objects, each by itself: a result for each",
        "tags": ["several"],
        "parameters": [KEY],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": _answers(_all("Each"), _BODY),
    }


def _jobs() -> dict[str, Any]:
    return {
        "/api/jobs/fetch": {"post": _worked("fetch", "Lock jobs of topics", "Fetch", "Jobs")},
        "/api/jobs/{id}/extend": {"post": _worked("extend", "Keep a lock longer", "Keep", "Kept")},
        "/api/jobs/{id}/unlock": {"post": _worked("unlock", "Give a job back", "Keep", "Kept")},
    }


def _worked(name: str, summary: str, asked: str, answer: str) -> Operation:
    schema = {"$ref": f"#/components/schemas/{asked}"}
    return {
        "operationId": f"jobs.{name}",
        "summary": f"{summary}; for a token with the scope `work:TOPIC`",
        "tags": ["jobs"],
        "parameters": [] if name == "fetch" else [ID],
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": _answers(_one(answer), (*_BODY, "refused")),
    }


_PREVIEW = query(
    "preview",
    "Say in `effects` what it would do: what is still required, which rules it touches, who"
    " notices. Nothing is changed.",
    {"type": "string", "enum": ["yes"]},
)


def _act(declaration: Declaration) -> Operation:
    schema = input_schema(declaration)
    return {
        "operationId": declaration.act,
        "summary": gettext(declaration.summary),
        "tags": [declaration.object],
        "parameters": [ID, KEY, IF_MATCH, *([_PREVIEW] if declaration.foreseen else [])],
        "requestBody": {
            "required": bool(schema.get("required")),
            "content": {"application/json": {"schema": schema}},
        },
        "responses": _answers(
            {**_one("Outcome"), "headers": {"ETag": ETAG}},
            (*_BODY, "step-up", "gone", "refused", "changed", "key-used"),
        ),
    }
