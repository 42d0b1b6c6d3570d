"""`genba migrate`: the open cases of one version go on in another.

Rules of this file: the runtime judges and an act moves; this prints what comes of it.
"""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from genba.cli.answers import Impossible, print_rows
from genba.cli.home import open_home
from genba.cli.verbs import act

HEAD = ("case", "title", "", "why")


def migrate(
    process: str,
    *,
    from_: Annotated[int, Parameter(name="--from")],
    to: int,
    preview: Annotated[bool, Parameter(negative="")] = False,
    as_: Annotated[str, Parameter(name="--as")] = "",
    home: Path | None = None,
) -> int:
    """Let the open cases of a version go on in another one, or back.

    What needs a choice or cannot stays where it is. Exit code 1 when it was not done.

    Parameters
    ----------
    process
        The key of the process.
    from_
        The version the cases run in.
    to
        The version they go on in.
    preview
        Only say what would become of every case.
    as_
        The mail address, handle or id of the person who moves them; not needed for a preview.
    home
        Folder of the installation (default: GENBA_HOME, else `var`).
    """
    if preview:
        return show(process, from_, to, home)
    if not as_:
        raise Impossible("Say who moves them with --as, or add --preview to see what would happen.")
    given = [f"version={from_}", f"to={to}"]
    return act("process", process, "migrate", given, as_=as_, home=home)


def show(process: str, version: int, to: int, home: Path | None) -> int:
    """Print what would become of every case."""
    inst = open_home(home)
    from genba.cases.migration_wording import FATES, effects_of, reasons_of
    from genba.changes.verdicts import Fate
    from genba.runtime.definitions import UnknownVersion, graph
    from genba.runtime.migrations import preview

    try:
        seen = preview(inst, process, version, to, inst.clock.now())
        old, new = graph(inst, process, version), graph(inst, process, to)
    except UnknownVersion as unknown:
        raise Impossible(f"This cannot be tried: {unknown}.") from unknown
    for was, now in ((p.old, p.new) for p in seen.mapping.pairs if p.old != p.new):
        print(f"{old.label(was)} ({was}) becomes {new.label(now)} ({now})")
    rows = []
    for one in seen.cases:
        say = effects_of if one.verdict.fate is Fate.FINE else reasons_of
        words = FATES[one.verdict.fate]
        rows.append((str(one.row.number), one.row.title, words, say(one.verdict, old, new)))
    if rows:
        print_rows(HEAD, rows)
    print(", ".join(f"{FATES[fate]}: {len(seen.of(fate))}" for fate in Fate))
    return 0
