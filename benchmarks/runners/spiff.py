"""SpiffWorkflow, run in its own environment.

Rules of this file: what its documentation shows, and nothing slower: the counting step is a
Python function instead of a compiled script, and a wait is saved with its own serializer.
"""

import json
import sqlite3
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from protocol import TOGETHER, Prepare, answer  # type: ignore[import-not-found]
from SpiffWorkflow.bpmn import BpmnWorkflow  # type: ignore[import-not-found]
from SpiffWorkflow.bpmn.parser import BpmnParser  # type: ignore[import-not-found]
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine  # type: ignore[import-not-found]
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer  # type: ignore[import-not-found]
from SpiffWorkflow.util.task import TaskState  # type: ignore[import-not-found]

SERIALIZER = BpmnWorkflowSerializer()


class Counting(PythonScriptEngine):  # type: ignore[misc]
    """Every step adds one to `n`; branches each have their own, so the engine counts too."""

    counted = 0

    def execute(self, task: Any, script: str, external_context: Any = None) -> bool:
        """The step itself."""
        self.counted += 1
        task.data["n"] = task.data.get("n", 0) + 1
        return True


def parse(model: str) -> Any:
    """From text to a specification that can be run."""
    parser = BpmnParser()
    parser.add_bpmn_str(model.encode())
    return parser.get_spec("p")


def check(workflow: Any, counted: int, expected: int) -> None:
    """Raise when the case has not ended, or a step was not taken."""
    if not workflow.is_completed() or counted != expected:
        raise RuntimeError(f"{counted} steps were counted")


def prepare_run(model: str, expected: int) -> Callable[[], object]:
    """A case in memory, from start to end."""
    specification, engine = parse(model), Counting()

    def run() -> None:
        engine.counted = 0
        workflow = BpmnWorkflow(specification, script_engine=engine)
        workflow.do_engine_steps()
        check(workflow, engine.counted, expected)

    return run


def prepare_saved(synchronous: str) -> Prepare:
    """A case of user tasks, loaded and saved as JSON in SQLite at each wait."""

    def prepare(model: str, expected: int) -> Callable[[], object]:
        specification, engine = parse(model), Counting()
        file = Path(tempfile.mkdtemp()) / "spiff.sqlite3"
        database = sqlite3.connect(file, isolation_level=None)
        database.execute("PRAGMA journal_mode=WAL")
        database.execute(f"PRAGMA synchronous={synchronous}")
        database.execute("CREATE TABLE cases (id INTEGER PRIMARY KEY, state TEXT)")

        def run() -> None:
            workflow = BpmnWorkflow(specification, script_engine=engine)
            workflow.do_engine_steps()
            state = json.dumps(SERIALIZER.to_dict(workflow))
            case = database.execute("INSERT INTO cases (state) VALUES (?)", (state,)).lastrowid
            while not workflow.is_completed():
                row = database.execute("SELECT state FROM cases WHERE id = ?", (case,)).fetchone()
                workflow = SERIALIZER.from_dict(json.loads(row[0]))
                workflow.script_engine = engine
                task = workflow.get_next_task(state=TaskState.READY, manual=True)
                task.data["n"] = task.data.get("n", 0) + 1
                task.run()
                workflow.do_engine_steps()
                state = json.dumps(SERIALIZER.to_dict(workflow))
                database.execute("UPDATE cases SET state = ? WHERE id = ?", (state, case))
            check(workflow, workflow.last_task.data["n"], expected)

        return run

    return prepare


def prepare_together(model: str, expected: int) -> Callable[[], object]:
    """One after the other: it has no store of its own in which threads could share a flush."""
    run = prepare_saved("FULL")(model, expected)

    def runs() -> None:
        for _ in range(TOGETHER):
            run()

    return runs


if __name__ == "__main__":
    answer(
        {
            "parse": lambda model, expected: lambda: parse(model),
            "run": prepare_run,
            # It has no log of its own: what it saves is the state.
            "state-off": prepare_saved("OFF"),
            "state-full": prepare_saved("FULL"),
            "journal-off": prepare_saved("OFF"),
            "journal-full": prepare_saved("FULL"),
            "states-together": prepare_together,
            "together": prepare_together,
        }
    )
