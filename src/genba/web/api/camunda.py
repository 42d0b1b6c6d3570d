"""The description of `/engine-rest/external-task`, for workers of Camunda 7.

Rules of this file: a table of what `channels.workers` answers; the names, numbers and refusals are
those of Camunda 7.24, whatever they would be called here.
"""

from typing import Any

from genba.acts.card import JsonSchema
from genba.channels.workers.asking import FILTERS, HARMLESS, LONGEST, LONGEST_LOCK, SHAPES, WHOLE
from genba.channels.workers.queries import FILTERS as QUERIES
from genba.channels.workers.queries import FLAGS, SORTS

BASE = "/engine-rest/external-task"
_TEXT = {"type": "string"}
_JSON: dict[type, str] = {dict: "object", list: "array"}
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "The id of the task.",
    "schema": {"type": "string", "minLength": 1},
}
REFUSAL: JsonSchema = {
    "type": "object",
    "description": "What Camunda answers when it does not do something.",
    "required": ["type", "message", "code"],
    "properties": {"type": _TEXT, "message": _TEXT, "code": {"type": ["integer", "null"]}},
}
_STATUSES = {
    "400": "It cannot be read, or is not so: `message` says what.",
    "401": "Show a token, as `Bearer` or as the password of `Basic`.",
    "403": "The token is not for this topic.",
    "404": "There is no such task for this token.",
    "429": "Wait as many seconds as `Retry-After` says.",
}
_WORKER = {"type": "string", "minLength": 1}
_TYPED = {
    "type": ["object", "null"],
    "description": "Values by name: `{value, type, valueInfo}`.",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "value": {},
            "type": {"not": {"enum": ["File", "Bytes"]}},
        },
    },
}
_MILLISECONDS = {"type": ["number", "null"]}


def camunda_paths() -> dict[str, Any]:
    """The operations by path and method."""
    said: dict[str, tuple[str, JsonSchema]] = {
        "complete": (
            "Say that a task is done",
            {"variables": _TYPED, "localVariables": _TYPED},
        ),
        "failure": (
            "Say that a task failed, and how often it may be tried",
            {
                "errorMessage": {},
                "errorDetails": {},
                "retries": {"type": ["integer", "null"]},
                "retryTimeout": _MILLISECONDS,
            },
        ),
        "bpmnError": (
            "Say that an error of the drawing happened",
            {"errorCode": {}, "errorMessage": {}, "variables": _TYPED},
        ),
        "extendLock": ("Keep a lock longer", {"newDuration": {"type": "number"}}),
    }
    paths: dict[str, Any] = {
        f"{BASE}/fetchAndLock": {"post": _posted("fetchAndLock", "Lock tasks", _fetch(), "Tasks")},
        BASE: {
            "get": _asked("tasks", "The tasks that fit", "Tasks"),
            "post": _posted("queryTasks", "The tasks that fit", _query(), "Tasks"),
        },
        f"{BASE}/count": {
            "get": _asked("countTasks", "How many tasks fit", "Count"),
            "post": _posted("queryCount", "How many tasks fit", _query(), "Count"),
        },
        f"{BASE}/topic-names": {"get": _operation("topicNames", "Topics with tasks", [], "Names")},
        f"{BASE}/{{id}}": {"get": _operation("aTask", "A task", [_ID], "Task")},
        f"{BASE}/{{id}}/errorDetails": {
            "get": _operation("errorDetails", "What its worker wrote", [_ID], "Details")
        },
        f"{BASE}/{{id}}/unlock": {"post": _operation("unlockTask", "Give it back", [_ID], "")},
    }
    for name, (summary, fields) in said.items():
        needed = ("workerId", "newDuration") if name == "extendLock" else ("workerId",)
        schema = _object({"workerId": _WORKER, **fields}, *needed, more=True)
        paths[f"{BASE}/{{id}}/{name}"] = {"post": _posted(name, summary, schema, "", _ID)}
    return paths


def _object(properties: JsonSchema, *required: str, more: bool = False) -> JsonSchema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": more,
    }


def _fetch() -> JsonSchema:
    topic = {
        "topicName": {"type": "string", "minLength": 1},
        "lockDuration": {"type": "integer", "minimum": 1, "maximum": LONGEST_LOCK},
        "variables": {"type": ["array", "null"]},
        "localVariables": {},
        **{name: _filter(name) for name in FILTERS},
        **{name: {} for name in HARMLESS},
    }
    known: JsonSchema = {name: {} for name in WHOLE}
    return _object(
        {
            **known,
            "workerId": _WORKER,
            "maxTasks": {"type": "integer", "minimum": 1},
            "asyncResponseTimeout": {
                "type": ["integer", "null"],
                "minimum": 0,
                "maximum": LONGEST,
                "description": "Milliseconds to wait for the first task.",
            },
            "topics": {
                "type": ["array", "null"],
                "items": _object(topic, "topicName", "lockDuration"),
            },
        },
        "workerId",
        "maxTasks",
    )


def _filter(name: str) -> JsonSchema:
    return {"type": [_JSON[SHAPES[name]], "null"]} if name in SHAPES else {}


def _words() -> dict[str, JsonSchema]:
    """The filters, and how a list is sorted and cut."""
    place: JsonSchema = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
    return {
        **dict.fromkeys(QUERIES, _TEXT),
        **{name: {"type": "string", "enum": ["true", "false"]} for name in FLAGS},
        "firstResult": place,
        "maxResults": place,
        "sortBy": {"type": "string", "enum": list(SORTS)},
        "sortOrder": {"type": "string", "enum": ["asc", "desc"]},
    }


def _query() -> JsonSchema:
    plain = ["string", "number", "boolean", "array", "null"]
    words: JsonSchema = {}
    for name, rule in _words().items():
        if rule is _TEXT:
            words[name] = {"type": plain}
        elif "enum" in rule:
            words[name] = {"enum": [*rule["enum"], None]}
        else:
            words[name] = {**rule, "type": ["integer", "null"]}
    return _object({**words, **{name: {"type": ["boolean", "null"]} for name in FLAGS}})


def _asked(name: str, summary: str, answer: str) -> dict[str, Any]:
    parameters = [
        {"name": word, "in": "query", "description": "A filter of Camunda.", "schema": rule}
        for word, rule in _words().items()
    ]
    return _operation(name, summary, parameters, answer)


def _posted(
    name: str, summary: str, schema: JsonSchema, answer: str, *parameters: JsonSchema
) -> dict[str, Any]:
    made = _operation(name, summary, list(parameters), answer)
    made["requestBody"] = {
        "required": bool(schema["required"]),
        "content": {"application/json": {"schema": schema}},
    }
    return made


_TASK: JsonSchema = {"type": "object", "required": ["id", "topicName", "workerId"]}
# What is answered: media type and schema.
_ANSWERS: dict[str, tuple[str, JsonSchema]] = {
    "Task": ("application/json", _TASK),
    "Tasks": ("application/json", {"type": "array", "items": _TASK}),
    "Count": ("application/json", _object({"count": {"type": "integer"}}, "count")),
    "Names": ("application/json", {"type": "array", "items": _TEXT}),
    "Details": ("text/plain", _TEXT),
}


def _operation(
    name: str, summary: str, parameters: list[JsonSchema], answer: str
) -> dict[str, Any]:
    responses: JsonSchema = {
        status: {
            "description": words,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
        }
        for status, words in _STATUSES.items()
    }
    if answer:
        media, schema = _ANSWERS[answer]
        responses["200"] = {"description": "It.", "content": {media: {"schema": schema}}}
    if answer in ("", "Details"):
        responses["204"] = {"description": "Done." if not answer else "There are none."}
    return {
        "operationId": f"camunda.{name}",
        "summary": f"{summary}, as in Camunda 7",
        "tags": ["camunda"],
        "security": [{"token": []}, {"password": []}],
        "parameters": parameters,
        "responses": responses,
    }
