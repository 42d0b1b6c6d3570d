"""An installation with a case in every kind of waiting, whoever makes it."""

from typing import Any

from tests.upgrades.waits import STARTED, drawn


def fill(player: Any) -> None:
    """Bring in the drawings and let cases come to where they wait."""
    player.deploy(drawn().decode())
    cases = {process: player.start(process) for process in STARTED}
    player.drain()
    for process in ("join", "some", "early", "each", "all", "again", "undone", "undoing"):
        player.do(cases[process], f"{process}-a")
    assigned = cases["assigned"]
    player.tell(assigned, "AssignWork", {**_newest(player, assigned), "to": "8", "by": "7"})
    early = player.start("message")
    player.tell(early, "Deliver", {"name": "asked", "node": "message-w", "data": {"sum": 1.5}})
    later = player.start("undone")
    player.do(later, "undone-a")
    player.tell(later, "SendBack", {**_newest(player, later), "to": "undone-a", "reason": "wrong"})
    broken = player.start("task")
    player.tell(broken, "Fail", {"rule": "outside.failed", "message": "The server is away."})
    player.tell(player.start("task"), "Cancel", {"reason": "a mistake"})
    # What was decided and not yet carried out: it waits in the outbox.
    player.do(cases["payer"], "payer-a")
    player.do(cases["alarmer"], "alarmer-a")
    player.start("caller")


def _newest(player: Any, case: str) -> dict[str, str]:
    return {"work": player.newest(case)}
