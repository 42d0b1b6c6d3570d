"""Run every check over the checkout; exit 1 and one line a finding when something is wrong."""

import sys
from pathlib import Path

from checks import budgets, purity, tracked


def main(root: Path) -> int:
    """Print what is wrong below `root`; 0 when nothing is."""
    files = tracked.list_files(root)
    findings = [
        *budgets.examine(root, files),
        *purity.examine(root, files),
        *tracked.examine(root, files),
    ]
    for finding in findings:
        print(finding, file=sys.stderr)
    if findings:
        print(f"{len(findings)} findings", file=sys.stderr)
        return 1
    print(f"budgets, purity, locks and addresses: {len(files)} files, nothing wrong")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
