"""Times a drawing gives with our own attributes that could not be kept here: refused.

Rules of this file: reads only. What other tools wrote is theirs: a due date of theirs that cannot
be read is no due date. An expression is read when the step is reached.
"""

from collections.abc import Iterator

from genba.engine.time_texts import read
from genba.notation import read_bpmn
from genba.notation.model import Node, Problem, Process
from genba.runtime.almanacs import zone_of


def unknown_times(data: bytes, file: str) -> tuple[Problem, ...]:
    """What a drawing says with `genba:remind`, `genba:escalate`, `genba:zone` and is no such."""
    drawing = read_bpmn(data, file)
    if isinstance(drawing, tuple):
        return ()  # said when it is deployed
    problems: list[Problem] = []
    for process in drawing.processes:
        problems += _problems(process)
        for node in process.nodes:
            problems += _problems(node)
    return tuple(problems)


def _problems(thing: Process | Node) -> Iterator[Problem]:
    said = thing if isinstance(thing, Process) else thing.assignment
    for name, text in (("remind", said.remind), ("escalate", said.escalate)):
        if text and not _is_expression(text) and read(text.strip().removeprefix("-")) is None:
            yield _refused(
                thing, f"genba.{name}", f"genba:{name} is no time: “{text}”",
                "write it like PT4H working, -P1D or R/P1D working",
            )  # fmt: skip
    if thing.zone and zone_of(thing.zone) is None:
        yield _refused(
            thing, "genba.zone", f"there is no time zone “{thing.zone}”",
            "write it like Europe/Paris",
        )  # fmt: skip


def _is_expression(text: str) -> bool:
    return text.lstrip().startswith("=") or "${" in text or "#{" in text


def _refused(thing: Process | Node, rule: str, message: str, advice: str) -> Problem:
    return Problem(
        severity="refused",
        rule=rule,
        message=f"“{thing.name or thing.id}”: {message}.",
        position=thing.position,
        element=thing.id,
        advice=advice,
    )
