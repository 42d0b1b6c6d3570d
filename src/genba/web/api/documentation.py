"""The reference page of `/api/`, written from its description.

Rules of this file: nothing is listed by hand; a test fails when `docs/reference/rest.md` is not
what `describe_page` gives.
"""

from typing import Any

from genba.web.api.openapi import ABOUT, describe
from genba.web.api.problems import KINDS

HEAD = f"""# REST

{ABOUT}
This page is written from the description at `/api/openapi.json`; [the guide](../guide/programs.md)
says how it is used, [the page of acts](acts.md) what each act takes.
"""


def describe_page() -> str:
    """The page, in English, as Markdown."""
    lines = [HEAD, "## Addresses\n", "| address | what | parameters |", "| --- | --- | --- |"]
    for path, methods in describe()["paths"].items():
        for method, operation in methods.items():
            lines.append(
                f"| `{method.upper()} {path}` | {operation['summary']} | {_parameters(operation)} |"
            )
    lines += ["", "## Problems\n", "| type | status | what it means |", "| --- | --- | --- |"]
    lines += [
        f"| `{name}` | {kind.status} | {kind.title}. {kind.meaning} |"
        for name, kind in KINDS.items()
    ]
    return "\n".join(lines) + "\n"


def _parameters(operation: dict[str, Any]) -> str:
    names = [one["name"] for one in operation["parameters"] if one["in"] != "path"]
    return ", ".join(f"`{name}`" for name in names) or "–"
