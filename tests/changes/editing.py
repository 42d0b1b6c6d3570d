"""Random small edits of a drawing, as people make them between two versions."""

import re
from random import Random

_TASK = re.compile(r'<task id="(\w+)"/>')
_FLOW = re.compile(r'<sequenceFlow id="\w+" sourceRef="(\w+)" targetRef="(\w+)"></sequenceFlow>')


def flow(source: str, target: str) -> str:
    """A sequence flow as `tests.engine.drawing.flows` writes it."""
    return (
        f'<sequenceFlow id="{source}_{target}" sourceRef="{source}"'
        f' targetRef="{target}"></sequenceFlow>'
    )


def add(body: str, random: Random) -> str:
    """A task more, somewhere on a flow."""
    found = random.choice(list(_FLOW.finditer(body)))
    source, target = found.groups()
    inside = f'<task id="new"/>{flow(source, "new")}{flow("new", target)}'
    return body[: found.start()] + inside + body[found.end() :]


def remove(body: str, random: Random) -> str:
    """A task less; its ways in and out become one."""
    tasks = [found[1] for found in _TASK.finditer(body)]
    random.shuffle(tasks)
    for task in tasks:
        ways = [found.groups() for found in _FLOW.finditer(body) if task in found.groups()]
        into = [source for source, target in ways if target == task]
        out = [target for source, target in ways if source == task]
        if len(into) == len(out) == 1 and flow(into[0], out[0]) not in body:
            body = body.replace(f'<task id="{task}"/>', "").replace(flow(task, out[0]), "")
            return body.replace(flow(into[0], task), flow(into[0], out[0]))
    return body


def rename(body: str, random: Random) -> str:
    """A task under another name."""
    task = random.choice(_TASK.findall(body) or ["none"])
    return body.replace(f'<task id="{task}"/>', f'<task id="{task}" name="Renamed"/>')


def renumber(body: str, random: Random) -> str:
    """Every task named, one under another id: what a drawing tool does when one is drawn anew."""
    body = _TASK.sub(r'<task id="\1" name="The \1"/>', body)
    task = random.choice(re.findall(r'<task id="(\w+)" name="The', body) or ["none"])
    return re.sub(rf'(id|sourceRef|targetRef)="{task}"', r'\1="other"', body)


EDITS = (add, remove, rename, renumber)
