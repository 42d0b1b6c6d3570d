"""Boxed expressions, functions, services, imports, types, and what is refused."""

from decimal import Decimal

import pytest

from genba.decisions import Unknown, compile_decisions, decide, inputs_of
from genba.notation.dmn import Definitions, read_dmn
from tests.decisions.models import (
    column,
    compiled,
    decided,
    decision,
    given,
    literal,
    model_text,
    output,
    read,
    row,
    table,
)

FACTORIAL = (
    '<businessKnowledgeModel id="f" name="fact"><variable name="fact"/><encapsulatedLogic>'
    '<formalParameter name="n" typeRef="number"/>'
    "<literalExpression><text>if n &lt;= 1 then 1 else n * fact(n - 1)</text></literalExpression>"
    "</encapsulatedLogic></businessKnowledgeModel>"
)


def entry(name: str, box: str) -> str:
    variable = f'<variable name="{name}"/>' if name else ""
    return f"<contextEntry>{variable}{box}</contextEntry>"


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        (f"<context>{entry('a b', literal('2'))}{entry('', literal('a b * 3'))}</context>", "6"),
        (f"<context>{entry('a', literal('2'))}{entry('b', literal('a+1'))}</context>", "{a:2,b:3}"),
        (f"<list>{literal('1')}{literal('2')}</list>", "[1,2]"),
        (
            '<relation><column name="a"/><column name="b"/>'
            f"<row>{literal('1')}{literal('2')}</row></relation>",
            "[{a:1,b:2}]",
        ),
        (
            f"<conditional><if>{literal('1 > 2')}</if><then>{literal('1')}</then>"
            f"<else>{literal('2')}</else></conditional>",
            "2",
        ),
        (
            f"<filter><in>{literal('[1,2,3]')}</in><match>{literal('item > 1')}</match></filter>",
            "[2,3]",
        ),
        (
            f'<for iteratorVariable="i"><in>{literal("[1,2]")}</in>'
            f"<return>{literal('i * 2 + count(partial)')}</return></for>",
            "[2,5]",
        ),
        (
            f'<some iteratorVariable="i"><in>{literal("[1,2]")}</in>'
            f"<satisfies>{literal('i > 1')}</satisfies></some>",
            "true",
        ),
        (
            f'<every iteratorVariable="i"><in>{literal("[1,2]")}</in>'
            f"<satisfies>{literal('i > 1')}</satisfies></every>",
            "false",
        ),
        (
            f"<invocation>{literal('fact')}<binding><parameter name='n'/>{literal('5')}</binding>"
            "</invocation>",
            "120",
        ),
        (literal("fact(n: 3)"), "6"),
    ],
)
def test_boxed_expressions(box: str, expected: str) -> None:
    model = compiled(
        FACTORIAL,
        decision("d", box, knowledge=["f"]),
        decision("e", literal(f"d = {expected}"), decisions=["d"]),
    )
    assert decided(model, "e").value is True


def test_a_function_that_never_ends_is_stopped() -> None:
    endless = FACTORIAL.replace("if n &lt;= 1 then 1 else n * fact(n - 1)", "fact(n + 1)")
    model = compiled(endless, decision("d", literal("fact(1)"), knowledge=["f"]))
    assert decided(model, "d").exhausted is not None


SERVICE = (
    '<decisionService id="s" name="s"><variable name="s"/><outputDecision href="#out"/>'
    '<inputDecision href="#mid"/><inputData href="#x"/></decisionService>'
)


def test_a_service_is_a_function_and_sees_its_own_inputs_only() -> None:
    model = compiled(
        given("x", "number"),
        SERVICE,
        decision("mid", literal("x * 100"), needs=["x"], type_="number"),
        decision("out", literal("x + mid"), needs=["x"], decisions=["mid"]),
        decision("d", literal("[s(1, 2), mid]"), decisions=["mid"], knowledge=["s"]),
        decision("e", literal('s("a", 2)'), knowledge=["s"]),
    )
    assert decided(model, "d", x=5).value == [Decimal(3), Decimal(500)]
    assert decided(model, "s", x=5, mid=1).value == 6
    assert decided(model, "s", x=5, mid=1).values == {"out": Decimal(6)}
    assert decided(model, "e").value is None
    assert [one.name for one in inputs_of(model, "s")] == ["x", "mid"]


def test_imported_things_are_named_by_the_import() -> None:
    item = '<itemDefinition name="tAge"><typeRef>number</typeRef></itemDefinition>'
    other = read(
        model_text(
            item,
            given("Age", "tAge"),
            decision("is adult", literal("Age >= 18"), needs=["Age"]).replace(
                'id="is adult"', 'id="a"'
            ),
            FACTORIAL,
            namespace="urn:other",
        )
    )
    main = read(
        model_text(
            '<import name="who" namespace="urn:other" importType="' + "DMN" + '"/>',
            decision(
                "d",
                literal("if who.is adult then who.fact(3) else null", "who.tAge"),
                decisions=["urn:other#a"],
                knowledge=["urn:other#f"],
            ),
        )
    )
    model = compile_decisions(main, {"urn:other": other})
    assert model.problems == ()
    assert [one.name for one in inputs_of(model, "d")] == ["who.Age"]
    for name in ("Age", "who.Age"):
        found = decide(model, "d", {name: 20})
        assert not isinstance(found, Unknown)
        assert found.value == 6
    alone = compile_decisions(main)
    assert {one.rule for one in alone.problems} >= {"dmn.import", "dmn.requirement"}
    assert model.version != alone.version


def test_what_is_imported_twice_may_be_given_twice() -> None:
    def importing(name: str, space: str) -> str:
        return f'<import name="{name}" namespace="{space}"/>'

    inner = read(
        model_text(
            given("Person name", "string").replace('id="Person name"', 'id="p"'), namespace="urn:a"
        )
    )
    between = [
        read(
            model_text(
                importing("A", "urn:a"),
                decision("hello", literal('"Hello " + A.Person name'), needs=["urn:a#p"]),
                namespace=space,
            )
        )
        for space in ("urn:b1", "urn:b2")
    ]
    main = read(
        model_text(
            importing("B 1", "urn:b1"),
            importing("B2", "urn:b2"),
            decision(
                "d",
                literal("[B 1.hello, B2.hello]"),
                decisions=["urn:b1#hello", "urn:b2#hello"],
            ),
        )
    )
    others = {one.namespace: one for one in (inner, *between)}
    model = compile_decisions(main, others)
    assert model.problems == ()
    assert [one.name for one in inputs_of(model, "d")] == ["B 1.A.Person name", "B2.A.Person name"]
    ways: list[dict[str, object]] = [
        {"B 1.A.Person name": "x", "B2.A.Person name": "y"},
        {"B 1": {"A": {"Person name": "x"}}, "B2": {"A": {"Person name": "y"}}},
    ]
    for inputs in ways:
        found = decide(model, "d", inputs)
        assert not isinstance(found, Unknown)
        assert found.value == ["Hello x", "Hello y"]
    same = decide(model, "d", {"Person name": "z"})
    assert not isinstance(same, Unknown)
    assert same.value == ["Hello z", "Hello z"]


AGE = (
    '<itemDefinition name="tAge"><typeRef>number</typeRef>'
    "<allowedValues><text>[0..150]</text></allowedValues></itemDefinition>"
)
PERSON = (
    '<itemDefinition name="tPerson"><itemComponent name="age"><typeRef>tAge</typeRef>'
    '</itemComponent><itemComponent name="children" isCollection="true">'
    "<typeRef>tPerson</typeRef></itemComponent></itemDefinition>"
)


@pytest.mark.parametrize(
    ("type_", "text", "expected"),
    [
        ("tAge", "20", True),
        ("tAge", "200", False),
        ("tAge", "[20]", True),
        ("tAge", '"a"', False),
        ("tPerson", "{age: 2, children: []}", True),
        ("tPerson", "{age: 2, children: [{age: 1, children: null}]}", True),
        ("tPerson", "{age: 2, children: [{age: 999, children: null}]}", False),
        ("tPerson", "{age: 2}", False),
        ("list<tAge>", "3", True),
        ("date and time", '@"2024-01-01"', True),
        ("list<number>", '[1, "a"]', False),
    ],
)
def test_values_are_fitted_to_types(type_: str, text: str, expected: bool) -> None:
    typed = type_.replace("<", "&lt;")
    model = compiled(AGE, PERSON, decision("d", literal(text), type_=typed))
    found = decided(model, "d")
    assert (found.value is not None) is expected
    assert bool(found.warnings) is not expected


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ((decision("d", literal("1 +")),), "dmn.feel"),
        ((decision("d", literal("1", "tNone")),), "dmn.type"),
        ((decision("d", literal("1"), decisions=["e"]),), "dmn.requirement"),
        (
            (
                decision("d", literal("e"), decisions=["e"]),
                decision("e", literal("d"), decisions=["d"]),
            ),
            "dmn.cycle",
        ),
        ((decision("d", literal("function(a) external {java: {}}")),), "dmn.external"),
        ((decision("d", '<functionDefinition kind="Java"/>'),), "dmn.external"),
        ((decision("d", table([column("1")], [output()], [row([], ["1"])])),), "dmn.row"),
        ((decision("d", table([column("1")], [output()], [], "BEST")),), "dmn.hit-policy"),
        (
            (
                '<itemDefinition name="a"><typeRef>b</typeRef></itemDefinition>'
                '<itemDefinition name="b"><typeRef>a</typeRef></itemDefinition>'
                + decision("d", literal("1", "a")),
            ),
            "dmn.type-cycle",
        ),
        (
            (
                decision(
                    "d",
                    '<literalExpression expressionLanguage="urn:sql"><text>1</text>'
                    "</literalExpression>",
                ),
            ),
            "dmn.language",
        ),
        (('<businessKnowledgeModel id="k" name="k"/>', decision("d", "")), "dmn.no-logic"),
        ((decision("d", ""),), "silent.decision"),
    ],
)
def test_what_cannot_be_run_is_said_with_its_line_and_the_rest_runs(
    parts: tuple[str, ...], rule: str
) -> None:
    model = compile_decisions(read(model_text(*parts, "\n", decision("fine", literal("1 + 1")))))
    assert rule in {problem.rule for problem in model.problems}
    assert all(problem.advice and problem.position.line for problem in model.problems)
    assert decided(model, "fine").value == 2
    decide(model, "d", {})


def test_an_unknown_decision_is_a_value() -> None:
    found = decide(compiled(decision("d", literal("1"))), "x", {})
    assert isinstance(found, Unknown)
    assert "d" in found.in_words()


@pytest.mark.parametrize(
    "space",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
    ],
)
def test_older_versions_are_read(space: str) -> None:
    parts = (given("x", "feel:number"), decision("d", literal("x + 1"), needs=["x"]))
    data = model_text(*parts, space=space)
    if "2015" in space:
        data = data.replace(
            b" name=", b' xmlns:feel="http://www.omg.org/spec/FEEL/20140401" name=', 1
        )
    model = compile_decisions(read(data))
    assert model.problems == ()
    assert decided(model, "d", x=1).value == 2


def test_what_is_no_dmn_or_too_deep_is_refused() -> None:
    assert isinstance(read_dmn(b"<definitions/>"), tuple)
    assert isinstance(read_dmn(b"nonsense"), tuple)
    deep = "<list>" * 60 + "</list>" * 60
    assert isinstance(read_dmn(model_text(decision("d", deep))), tuple)
    twice = read_dmn(model_text(decision("d", ""), decision("d", "")))
    assert not isinstance(twice, Definitions)
    assert twice[0].rule == "dmn.duplicate-id"


def test_a_long_chain_of_decisions_needs_no_stack() -> None:
    chain = [decision("d0", literal("1"))]
    chain += [
        decision(f"d{n}", literal(f"d{n - 1} + 1"), decisions=[f"d{n - 1}"]) for n in range(1, 3000)
    ]
    assert decided(compiled(*chain), "d2999").value == 3000


def test_warnings_say_where() -> None:
    model = compiled(given("x"), decision("d", literal('x + "a"'), needs=["x"]))
    warning = decided(model, "d", x=1).warnings[0]
    assert (warning.decision, warning.text) == ("d", 'x + "a"')
    assert "not defined" in warning.in_words()
