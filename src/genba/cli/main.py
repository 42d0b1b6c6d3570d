"""The `genba` command.

Rules of this file: the table of commands, and what every command has in common. A command lives
in a module of its own and is imported when it is run, so that `genba --help` is instant and the
pure commands (check, rehearse) never load Django.

Exit codes: 0 done; 1 the answer is no (refused, not completed, the chain is broken); 2 it could
not be tried (a wrong option, a file that cannot be read, a taken port).
"""

import os
import sys
from collections.abc import Sequence
from errno import ENOSPC

from cyclopts import App, CycloptsError

from genba import __version__
from genba.cli.answers import Impossible

COMMANDS = {
    "serve": ("genba.cli.server:serve", "Serve Genba: the pages, the mail and the timers."),
    "worker": (
        "genba.cli.worker:worker",
        "Do what is due: timers, messages between cases, mail that leaves.",
    ),
    "check": ("genba.cli.findings:check", "Say what a drawing leaves open, and what cannot run."),
    "decide": (
        "genba.cli.decisions:decide",
        "Make a decision of a DMN file with values, without a case.",
    ),
    "rehearse": ("genba.cli.rehearsals:rehearse", "Run a drawing to its end, in memory."),
    "drawings": ("genba.cli.drawings:drawings", "Load and rehearse whole folders of drawings."),
    "acts": ("genba.cli.verbs:acts", "Print every act there is, from the registry."),
    "functions": (
        "genba.cli.functions:functions",
        "Print the functions that are installed here, which do the work of service tasks.",
    ),
    "import": ("genba.cli.files:bring_in", "Do an act for every line of a file."),
    "act": ("genba.cli.verbs:act", "Do something, as a page or a mail would."),
    "mcp": (
        "genba.cli.assistants:mcp",
        "Let an assistant read and act for the person of a token (Model Context Protocol).",
    ),
    "deploy": (
        "genba.cli.deployments:deploy",
        "Make a drawing a process that can be started, or a DMN file decisions that can be made.",
    ),
    "migrate": (
        "genba.cli.migrations:migrate",
        "Let the open cases of a version go on in another one, or back.",
    ),
    "verify": ("genba.cli.records:verify", "Check the log against its chain of hashes."),
    "move": (
        "genba.cli.moving:move",
        "Copy an installation from its SQLite file into an empty PostgreSQL database.",
    ),
    "shard": (
        "genba.cli.sharding:shard",
        "Print the statements that spread the journal over the shards of Citus.",
    ),
    "demo": ("genba.cli.demonstration:demo", "Load the demonstration into an installation."),
}
PERSON_COMMANDS = {
    "add": ("genba.cli.accounts:add", "Make an account and put it into groups."),
}
TOKEN_COMMANDS = {
    "make": ("genba.cli.tokens:make", "Make a token for a program of somebody."),
    "list": ("genba.cli.tokens:show", "Print the tokens of somebody's programs."),
    "revoke": ("genba.cli.tokens:revoke", "End a token at once."),
}


def build_app() -> App:
    """The application with all commands, none of them imported yet."""
    app = App(
        name="genba",
        version=__version__,
        help="The process platform for the people who do the work.",
    )
    person = App(name="person", help="The people of an installation.")
    token = App(name="token", help="The tokens of people's programs.")
    tables = ((app, COMMANDS), (person, PERSON_COMMANDS), (token, TOKEN_COMMANDS))
    for owner, table in tables:
        for name, (target, summary) in table.items():
            owner.command(target, name=name, help=summary)
    app.command(person)
    app.command(token)
    return app


def call(arguments: Sequence[str]) -> int:
    """Run one command line and answer its exit code; what cannot be done is one sentence."""
    try:
        result = build_app()(arguments, exit_on_error=False, result_action="return_value")
        sys.stdout.flush()
    except CycloptsError:
        return 2  # it has said why
    except Impossible as problem:
        print(f"genba: {problem}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # the reader (a pager, head) has had enough
        sys.stderr.close()
        return 0
    except OSError as problem:
        if problem.errno != ENOSPC:
            raise
        print(
            f"genba: What there was to say could not be written ({problem.strerror}).",
            file=sys.stderr,
        )
        # What is left in the buffer would fail once more when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except KeyboardInterrupt:
        return 130
    return result if isinstance(result, int) else 0


def run() -> None:
    """The entry point of the `genba` script."""
    sys.exit(call(sys.argv[1:]))
