"""`genba demo`: the demonstration, in an installation of one's own.

Rules of this file: `genba.demo` makes it, by real acts; this opens the installation for it.
"""

from pathlib import Path

from genba.cli.home import open_home


def demo(*, home: Path | None = None) -> int:
    """Load the demonstration into an installation.

    A second time changes nothing.

    Parameters
    ----------
    home
        Folder of the installation (default: GENBA_HOME, else `var`); made when missing.
    """
    open_home(home, existing=False)
    load_demonstration()
    return 0


def load_demonstration() -> None:
    """Load it into the open installation, unless it is there."""
    from genba.demo import load

    load()
