"""What running jobs depend on: names of steps, what their state is coded as, no code by value."""

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions

from tests.conftest import ROOT
from tests.graphs import GOLDEN, GRAPHS, RUN, code_by_value, golden, portable, samples

CHANGED = """
Steps or coders of the graph have changed. Jobs that run now are updated, and savepoints restored,
by these: read docs/updates.md, then `python -m tests.graphs` writes the files anew.
"""


@pytest.mark.parametrize("name", GRAPHS)
def test_steps_and_coders_of_state_are_the_golden_ones(name: str) -> None:
    """A step that is renamed by accident would lose its state in an update."""
    assert golden(GRAPHS[name]()) == (GOLDEN / f"{name}.txt").read_text(encoding="utf-8"), CHANGED


@pytest.mark.parametrize("name", GRAPHS)
def test_none_of_our_code_travels_by_value(name: str) -> None:
    """Workers run the release they have installed, not byte code from the launcher."""
    ours = tuple(f"{ROOT}/{package}/" for package in ("pipeline", "transforms", "runners", "tests"))
    by_value = [pair for pair in code_by_value(GRAPHS[name]()) if pair[1].startswith(ours)]
    assert by_value == []


def test_code_by_value_is_seen() -> None:
    """The test above can fail: a lambda is found by the file it stands in."""
    pipeline = beam.Pipeline(options=PipelineOptions([]))
    pipeline | beam.Create([1]) | "Double" >> beam.Map(lambda number: 2 * number)
    found = {step for step, file in code_by_value(pipeline.to_runner_api()) if file == __file__}
    assert found == {"Double"}


@pytest.mark.parametrize("name", GRAPHS)
def test_steps_are_named_by_what_they_do(name: str) -> None:
    """No name holds the name of a class or a line of code, which change unseen."""
    ours = golden(GRAPHS[name]()).split("\n\n")[0].splitlines()
    assert [step for step in ours if not step.replace("/", "").isalnum()] == []


def test_ids_of_steps_do_not_depend_on_other_steps() -> None:
    """A savepoint names steps by their ids, which one step more must not change."""
    fewer, more = (
        {step.unique_name: key for key, step in GRAPHS[name]().components.transforms.items()}
        for name in ("watch", "watch-recurring")
    )
    assert set(fewer) < set(more)
    assert fewer == {name: more[name] for name in fewer}


def test_nothing_is_staged() -> None:
    """Neither a pickled main session nor a package goes along: the image has everything."""
    flags = [
        "--environment_type=DOCKER",
        "--environment_config=copydesk",
        "--sdk_location=container",
    ]
    graph = portable(samples(), RUN, *flags)
    (environment,) = graph.components.environments.values()
    assert [item.type_urn for item in environment.dependencies] == []
