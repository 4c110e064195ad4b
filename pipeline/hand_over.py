"""Runs that end here once their graph is handed over: what they write comes later, elsewhere."""

from dataclasses import dataclass

from apache_beam.options.pipeline_options import (
    GoogleCloudOptions,
    PipelineOptions,
    PortableOptions,
    StandardOptions,
    TestOptions,
)
from apache_beam.runners.runner import PipelineResult


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The outcome of such a run, in words.

    ``by_a_job`` is true when a job of the runner's takes the graph over, which has to end first.
    """

    message: str
    by_a_job: bool = False
    exit_code: int = 0

    def settle(self, result: PipelineResult) -> None:
        """Wait for what takes the graph over to be there, and for nothing else."""
        if self.by_a_job:
            result.wait_until_finish()

    def text(self) -> str:
        """Return what a person is told."""
        return self.message


def handed_over(options: PipelineOptions) -> HandedOver | None:
    """Return what takes the graph over: a template, a jar, a dry run; None for other runs."""
    if template := options.view_as(GoogleCloudOptions).template_location:
        return HandedOver(f"wrote the template {template}: start it to run the job")
    if jar := options.view_as(PortableOptions).output_executable_path:
        return HandedOver(f"wrote the program {jar}: start it to run the job", by_a_job=True)
    on_dataflow = "DataflowRunner" in (options.view_as(StandardOptions).runner or "")
    if on_dataflow and options.view_as(TestOptions).dry_run:
        return HandedOver("a dry run: the job is built, nothing is started")
    return None
