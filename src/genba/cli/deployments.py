"""`genba deploy`: a drawing becomes a process of the installation, a table a decision.

Rules of this file: the runtime deploys; this reads the file and says what came of it.
"""

from pathlib import Path

from genba.cli.answers import count, read_file
from genba.cli.home import open_home
from genba.notation import describe
from genba.runtime.definitions import Deployed


def deploy(file: Path, *, home: Path | None = None) -> int:
    """Make a drawing a process that can be started, or a DMN file decisions that can be made.

    Exit code 1 when the file is refused. The same file again changes nothing.

    Parameters
    ----------
    file
        A BPMN or DMN file of any tool.
    home
        Folder of the installation (default: GENBA_HOME, else `var`); made when missing.
    """
    data = read_file(file)
    installation = open_home(home, existing=False)
    from genba.cases.deployment import deploy_file

    deployed = deploy_file(installation, data, file.name, by="")
    if isinstance(deployed, tuple):
        for problem in deployed:
            print(describe(problem, str(file)))
        return 1
    for version in deployed.versions:
        print(f"{version.key} version {version.version}: {version.name}")
    if isinstance(deployed, Deployed):
        for problem in deployed.missing:
            print(describe(problem, str(file)))
    if isinstance(deployed, Deployed) and deployed.silences:
        places = count(len(deployed.silences), "place")
        print(f"The drawing leaves {places} to people; `genba check {file}` lists them.")
    return 0
