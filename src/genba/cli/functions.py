"""`genba functions`: what is installed to do the work of service tasks.

Rules of this file: shows the table, nothing else; it needs no installation.
"""

from typing import Annotated, Any

from cyclopts import Parameter

from genba.cli.answers import print_json, print_rows

HEAD = ("function", "what it does", "takes", "gives", "also called")


def functions(*, json: Annotated[bool, Parameter(negative="")] = False) -> int:
    """Print the functions that are installed here, which do the work of service tasks.

    Exit code 1 when some package brings functions that cannot be loaded.

    Parameters
    ----------
    json
        Print them as JSON, with the schemas of what they take and give.
    """
    from genba.runtime.functions import broken
    from genba.runtime.functions import functions as declared

    found = declared()
    if json:
        print_json(
            [
                {
                    "name": one.name,
                    "summary": one.summary,
                    "also": list(one.also),
                    "retries": one.retries,
                    "input": one.input_schema(),
                    "output": one.output_schema(),
                }
                for one in found
            ]
        )
    else:
        print_rows(
            HEAD,
            [
                (
                    one.name,
                    one.summary or "-",
                    _fields(one.input_schema()),
                    _fields(one.output_schema()),
                    ", ".join(one.also) or "-",
                )
                for one in found
            ],
        )
        for module, why in broken().items():
            print(f"{module} cannot be loaded: {why}")
    return 1 if broken() else 0


def _fields(schema: dict[str, Any]) -> str:
    """The names in a schema, for a line in a table."""
    ref = schema.get("$ref", "")
    inner = schema.get("$defs", {}).get(ref.rpartition("/")[2], schema) if ref else schema
    return " ".join(inner.get("properties", {})) or "any"
