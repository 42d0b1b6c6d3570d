"""`genba import`: a file of lines, each an act.

Rules of this file: a channel like the others; every line has a result of its own, and is printed.
"""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from genba.cli.answers import Impossible, print_rows
from genba.cli.home import open_home
from genba.cli.verbs import id_of, person_called

if TYPE_CHECKING:
    from genba.channels.bulk.importing import Result

HEAD = ("line", "what became of it", "message")


def bring_in(
    file: Path,
    *,
    act: str,
    id: str = "",
    as_: Annotated[str, Parameter(name="--as")],
    home: Path | None = None,
) -> int:
    """Do an act for every line of a file.

    The file is CSV with a head, or JSON lines (.jsonl). The same file again does nothing twice.
    Exit code 1 when a line was refused.

    Parameters
    ----------
    file
        The file; the columns, or the names in a line, are the inputs of the act. `_id` names
        the object of a line, `_key` what makes it the same line in another file.
    act
        What is done: process.start, task.complete; `genba acts` prints them.
    id
        What it is done to, where no line says another.
    as_
        The mail address, handle or id of the person who acts.
    home
        Folder of the installation (default: GENBA_HOME, else `var`).
    """
    try:
        raw = file.read_bytes()
    except OSError as problem:
        raise Impossible(f"{file} cannot be read ({problem.strerror}).") from problem
    open_home(home)
    from genba.acts.card import Assurance
    from genba.acts.inbound import Inbound
    from genba.acts.registry import find_act
    from genba.channels.bulk.importing import import_lines
    from genba.channels.bulk.lines import CSV, JSONL, Unreadable, read_lines

    declaration = find_act(act)
    if declaration is None:
        raise Impossible(f"There is no act {act}; `genba acts` prints them.")
    try:
        lines = read_lines(raw, JSONL if file.suffix in (".jsonl", ".ndjson") else CSV)
    except Unreadable as wrong:
        raise Impossible(str(wrong)) from wrong
    inbound = Inbound(
        channel="cli",
        assurance=Assurance.SESSION,
        act=act,
        key=f"import:{hashlib.sha256(raw).hexdigest()}:{act}",
        person=person_called(as_),
        object=declaration.object,
        object_id=id_of(declaration.object, id) if id else "",
    )
    results = import_lines(inbound, lines)
    print_rows(HEAD, [_row(one) for one in results])
    return 0 if all(one.ok for one in results) else 1


def _row(one: "Result") -> tuple[str, str, str]:
    errors = "; ".join(f"{name}: {said}" for name, said in one.errors.items())
    return str(one.line), str(one.verdict), errors or one.message
