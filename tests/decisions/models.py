"""Small DMN models as texts, for the tests."""

from collections.abc import Sequence
from html import escape
from typing import Any

from genba.decisions import Decided, Model, compile_decisions, decide
from genba.notation.dmn import Definitions, read_dmn

SPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def text(words: str, tag: str = "text") -> str:
    return f"<{tag}>{escape(words, quote=False)}</{tag}>"


def model_text(*parts: str, namespace: str = "urn:test", space: str = SPACE) -> bytes:
    body = "".join(parts)
    head = f'<definitions xmlns="{space}" namespace="{namespace}" name="m">'
    return f"{head}{body}</definitions>".encode()


def given(name: str, type_: str = "") -> str:
    typed = f' typeRef="{type_}"' if type_ else ""
    return f'<inputData id="{name}" name="{name}"><variable name="{name}"{typed}/></inputData>'


def decision(
    name: str,
    box: str,
    *,
    needs: Sequence[str] = (),
    decisions: Sequence[str] = (),
    knowledge: Sequence[str] = (),
    type_: str = "",
) -> str:
    """A decision; ids are names."""
    required = "".join(
        f'<informationRequirement><required{kind} href="{href(one)}"/></informationRequirement>'
        for kind, names in (("Input", needs), ("Decision", decisions))
        for one in names
    )
    required += "".join(
        f'<knowledgeRequirement><requiredKnowledge href="{href(one)}"/></knowledgeRequirement>'
        for one in knowledge
    )
    typed = f' typeRef="{type_}"' if type_ else ""
    variable = f'<variable name="{name}"{typed}/>'
    return f'<decision id="{name}" name="{name}">{variable}{required}{box}</decision>'


def href(name: str) -> str:
    return name if "#" in name else f"#{name}"


def literal(words: str, type_: str = "") -> str:
    typed = f' typeRef="{type_}"' if type_ else ""
    return f"<literalExpression{typed}>{text(words)}</literalExpression>"


def column(words: str, type_: str = "", allowed: str = "") -> str:
    typed = f' typeRef="{type_}"' if type_ else ""
    values = f"<inputValues>{text(allowed)}</inputValues>" if allowed else ""
    return f"<input><inputExpression{typed}>{text(words)}</inputExpression>{values}</input>"


def output(name: str = "", allowed: str = "", default: str = "") -> str:
    named = f' name="{name}"' if name else ""
    values = f"<outputValues>{text(allowed)}</outputValues>" if allowed else ""
    value = f"<defaultOutputEntry>{text(default)}</defaultOutputEntry>" if default else ""
    return f"<output{named}>{values}{value}</output>"


def row(inputs: Sequence[str], outputs: Sequence[str]) -> str:
    cells = "".join(f"<inputEntry>{text(cell)}</inputEntry>" for cell in inputs)
    cells += "".join(f"<outputEntry>{text(cell)}</outputEntry>" for cell in outputs)
    return f"<rule>{cells}</rule>"


def table(
    columns: Sequence[str], outputs: Sequence[str], rows: Sequence[str], policy: str = "UNIQUE"
) -> str:
    """A decision table; the policy may carry its aggregation, as in "COLLECT SUM"."""
    name, _, aggregation = (
        policy.partition(" ") if policy.startswith("COLLECT") else (policy, "", "")
    )
    aggregated = f' aggregation="{aggregation}"' if aggregation else ""
    head = f'<decisionTable hitPolicy="{name}"{aggregated}>'
    return head + "".join((*columns, *outputs, *rows)) + "</decisionTable>"


def read(data: bytes) -> Definitions:
    found = read_dmn(data, "m.dmn")
    assert isinstance(found, Definitions), found
    return found


def compiled(*parts: str) -> Model:
    """A model without problems."""
    model = compile_decisions(read(model_text(*parts)))
    assert model.problems == ()
    return model


def decided(model: Model, name: str, **inputs: Any) -> Decided:
    found = decide(model, name, inputs)
    assert isinstance(found, Decided), found
    return found
