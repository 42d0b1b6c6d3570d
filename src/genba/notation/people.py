"""Who does a task and what they fill in: assignments and forms, of BPMN and of vendors.

Rules of this file:

1. Values stay as written: literal words or the vendor's expression (`=…`, `${…}`).
2. The vendor's word comes before the standard's, because the vendor's is what ran.
"""

import re
from collections.abc import Iterator

from genba.notation.catalogue import Catalogue
from genba.notation.document import Element
from genba.notation.elements import Extras, find_child, find_children, read_reference
from genba.notation.model import Assignment, Form, FormField

_ROLE = re.compile(r"(user|group)\s*\((.*)\)", re.DOTALL)
_FIELD_TYPES: dict[str, str] = {
    "string": "string",
    "text": "text",
    "long": "long",
    "int": "long",
    "integer": "long",
    "number": "number",
    "double": "number",
    "decimal": "number",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "enum": "enum",
}
_BUNDLED = "camunda-forms:bpmn:"  # formKey of a form that is in the same file


def split_words(text: str | None) -> tuple[str, ...]:
    """A comma-separated list; an expression (`=…`, or commas within brackets) stays whole."""
    text = (text or "").strip()
    if text.startswith("="):
        return (text,)
    words: list[str] = []
    depth = start = 0
    for index, character in enumerate(text):
        if character in "{([":
            depth += 1
        elif character in "})]":
            depth -= 1
        elif character == "," and depth <= 0:
            words.append(text[start:index].strip())
            start = index + 1
    words.append(text[start:].strip())
    return tuple(word for word in words if word)


def read_assignment(element: Element, extras: Extras, catalogue: Catalogue) -> Assignment:
    """Who the drawing says does it: zeebe and camunda content, then resource roles (§10.3.1)."""
    zeebe = extras.find("zeebe", "assignmentDefinition")
    schedule = extras.find("zeebe", "taskSchedule")
    priority = extras.find("zeebe", "priorityDefinition")
    person, users, groups = _read_roles(element, catalogue)

    def first(node: Element | None, theirs: str, ours: str) -> str | None:
        value = (node.get(theirs) or "").strip() if node is not None else ""
        return value or extras.get("camunda", ours)

    def own(name: str) -> str | None:
        return extras.get("genba", name)

    return Assignment(
        assignee=first(zeebe, "assignee", "assignee") or person,
        users=split_words(first(zeebe, "candidateUsers", "candidateUsers")) or users,
        groups=split_words(first(zeebe, "candidateGroups", "candidateGroups")) or groups,
        due=own("due") or first(schedule, "dueDate", "dueDate"),
        follow_up=own("followUp") or first(schedule, "followUpDate", "followUpDate"),
        priority=own("priority") or first(priority, "priority", "priority"),
        remind=own("remind"),
        escalate=own("escalate"),
        escalate_to=own("escalateTo"),
        delay=own("costOfDelay"),
        skills=split_words(own("skills")),
    )


def _read_roles(
    element: Element, catalogue: Catalogue
) -> tuple[str | None, tuple[str, ...], tuple[str, ...]]:
    """Assignee, users and groups that performer, humanPerformer and potentialOwner name.

    A resource is a group. Words are a person for humanPerformer and groups otherwise, unless they
    say user(…) or group(…), as Activiti and its descendants write it.
    """
    person: str | None = None
    users: list[str] = []
    groups: list[str] = []
    for role in find_children(element, "performer", "humanPerformer", "potentialOwner"):
        resource = read_reference(role, "resourceRef")
        if resource is not None:
            groups.append(catalogue.resources.get(resource, resource))
            continue
        for word in split_words(_read_role_words(role)):
            match = _ROLE.fullmatch(word)
            if match is not None:
                (users if match[1] == "user" else groups).extend(split_words(match[2]))
            elif role.local == "humanPerformer":
                person = person or word
            else:
                groups.append(word)
    return person, tuple(dict.fromkeys(users)), tuple(dict.fromkeys(groups))


def _read_role_words(role: Element) -> str:
    assigned = find_child(role, "resourceAssignmentExpression")
    if assigned is None:
        return ""
    inner = find_child(assigned, "formalExpression", "expression")
    return (inner if inner is not None else assigned).text


def read_form(extras: Extras, catalogue: Catalogue) -> Form | None:
    """The form of a start event or task; None when the file has none."""
    own = extras.find("genba", "form")
    zeebe = extras.find("zeebe", "formDefinition")
    fields = tuple(_read_fields(extras))
    key = extras.get("camunda", "formKey") or extras.get("camunda", "formRef")
    if zeebe is not None:
        names = ("formKey", "formId", "externalReference")
        key = next((value for name in names if (value := zeebe.get(name))), key)
    body = own.text.strip() or None if own is not None else None
    if body is None and key is not None:
        body = catalogue.forms.get(key.removeprefix(_BUNDLED)) or None
    if key is None and body is None and not fields:
        return None
    return Form(key=key, fields=fields, body=body)


def _read_fields(extras: Extras) -> Iterator[FormField]:
    for data in extras.find_all("camunda", "formData"):
        for node in data.elements():
            if node.local == "formField":
                yield _read_field(node, label="label", default="defaultValue")
    for node in extras.find_all("camunda", "formProperty"):
        yield _read_field(node, label="name", default="default")


def _read_field(node: Element, *, label: str, default: str) -> FormField:
    id = (node.get("id") or "").strip()
    options: list[tuple[str, str]] = []
    required = node.get("required") == "true"
    for child in node.elements():
        if child.local == "value":
            value = child.get("id") or child.get("name") or ""
            options.append((value, child.get("name") or value))
        elif child.local == "validation":
            required = required or any(
                rule.get("name") == "required" and rule.get("config") != "false"
                for rule in child.elements()
            )
    return FormField(
        id=id,
        label=(node.get(label) or "").strip() or id,
        type=_FIELD_TYPES.get((node.get("type") or "").strip().lower(), "string"),
        required=required,
        default=node.get(default),
        options=tuple(options),
    )
