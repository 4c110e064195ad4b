"""What the launcher of the Flex Template starts: ``copydesk run`` with the flags of Dataflow.

The launcher names a ``--template_location``, so the run hands its graph over and does not wait.
"""

import sys
from importlib.resources import as_file, files

from pipeline.cli import main


def launch(parameters: list[str]) -> int:
    """Run with the template's parameters, which win over the flags of ``dataflow.args``."""
    with as_file(files("runners") / "dataflow.args") as defaults:
        return main(["run", f"@{defaults}", *parameters])


if __name__ == "__main__":
    sys.exit(launch(sys.argv[1:]))
