"""Where other engines went wrong: each trap a test of its own."""

import pytest

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.values import WorkKind
from tests.engine.drawing import AT, Play, flows, tasks

TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"


@pytest.mark.trap("an OR-join that decides on arrival only")
def test_or_join_opens_when_the_other_token_dies() -> None:
    """Deciding only on arrival hangs when the other token ends elsewhere."""
    play = Play(
        '<inclusiveGateway id="x"/><inclusiveGateway id="j"/><exclusiveGateway id="y"/>',
        tasks("a", "b", "z", "out"),
        flows("x > a > j", "x > b > y", "y > j", "y > out", "j > z"),
    )
    play.do("x", "x_a", "x_b")
    play.do("a")
    assert play.open == ["b"]
    play.do("b")
    assert play.open == ["choice:y"]
    play.do("y", "y_out")
    assert play.open == ["out", "z"]


@pytest.mark.trap("an OR-join that decides on arrival only")
def test_or_join_opens_when_the_other_token_is_cancelled() -> None:
    play = Play(
        '<inclusiveGateway id="x"/><inclusiveGateway id="j"/>',
        '<boundaryEvent id="t" attachedToRef="b">' + TIMER + "</boundaryEvent>",
        tasks("a", "b", "z", "late"),
        flows("x > a > j", "x > b > j", "j > z", "t > late"),
    )
    play.do("x", "x_a", "x_b")
    play.do("a")
    assert play.open == ["b"]
    play.wait(days=1)
    assert play.open == ["late", "z"]


@pytest.mark.trap("an OR-join that waits for a token on its way to a marked flow")
def test_or_join_does_not_wait_for_a_token_that_can_also_come_to_a_marked_flow() -> None:
    """The two-path rule of the standard (§13.4.3)."""
    play = Play(
        '<parallelGateway id="f"/><exclusiveGateway id="y"/><exclusiveGateway id="m"/>',
        '<inclusiveGateway id="j"/>',
        tasks("a", "b", "z"),
        flows("f > a > m", "f > b > y", "y > m", "y > j", "m > j", "j > z"),
    )
    play.do("a")  # marks m_j; b can still bring y_j, but also m_j, which is marked
    assert play.open == ["b", "z"]


@pytest.mark.trap("an OR-join that waits for a token on its way to a marked flow")
def test_or_join_keeps_repeated_arrivals_on_one_flow_apart() -> None:
    play = Play(
        '<parallelGateway id="f"/><exclusiveGateway id="m"/><inclusiveGateway id="j"/>',
        tasks("a", "b", "k", "z"),
        flows("f > a > m", "f > b > m", "f > k > j", "m > j", "j > z"),
    )
    play.do("a")
    play.do("b")
    assert play.open == ["k"]
    play.do("k")
    assert play.open == ["z", "z"]  # one with both flows, one with the second token alone


@pytest.mark.trap("an OR-join that waits for a token on its way to a marked flow")
def test_or_join_in_a_loop_does_not_wait_for_itself() -> None:
    play = Play(
        '<inclusiveGateway id="j"/><exclusiveGateway id="x"/><startEvent id="s"/>',
        tasks("a", "z"),
        flows("s > j", "j > a > x", "x > j", "x > z"),
    )
    for _ in range(3):
        play.do("a")
        play.do("x", "x_j")
    play.do("a")
    play.do("x", "x_z")
    play.do("z")
    assert play.ended
    assert play.visited("a") == 4


def test_or_joins_that_wait_for_each_other_are_somebodys_to_mend() -> None:
    play = Play(
        '<parallelGateway id="f"/><inclusiveGateway id="j"/><inclusiveGateway id="k"/>',
        '<exclusiveGateway id="x"/><exclusiveGateway id="y"/>',
        tasks("a", "b"),
        flows("f > j", "f > k", "j > x", "k > y", "x > a", "x > k", "y > b", "y > j"),
    )
    assert play.open[0].startswith("incident:")
    while not play.ended:
        node = play.case.works[next(iter(play.case.works))].node
        work = play.case.works[play.work(node)]
        chosen = {"incident": ("go-on",), "choice": (work.options[0].id,) if work.options else ()}
        play.do(node, *chosen.get(work.kind.value, ()))


@pytest.mark.trap("an AND-join that counts arrivals")
def test_and_join_takes_one_token_per_flow_not_any_two() -> None:
    play = Play(
        '<parallelGateway id="f"/><exclusiveGateway id="m"/><parallelGateway id="j"/>',
        tasks("a", "b", "k", "z"),
        flows("f > a > m", "f > b > m", "f > k > j", "m > j", "j > z"),
    )
    play.do("a")
    play.do("b")
    assert play.open == ["k"], "two tokens on one flow do not open the join"
    play.do("k")
    assert play.open == ["z", "incident:j"], "the second token waits for one that cannot come"


@pytest.mark.trap("an AND-join that opens early behind a merge")
def test_and_join_behind_an_exclusive_merge_does_not_open_early() -> None:
    play = Play(
        '<exclusiveGateway id="m"/><parallelGateway id="f"/><parallelGateway id="j"/>',
        '<exclusiveGateway id="x"/><startEvent id="s"/>',
        tasks("a", "b", "z"),
        flows("s > m > f", "f > a > j", "f > b > j", "j > x", "x > m", "x > z"),
    )
    for way in ("x_m", "x_z"):
        play.do("a")
        assert play.open == ["b"]
        play.do("b")
        play.do("x", way)
    assert play.open == ["z"]


@pytest.mark.trap("a join that counts flows in a scope that counts tokens")
def test_a_join_whose_token_can_never_come_is_asked_about() -> None:
    play = Play(
        '<exclusiveGateway id="x"/><parallelGateway id="j"/>',
        tasks("a", "b", "z"),
        flows("x > a > j", "x > b > j", "j > z"),
    )
    play.do("x", "x_a")
    play.do("a")
    assert play.open == ["incident:j"]
    play.do("j", "retry")
    assert play.open == ["incident:j"]
    play.do("j", "go-on")
    assert play.open == ["z"]
    play.do("z")
    assert play.ended


def test_the_incident_of_a_join_goes_when_the_token_comes_after_all() -> None:
    play = Play(
        '<exclusiveGateway id="x"/><parallelGateway id="f"/><parallelGateway id="j"/>',
        tasks("s", "a", "b", "z"),
        flows("s > f", "f > a > j", "f > x", "x > b > j", "x > z", "j > z"),
    )
    play.do("s")
    play.do("a")
    play.do("x", "x_z")
    assert "incident:j" in play.open
    play.tell(c.SendBack(at=AT, work=play.work("z"), to="b"))  # type: ignore[arg-type]
    play.do("b")
    assert play.open == ["z"]


@pytest.mark.trap("an event sub-process that leaves tokens parked at a join")
def test_an_interrupting_event_sub_process_takes_tokens_that_wait_at_a_join() -> None:
    play = Play(
        '<subProcess id="p1"><startEvent id="s"/><parallelGateway id="f"/>'
        '<parallelGateway id="j"/>',
        tasks("a", "b"),
        flows("s > f", "f > a > j", "f > b > j"),
        '<subProcess id="esp" triggeredByEvent="true"><startEvent id="es" isInterrupting="true">'
        '<messageEventDefinition/></startEvent><task id="c"/>',
        flows("es > c"),
        "</subProcess></subProcess>",
        tasks("z"),
        flows("p1 > z"),
    )
    play.do("a")
    play.deliver("es", node="es")
    assert play.open == ["c"]
    play.do("c")
    assert play.open == ["z"]
    play.do("z")
    assert play.ended


@pytest.mark.trap("an event sub-process that shuts the boundary of its scope")
def test_the_boundary_still_works_after_an_interrupting_event_sub_process() -> None:
    play = Play(
        '<subProcess id="p1">',
        tasks("a"),
        '<subProcess id="esp" triggeredByEvent="true"><startEvent id="es">'
        '<messageEventDefinition/></startEvent><task id="c"/>',
        flows("es > c"),
        "</subProcess></subProcess>",
        '<boundaryEvent id="t" attachedToRef="p1">' + TIMER + "</boundaryEvent>",
        tasks("late"),
        flows("t > late"),
    )
    play.deliver("es", node="es")
    play.wait(days=1)
    assert play.open == ["late"]


@pytest.mark.trap("two boundaries that interrupt together")
def test_an_event_that_comes_for_what_was_interrupted_is_refused() -> None:
    play = Play(
        tasks("a"),
        '<boundaryEvent id="t" attachedToRef="a">' + TIMER + "</boundaryEvent>",
        '<boundaryEvent id="m" attachedToRef="a"><messageEventDefinition/></boundaryEvent>',
        tasks("x", "y"),
        flows("t > x", "m > y"),
    )
    (timer,) = play.case.timers
    play.deliver("m", node="m")
    assert play.open == ["y"]
    assert play.refuse(c.FireTimer(at=AT, timer=timer)) == "timer.gone"


def _thrower(definition: str, boundary: str = "") -> Play:
    return Play(
        f'<subProcess id="p1"><intermediateThrowEvent id="t">{definition}</intermediateThrowEvent>',
        tasks("next"),
        flows("t > next"),
        "</subProcess>",
        f'<boundaryEvent id="b" attachedToRef="p1">{boundary or definition}</boundaryEvent>',
        tasks("caught"),
        flows("b > caught"),
        head='<escalation id="esc" name="E" escalationCode="1"/><signal id="sig" name="S"/>',
    )


@pytest.mark.trap("a thrower that goes on after its own throw")
def test_a_thrower_interrupted_by_its_own_escalation_does_not_go_on() -> None:
    play = _thrower('<escalationEventDefinition escalationRef="esc"/>')
    assert play.open == ["caught"]
    assert not play.visited("next")


@pytest.mark.trap("a thrower that goes on after its own throw")
def test_a_thrower_interrupted_by_its_own_signal_does_not_go_on() -> None:
    play = _thrower('<signalEventDefinition signalRef="sig"/>')
    assert play.open == ["caught"]


@pytest.mark.trap("a multi-instance body that ends, fails or collects wrongly")
def test_multi_instance_reads_its_collection_once_and_keeps_outputs_in_place() -> None:
    play = Play(
        '<userTask id="a"><multiInstanceLoopCharacteristics><extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=items" inputElement="item"'
        ' outputCollection="results" outputElement="=item + answer"/>'
        "</extensionElements></multiInstanceLoopCharacteristics></userTask>",
        tasks("z"),
        flows("a > z"),
        data={"items": [10, 20, 30]},
    )
    works = list(play.case.works)
    play.tell(c.SetData(at=AT, data={"items": []}))
    for place in (2, 0, 1):
        command = c.CompleteWork(at=AT, work=works[place], data={"answer": place})
        play.tell(command)
    assert play.open == ["z"]
    assert play.case.data["results"] == [10, 21, 32]
    assert "item" not in play.case.data


@pytest.mark.trap("a multi-instance body that ends, fails or collects wrongly")
def test_the_body_of_multi_instance_ends_early_with_its_instances() -> None:
    play = Play(
        '<userTask id="a"><multiInstanceLoopCharacteristics>'
        "<loopCardinality>3</loopCardinality>"
        "<completionCondition>= numberOfCompletedInstances >= 2</completionCondition>"
        "</multiInstanceLoopCharacteristics></userTask>",
        tasks("z"),
        flows("a > z"),
    )
    play.do("a")
    play.do("a")
    assert play.open == ["z"]


@pytest.mark.trap("a multi-instance body that ends, fails or collects wrongly")
def test_an_error_inside_an_instance_takes_the_whole_body() -> None:
    play = Play(
        '<subProcess id="p1"><multiInstanceLoopCharacteristics>'
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>",
        tasks("a"),
        '<endEvent id="e"><errorEventDefinition/></endEvent>',
        flows("a > e"),
        "</subProcess>",
        '<boundaryEvent id="b" attachedToRef="p1"><errorEventDefinition/></boundaryEvent>',
        tasks("caught"),
        flows("b > caught"),
    )
    assert play.open == ["a", "a"]
    play.do("a")
    assert play.open == ["caught"]


@pytest.mark.trap("branches that overwrite each other's data")
def test_instances_do_not_overwrite_each_others_data() -> None:
    play = Play(
        '<subProcess id="p1"><multiInstanceLoopCharacteristics>'
        "<loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>",
        '<exclusiveGateway id="x"/>',
        tasks("a", "k", "yes", "no"),
        flows("a > k > x", "x > yes : = ok", "x > no : = not(ok)"),
        "</subProcess>",
    )
    first, second = play.case.works
    play.tell(c.CompleteWork(at=AT, work=first, data={"ok": True}))
    play.tell(c.CompleteWork(at=AT, work=second, data={"ok": False}))
    play.do("k")
    assert play.open == ["k", "yes"]
    play.do("k")
    assert sorted(play.open) == ["no", "yes"]


@pytest.mark.trap("a cycle that drifts or fires double")
def test_a_cycle_does_not_drift_and_fires_once_after_downtime() -> None:
    play = Play(
        tasks("a"),
        '<boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><timerEventDefinition>'
        "<timeCycle>R/P1D</timeCycle></timerEventDefinition></boundaryEvent>",
        tasks("r"),
        flows("t > r"),
    )
    begun = play.at
    play.at = begun.replace(day=begun.day + 3, hour=15)  # nobody was there for three days
    (timer,) = play.case.timers
    play.tell(c.FireTimer(at=play.at, timer=timer))
    assert play.open.count("r") == 1
    (after,) = play.case.timers.values()
    assert after.due == begun.replace(day=begun.day + 4), (
        "in step with the first, missed ones skipped"
    )


@pytest.mark.trap("a cycle that drifts or fires double")
def test_a_cycle_ends_after_its_repetitions() -> None:
    play = Play(
        tasks("a"),
        '<boundaryEvent id="t" attachedToRef="a" cancelActivity="false"><timerEventDefinition>'
        "<timeCycle>R3/PT1H</timeCycle></timerEventDefinition></boundaryEvent>",
        tasks("r"),
        flows("t > r"),
    )
    play.wait(days=2)
    assert play.open.count("r") == 3
    assert not play.case.timers


@pytest.mark.trap("a message that is given twice, lost, or guessed")
def test_a_message_that_comes_early_is_kept_and_given_once() -> None:
    play = Play(
        tasks("a"),
        '<receiveTask id="m"/><receiveTask id="n"/>',
        flows("a > m > n"),
    )
    play.deliver("m", node="m", data={"x": 1})
    assert play.open == ["a"]
    play.do("a")
    assert play.open == ["happened:n"], "kept, given to the first, not to anybody again"
    assert play.case.data == {"x": 1}
    assert not play.case.kept


@pytest.mark.trap("a message that is given twice, lost, or guessed")
def test_a_message_goes_to_the_one_whose_key_it_has() -> None:
    play = Play(
        '<parallelGateway id="f"/>',
        *(
            f'<receiveTask id="{id}" messageRef="m"><extensionElements><zeebe:subscription'
            f' correlationKey="={id}"/></extensionElements></receiveTask>'
            for id in ("r", "q")
        ),
        flows("f > r", "f > q"),
        head='<message id="m" name="Paid"/>',
        data={"r": "1", "q": "2"},
    )
    play.deliver("Paid", key="2")
    assert play.open == ["happened:r"]
    play.deliver("Paid", key="3")
    assert play.open == ["happened:r"]


def test_completing_twice_is_harmless() -> None:
    play = Play(tasks("a", "b"), flows("a > b"))
    work = play.work("a")
    play.do("a")
    assert play.refuse(c.CompleteWork(at=AT, work=work)) == "work.gone"


def test_a_process_that_runs_in_circles_is_stopped_and_can_go_on() -> None:
    play = Play(
        '<startEvent id="s"/><exclusiveGateway id="x"/>',
        '<exclusiveGateway id="y" default="y_x"/>',
        tasks("z"),
        flows("s > x > y", "y > x", "y > z : = stop"),
        data={"stop": False},
    )
    assert any(isinstance(x, e.IncidentRaised) and x.rule == "run.budget" for x in play.log)
    (work,) = play.case.works.values()
    assert work.kind is WorkKind.INCIDENT
    play.do(work.node, "go-on", stop=True)
    assert play.open == ["z"]
