"""Events in every position (§10.5), sub-processes (§10.3.5), compensation (§10.6)."""

from genba.engine import commands as c
from genba.engine import events as e
from genba.engine.compilation import compile_process
from genba.engine.graph import Graph
from genba.engine.values import Option, WorkKind
from tests.engine.drawing import AT, Play, boundary, flows, process, read, refused, tasks

HEAD = (
    '<error id="err" name="Broken" errorCode="E1"/><error id="other" errorCode="E2"/>'
    '<escalation id="esc" name="Late" escalationCode="L"/><signal id="sig" name="S"/>'
    '<message id="msg" name="M"/>'
)


def test_a_catch_event_can_be_said_to_have_happened() -> None:
    play = Play(
        '<intermediateCatchEvent id="m" name="Goods are here"><messageEventDefinition/>'
        "</intermediateCatchEvent>",
        tasks("a"),
        flows("m > a"),
    )
    # Nothing leads to "m": whoever starts the case says that it has happened.
    assert play.open == ["a"]
    play = Play(
        tasks("s", "a"),
        '<intermediateCatchEvent id="m" name="Goods are here"><signalEventDefinition'
        ' signalRef="sig"/></intermediateCatchEvent>',
        flows("s > m > a"),
        head=HEAD,
    )
    play.do("s")
    assert play.open == ["happened:m"]
    play.do("m", colour="red")
    assert play.open == ["a"]
    assert play.case.data == {"colour": "red"}
    assert not play.case.subscriptions


def test_time_in_words_nobody_can_compute_is_asked() -> None:
    play = Play(
        tasks("s", "a"),
        '<intermediateCatchEvent id="t" name="When the weather is fine"><timerEventDefinition/>'
        "</intermediateCatchEvent>",
        flows("s > t > a"),
    )
    play.do("s")
    assert play.open == ["time-up:t"]
    play.do("t")
    assert play.open == ["a"]


def test_time_in_clear_words_is_computed() -> None:
    play = Play(
        tasks("s", "a"),
        '<intermediateCatchEvent id="t" name="nach 2 Tagen"><timerEventDefinition/>'
        "</intermediateCatchEvent>",
        flows("s > t > a"),
    )
    play.do("s")
    assert play.open == []
    play.wait(days=1)
    assert play.open == []
    play.wait(days=1)
    assert play.open == ["a"]


def test_time_from_data() -> None:
    play = Play(
        tasks("s", "a"),
        '<intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>=wait</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>",
        flows("s > t > a"),
        data={"wait": "PT2H"},
    )
    play.do("s")
    play.wait(hours=2)
    assert play.open == ["a"]
    play = Play(*["<task id='s'/>", '<intermediateCatchEvent id="t"><timerEventDefinition>'
                  "<timeDuration>=wait</timeDuration></timerEventDefinition>"
                  "</intermediateCatchEvent>", flows("s > t")])  # fmt: skip
    play.do("s")
    assert play.open == ["time-up:t"], "data nobody has given: a person knows"


def test_conditional_event_happens_when_data_makes_it_true() -> None:
    play = Play(
        tasks("s", "a"),
        '<intermediateCatchEvent id="k"><conditionalEventDefinition><condition>= n > 3</condition>'
        "</conditionalEventDefinition></intermediateCatchEvent>",
        flows("s > k > a"),
        data={"n": 1},
    )
    play.do("s")
    assert play.open == ["happened:k"]
    play.tell(c.SetData(at=AT, data={"n": 5}))
    assert play.open == ["a"]


def test_conditional_boundary_without_interrupting_happens_each_time_it_becomes_true() -> None:
    condition = "<condition>= n > 3</condition>"
    condition = f"<conditionalEventDefinition>{condition}</conditionalEventDefinition>"
    play = Play(tasks("a"), boundary(condition, interrupting=False), data={"n": 1})
    for n in (5, 6, 1, 7):
        play.tell(c.SetData(at=AT, data={"n": n}))
    assert play.open.count("caught") == 2


def test_boundary_events_of_a_task_people_do_are_offered() -> None:
    for definition in (
        "<errorEventDefinition/>",
        "<messageEventDefinition/>",
        "<escalationEventDefinition/>",
        "<signalEventDefinition/>",
        "<conditionalEventDefinition><condition>it rains</condition></conditionalEventDefinition>",
    ):
        play = Play(tasks("a"), boundary(definition))
        assert set(play.open) == {"a", "happened:b"}, definition
        play.do("b")
        assert play.open == ["caught"]
        play.do("caught")
        assert play.ended


def test_completing_the_activity_closes_its_boundary() -> None:
    play = Play(tasks("a", "z"), boundary("<messageEventDefinition/>"), flows("a > z"))
    play.do("a")
    assert play.open == ["z"]
    assert not play.case.subscriptions


def test_non_interrupting_boundary_can_happen_again() -> None:
    play = Play(tasks("a"), boundary("<messageEventDefinition/>", interrupting=False))
    play.do("b")
    play.deliver("b", node="b")
    assert sorted(play.open) == ["a", "caught", "caught", "happened:b"]


def test_an_error_goes_to_the_nearest_that_catches_its_code() -> None:
    inner = (
        '<subProcess id="inner"><endEvent id="e"><errorEventDefinition errorRef="err"/></endEvent>'
        "</subProcess>"
        '<boundaryEvent id="wrong" attachedToRef="inner"><errorEventDefinition errorRef="other"/>'
        "</boundaryEvent>" + tasks("missed") + flows("wrong > missed")
    )
    play = Play(
        f'<subProcess id="a">{inner}</subProcess>',
        boundary('<errorEventDefinition errorRef="err"/>'),
        head=HEAD,
    )
    assert play.open == ["caught"]


def test_an_error_nobody_catches_ends_everything() -> None:
    play = Play(
        tasks("a", "k"),
        '<endEvent id="e" name="Rejected"><errorEventDefinition errorRef="err"/></endEvent>',
        flows("a > e"),
        head=HEAD,
    )
    play.do("a")
    assert play.ended
    assert play.case.error == "E1"


def test_an_error_of_a_called_case_goes_to_the_boundary_of_the_call() -> None:
    drawn = read(
        process(
            '<callActivity id="a" calledElement="q"/>',
            boundary('<errorEventDefinition errorRef="err"/>'),
        ),
        process('<endEvent id="e"><errorEventDefinition errorRef="err"/></endEvent>', id="q"),
        head=HEAD,
    )
    graph = compile_process(drawn, "p")
    assert isinstance(graph, Graph)
    play = Play(graph=graph)
    (called,) = [x for x in play.log if isinstance(x, e.CaseCalled)]
    play.tell(c.Finish(at=AT, element=called.element, error="E1"))
    assert play.open == ["caught"]
    play = Play(graph=graph)
    (called,) = [x for x in play.log if isinstance(x, e.CaseCalled)]
    play.tell(c.Finish(at=AT, element=called.element, error="E2"))
    assert play.open == ["incident:a"]


def test_an_escalation_without_interrupting_lets_the_thrower_go_on() -> None:
    play = Play(
        '<subProcess id="a"><intermediateThrowEvent id="t"><escalationEventDefinition'
        ' escalationRef="esc"/></intermediateThrowEvent>',
        tasks("next"),
        flows("t > next"),
        "</subProcess>",
        boundary('<escalationEventDefinition escalationRef="esc"/>', interrupting=False),
        head=HEAD,
    )
    assert sorted(play.open) == ["caught", "next"]


def test_a_signal_reaches_everything_in_the_case() -> None:
    catch = '<intermediateCatchEvent id="{0}"><signalEventDefinition signalRef="sig"/>'
    play = Play(
        '<parallelGateway id="f"/>',
        tasks("a", "x", "y"),
        *(catch.format(id) + "</intermediateCatchEvent>" for id in ("c1", "c2")),
        '<endEvent id="t"><signalEventDefinition signalRef="sig"/></endEvent>',
        flows("f > a > t", "f > c1 > x", "f > c2 > y"),
        head=HEAD,
    )
    play.do("a")
    assert play.open == ["x", "y"]
    assert [x.name for x in play.log if isinstance(x, e.SignalThrown)] == ["S"]


def test_a_signal_from_outside() -> None:
    play = Play(
        tasks("a"),
        boundary('<signalEventDefinition signalRef="sig"/>'),
        head=HEAD,
    )
    play.tell(c.Hear(at=AT, name="T"))
    assert "a" in play.open
    play.tell(c.Hear(at=AT, name="S"))
    assert play.open == ["caught"]


def test_terminate_ends_its_scope_only() -> None:
    play = Play(
        '<subProcess id="p1"><parallelGateway id="f"/>',
        tasks("a", "k"),
        '<endEvent id="e"><terminateEventDefinition/></endEvent>',
        flows("f > a > e", "f > k"),
        "</subProcess>",
        tasks("z"),
        flows("p1 > z"),
    )
    play.do("a")
    assert play.open == ["z"]


def test_links_jump_within_their_scope() -> None:
    play = Play(
        tasks("a", "b"),
        '<intermediateThrowEvent id="t"><linkEventDefinition name="L"/></intermediateThrowEvent>',
        '<intermediateCatchEvent id="k"><linkEventDefinition name="L"/></intermediateCatchEvent>',
        flows("a > t", "k > b"),
    )
    assert play.open == ["a"]
    play.do("a")
    assert play.open == ["b"]


def test_a_link_that_leads_nowhere_is_refused() -> None:
    problems = refused(
        tasks("a"),
        '<intermediateThrowEvent id="t"><linkEventDefinition name="L"/></intermediateThrowEvent>',
        flows("a > t"),
    )
    assert [problem.rule for problem in problems] == ["run.link-target"]
    assert problems[0].element == "t"


def test_multiple_events_any_or_all() -> None:
    two = '<messageEventDefinition messageRef="msg"/><signalEventDefinition signalRef="sig"/>'
    body = tasks("s", "a") + flows("s > m > a")
    any_of = f'<intermediateCatchEvent id="m">{two}</intermediateCatchEvent>'
    all_of = any_of.replace('id="m"', 'id="m" parallelMultiple="true"')
    play = Play(any_of, body, head=HEAD)
    play.do("s")
    assert play.case.works[play.work("m")].options == (Option("0", "M"), Option("1", "S"))
    play.tell(c.Hear(at=AT, name="S"))
    assert play.open == ["a"]
    play = Play(all_of, body, head=HEAD)
    play.do("s")
    play.tell(c.Hear(at=AT, name="S"))
    assert play.case.works[play.work("m")].options == (Option("0", "M"),)
    play.do("m", "0")
    assert play.open == ["a"]


def test_event_sub_process_beside_the_running_scope() -> None:
    play = Play(
        tasks("a"),
        '<subProcess id="esp" triggeredByEvent="true"><startEvent id="es" isInterrupting="false">'
        '<messageEventDefinition messageRef="msg"/></startEvent>',
        tasks("x"),
        flows("es > x"),
        "</subProcess>",
        head=HEAD,
    )
    play.deliver("M")
    play.deliver("M")
    assert play.open.count("x") == 2
    play.do("a")
    play.do("x")
    assert not play.ended
    play.do("x")
    assert play.ended


def test_ad_hoc_picks_until_enough() -> None:
    play = Play(
        '<adHocSubProcess id="h" ordering="Sequential">',
        tasks("a", "b"),
        "</adHocSubProcess>",
        tasks("z"),
        flows("h > z"),
    )
    work = play.case.works[play.work("h")]
    assert work.kind is WorkKind.PICK
    assert [option.id for option in work.options] == ["a", "b", "enough"]
    play.do("h", "b")
    assert play.open == ["b"]
    play.do("b")
    play.do("h", "enough")
    assert play.open == ["z"]


def test_ad_hoc_in_parallel_with_a_completion_condition() -> None:
    play = Play(
        '<adHocSubProcess id="h">',
        tasks("a", "b"),
        "<completionCondition>= done</completionCondition></adHocSubProcess>",
        tasks("z"),
        flows("h > z"),
        data={"done": False},
    )
    play.do("h", "a", "b")
    assert sorted(play.open) == ["a", "b", "pick:h"]
    play.do("a", done=True)
    assert play.open == ["z"]


def test_loops() -> None:
    ask = Play('<task id="a"><standardLoopCharacteristics/></task>', tasks("z"), flows("a > z"))
    ask.do("a")
    assert ask.open == ["repeat:a"]
    ask.do("a", "again")
    ask.do("a")
    ask.do("a", "enough")
    assert ask.open == ["z"]
    maximum = Play('<task id="a"><standardLoopCharacteristics loopMaximum="2"/></task>')
    maximum.do("a")
    maximum.do("a")
    assert maximum.ended
    before = Play(
        '<task id="a"><standardLoopCharacteristics testBefore="true"><loopCondition>= n &lt; 2'
        "</loopCondition></standardLoopCharacteristics></task>",
        data={"n": 1},
    )
    before.do("a", n=2)
    assert before.ended


def test_how_many_is_asked_where_the_drawing_does_not_say() -> None:
    repeated = '<task id="a"><multiInstanceLoopCharacteristics/></task>'
    play = Play(repeated, tasks("z"), flows("a > z"))
    assert play.open == ["count:a"]
    assert play.refuse(c.CompleteWork(at=AT, work=play.work("a"))) == "data.invalid"
    play.do("a", count=2)
    assert play.open == ["a", "a"]
    play.do("a")
    play.do("a")
    assert play.open == ["z"]


def test_sends_follow_what_is_drawn() -> None:
    play = Play(
        '<sendTask id="a" messageRef="msg"/>',
        '<intermediateThrowEvent id="t"><messageEventDefinition messageRef="msg"/>'
        "</intermediateThrowEvent>",
        flows("a > t"),
        head=HEAD,
        data={"n": 1},
    )
    assert play.open == ["a"], "a person sends it"
    play.do("a")
    sent = [x for x in play.log if isinstance(x, e.MessageSent)]
    assert [(x.name, x.node, x.data, x.fill) for x in sent] == [
        ("M", "a", {"n": 1}, True),
        ("M", "t", {"n": 1}, True),
    ]


def test_ways_to_start() -> None:
    play = Play(
        '<startEvent id="s1"><messageEventDefinition messageRef="msg"/></startEvent>',
        '<startEvent id="s2"/>',
        tasks("a", "b"),
        flows("s1 > a", "s2 > b"),
        head=HEAD,
    )
    assert play.open == ["b"], "the plain start event is how a case starts by itself"
    assert play.graph.start_nodes == ("s1", "s2")
    other = Play(graph=play.graph, node="s1")
    assert other.open == ["a"]
    assert other.refuse(c.Start(at=AT)) == "case.started"


def test_an_instantiating_receive_task_starts_with_its_message() -> None:
    play = Play('<receiveTask id="r" instantiate="true"/>', tasks("a"), flows("r > a"))
    assert play.open == ["a"]
