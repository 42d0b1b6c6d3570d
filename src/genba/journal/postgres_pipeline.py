"""What need not be answered yet is sent with what must be.

Rules of this file: psycopg only. In pipeline mode psycopg sends each statement when it is given, in
a packet of its own, and looks whether there are answers: that costs both sides more than the
statement. One given inside `quietly` waits for the next outside of it, and what waits leaves
together. Order, results and errors stay what they are.
"""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Pipeline
from typing_extensions import override


class Together(deque[Callable[[], Any]]):
    """A queue that gives everything at once: it is put into one buffer and sent once."""

    @override
    def popleft(self) -> Callable[[], None]:
        """All that waits, as one command."""
        waiting = list(self)
        self.clear()

        def give() -> None:
            for command in waiting:
                command()

        return give


def gather(pipeline: Pipeline) -> None:
    """Let a pipeline send together what waits in its queue."""
    pipeline.command_queue = Together(pipeline.command_queue)


def _say_nothing() -> Iterator[Any]:
    return
    yield


@contextmanager
def quietly(pipeline: Pipeline) -> Iterator[None]:
    """Statements given meanwhile wait in the queue of the pipeline.

    What is put in the place of psycopg's own step has no public name: a release that calls it
    otherwise sends each statement by itself again, and nothing else changes.
    """
    pipeline.__dict__["_communicate_gen"] = _say_nothing
    try:
        yield
    finally:
        del pipeline.__dict__["_communicate_gen"]
