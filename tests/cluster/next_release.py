"""copydesk as a next release may be: each stage has one more step, and all steps other numbers."""

import sys
from typing import Any

import apache_beam as beam

from pipeline import graph
from pipeline.cli import main
from transforms.rejected import Stage


def same(element: Any) -> Any:
    """Return what is given."""
    return element


class CheckedStage(Stage):
    """A stage that looks at its results once more."""

    def expand(self, elements: Any) -> Any:
        """Add a step."""
        return super().expand(elements) | "Check" >> beam.Map(same)


if __name__ == "__main__":
    vars(graph)["Stage"] = CheckedStage
    sys.exit(main())
