"""`genba deploy`: a drawing becomes a process of the installation.

Rules of this file: the runtime deploys; this reads the file and says what came of it.
"""

from pathlib import Path

from genba.cli.answers import count, read_file
from genba.cli.home import open_home
from genba.notation import describe


def deploy(file: Path, *, home: Path | None = None) -> int:
    """Make a drawing a process that can be started.

    Exit code 1 when the drawing is refused. The same file again changes nothing.

    Parameters
    ----------
    file
        A BPMN file of any tool.
    home
        Folder of the installation (default: GENBA_HOME, else `var`); made when missing.
    """
    data = read_file(file)
    installation = open_home(home, existing=False)
    from genba.cases.deployment import deploy_drawing

    deployed = deploy_drawing(installation, data, file.name, by="")
    if isinstance(deployed, tuple):
        for problem in deployed:
            print(describe(problem, str(file)))
        return 1
    for version in deployed.versions:
        print(f"{version.key} version {version.version}: {version.name}")
    if deployed.silences:
        places = count(len(deployed.silences), "place")
        print(f"The drawing leaves {places} to people; `genba check {file}` lists them.")
    return 0
