"""The reference page of all acts, written from the registry.

Rules of this file: nothing is listed by hand; a test fails when the page in
`docs/reference/acts.md` is not what `describe` gives.
"""

from collections.abc import Iterator

from django.utils.translation import gettext, override

from genba.acts.card import Assurance, Effect, JsonSchema
from genba.acts.declaring import mail_words
from genba.acts.registry import Declaration, acts
from genba.acts.schemas import is_free, schema_of

HEAD = """# Acts

Everything anybody can do, from the registry. Each act is reachable from the page, by mail (its
words as the first line of an answer), through the API (`POST /api/<object>/<id>/<act>`) and from
the command line (`genba act <object> <id> <act>`). This page is written from the
registry: change the declaration, not the page.
"""

_SURE = {
    Assurance.POSSESSION: "holding a link or a reply address",
    Assurance.CHANNEL: "a channel that knows its users",
    Assurance.SESSION: "signed in",
    Assurance.FRESH: "signed in just now",
}
_BACK = {Effect.REVERSIBLE: "", Effect.FINAL: "; cannot be taken back"}


def describe() -> str:
    """The page, in English, as Markdown."""
    with override("en"):
        return "\n".join([HEAD, *(line for one in acts() for line in _entry(one))])


def _entry(declaration: Declaration) -> Iterator[str]:
    yield f"## {declaration.act}\n"
    yield f"{gettext(declaration.summary)}\n"
    yield f"- Label: {gettext(declaration.label)}"
    yield f"- Mail words: {_words(declaration)}"
    yield f"- Needs: {_SURE[declaration.assurance]}{_BACK[declaration.effect]}"
    if declaration.on_parts:
        yield "- Also offered on the tasks of the case"
    schema = schema_of(declaration.input)
    fields = [_field(name, schema) for name in schema["properties"]]
    if is_free(declaration.input):
        fields.insert(0, "- Input: the form of the step")
    yield from fields or ["- Input: none"]
    yield ""


def _words(declaration: Declaration) -> str:
    """English and French, as people write them."""
    if not declaration.words:
        return "none"
    with override("fr"):
        french = [word for word in mail_words(declaration.words) if word not in declaration.words]
    return ", ".join([*declaration.words, *french])


def _field(name: str, schema: JsonSchema) -> str:
    rule = schema["properties"][name]
    limits = [rule.get("format") or rule["type"]]
    if name in schema.get("required", ()):
        limits.append("required")
    if rule.get("maxLength", 0) and rule.get("format") != "binary":
        limits.append(f"at most {rule['maxLength']} characters")
    if "maximum" in rule:
        limits.append(f"{rule.get('minimum', 0)} to {rule['maximum']}")
    words = f". {rule['description']}" if rule.get("description") else ""
    return f"- Input `{name}`: {rule['title']} ({', '.join(limits)}){words}"
