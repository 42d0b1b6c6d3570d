"""`genba mcp`: an assistant of this machine, over its standard input and output.

Rules of this file: starting and stopping; the token comes from the environment, so that no list of
processes shows it. Nothing but the protocol is printed.
"""

import os
from pathlib import Path

from genba.cli.answers import Impossible
from genba.cli.home import open_home

VARIABLE = "GENBA_TOKEN"


def mcp(*, home: Path | None = None) -> int:
    """Let an assistant read and act for the person of a token (Model Context Protocol).

    It speaks over standard input and output, as programs that start their servers themselves
    expect. The token, made by `genba token make`, is in the variable GENBA_TOKEN.

    Parameters
    ----------
    home
        Folder of the installation (default: GENBA_HOME, else `var`).
    """
    secret = os.environ.get(VARIABLE, "")
    open_home(home)
    from genba.channels.assistants.doing import may_enter
    from genba.channels.workers.entrance import spoken_for

    if not may_enter(spoken_for(secret)):
        raise Impossible(f"{VARIABLE} is not a token that reads or acts here: `genba token make`.")
    import anyio

    anyio.run(serve, secret)
    return 0


async def serve(secret: str) -> None:
    """Speak until the input ends."""
    from mcp.server.stdio import stdio_server

    from genba.channels.assistants.server import make_server

    server = make_server(lambda _ctx: secret)
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())
