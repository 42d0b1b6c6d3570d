"""What strict checking raises and what it leaves; times, sets and open expressions in detail."""

import pytest

from tests.notation.test_standard import THREE, check, process, repeated, specification, task, timed


def test_strict_checking_leaves_good_sense_a_warning() -> None:
    (problem,) = check(process('<property id="x"/>').replace('"t" name', '"t" default="s-t" name'))
    assert (problem.rule, problem.severity) == ("bpmn.default-flow", "warning")
    body = process(task("", 'messageRef="gone"', "receiveTask"))
    (problem,) = check(body, strict=True)
    assert (problem.rule, problem.severity) == ("bpmn.reference", "warning")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("timeDate", "2030-01-31"),
        ("timeDate", "= order.due"),
        ("timeDate", "${due}"),
        ("timeDuration", "P1DT2H"),
        ("timeDuration", "PT0.5S"),
        ("timeDuration", "P2W"),
        ("timeCycle", "R3/PT10M"),
        ("timeCycle", "R/2030-01-31T08:00:00Z/P1D"),
        ("timeCycle", "0 0 9-17 * * MON-FRI"),
    ],
)
def test_times_and_expressions_are_accepted_as_times(name: str, text: str) -> None:
    rules = {problem.rule for problem in check(timed(f"<{name}>{text}</{name}>"))}
    assert "bpmn.timer-format" not in rules


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("timeDate", "2030-13-01"),
        ("timeDate", "PT1H"),
        ("timeDuration", "P"),
        ("timeDuration", "PT"),
        ("timeDuration", "3 days"),
        ("timeCycle", "every monday"),
    ],
)
def test_other_words_are_not(name: str, text: str) -> None:
    rules = {problem.rule for problem in check(timed(f"<{name}>{text}</{name}>"))}
    assert "bpmn.timer-format" in rules


@pytest.mark.parametrize(
    ("kind", "set_of", "refs", "beside"),
    [
        ("dataInput", "inputSet", "dataInputRefs", "optionalInputRefs"),
        ("dataInput", "inputSet", "dataInputRefs", "whileExecutingInputRefs"),
        ("dataOutput", "outputSet", "dataOutputRefs", "optionalOutputRefs"),
        ("dataOutput", "outputSet", "dataOutputRefs", "whileExecutingOutputRefs"),
    ],
)
def test_what_is_optional_in_a_set_is_a_member_of_it(
    kind: str, set_of: str, refs: str, beside: str
) -> None:
    def read(first: str, second: str) -> set[str]:
        inside = (
            f'<{kind} id="a"/><{kind} id="b"/>'
            f"<{set_of}><{refs}>a</{refs}>{first}<{beside}>b</{beside}></{set_of}>{second}"
        )
        return {problem.rule for problem in check(process(task(specification(inside))))}

    elsewhere = f"<{set_of}><{refs}>b</{refs}></{set_of}>"
    assert "bpmn.io-set" in read("", elsewhere)
    assert "bpmn.io-set" not in read(f"<{refs}>b</{refs}>", "")


def test_a_set_that_refers_to_something_else_is_said_once() -> None:
    body = process(task(specification('<dataInput id="a"/><inputSet><dataInputRefs>s'
                                      "</dataInputRefs></inputSet>")))  # fmt: skip
    assert [problem.rule for problem in check(body, strict=True)] == ["bpmn.reference"]


def test_expressions_may_be_left_open_where_nothing_is_executed() -> None:
    inside = repeated(f"{THREE}<completionCondition/>")
    assert check(process(inside, head='isExecutable="false"')) == ()
    assert [problem.rule for problem in check(process(inside))] == ["bpmn.expression-empty"]
