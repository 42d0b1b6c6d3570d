"""What a drawing wants done by a machine that is not there, told before a case comes to it.

Rules of this file: nothing is refused: a function may be installed and a host allowed later, and
until then whoever does the step is asked. Which topics somebody asks for is not looked at: a step
whose topic nobody asks for is a person's.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from genba.engine.graph import FUNCTION, HTTP, Graph, GraphNode
from genba.notation.model import Problem
from genba.runtime.functions import Hopeless
from genba.runtime.functions import names as function_names
from genba.runtime.outward import Allowed, Refused, may_be_called
from genba.runtime.web_calls import HOSTS, hosts


def missing_machines(graph: Graph) -> tuple[Problem, ...]:
    """The functions that are not installed here, and the hosts that may not be called from here."""
    installed, allowed = function_names(), _allowed()
    return tuple(
        problem
        for node in graph.nodes.values()
        if node.job is not None
        for problem in (*_function(node, installed), *_host(node, allowed))
    )


def _allowed() -> tuple[Allowed, ...]:
    try:
        return hosts()
    except Hopeless:  # the setting cannot be read: nothing may be called
        return ()


def _function(node: GraphNode, installed: frozenset[str]) -> Iterator[Problem]:
    assert node.job is not None
    if node.job.way != FUNCTION or node.job.name in installed:
        return
    alike = get_close_matches(node.job.name, sorted(installed), n=1)
    meant = f"; did you mean “{alike[0]}”?" if alike else "; `genba functions` lists what is"
    yield _problem(
        node,
        "machine.function",
        f"“{node.label}” names the function “{node.job.name}”, which is not installed here{meant}",
        "install the package that brings it; until then a person is asked",
    )


def _host(node: GraphNode, allowed: tuple[Allowed, ...]) -> Iterator[Problem]:
    assert node.job is not None
    call = node.job.call
    if node.job.way != HTTP or call is None:
        return
    written = "".join(part if isinstance(part, str) else "x" for part in call.url)
    try:
        if may_be_called(written, allowed):
            return
        why = f"may not be called from here ({HOSTS})"
    except Refused as refused:
        why = f"cannot be called: {refused}"
    yield _problem(
        node,
        "machine.host",
        f"“{node.label}” calls {written.split('?')[0]}, which {why}",
        f"name its host in {HOSTS}; until then a person is asked",
    )


def _problem(node: GraphNode, rule: str, message: str, advice: str) -> Problem:
    return Problem(
        severity="warning",
        rule=rule,
        message=message,
        position=node.drawn.position,
        element=node.id,
        advice=advice,
    )
