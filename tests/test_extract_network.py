"""The network over blocks: what it is given, what it hears, and that its sums are exact."""

import numpy as np
import pytest
from selectolax.lexbor import LexborHTMLParser

from transforms.extract import network
from transforms.extract.columns import Columns, Hints, Layout
from transforms.extract.features import page_features
from transforms.extract.model import forest_odds, joined, keep_probability
from transforms.extract.network import (
    CONTAINERS,
    MOST_ACTIVE,
    MOST_INPUT,
    NEIGHBOURS,
    Inputs,
    Layer,
    bare_links,
    context,
    surroundings,
)
from transforms.extract.page import read_page

PAGE = """<html><body><nav><ul><li><a href="#">Harbour</a></li><li><a href="#">Market</a></li></ul>
</nav><main><h1>Weir gates to be rebuilt</h1><div><p>The old gates have held for ninety years.</p>
<p>They close for good in the autumn, the river board said on Monday.</p><ul><li>Nine gates</li>
<li>Two locks</li></ul></div><section><p>New ones come by barge from the yard downstream.</p>
</section></main><footer><p>River board, all rights reserved.</p></footer></body></html>"""


def features(html: str) -> tuple[Columns, Layout]:
    """Return the features and the layout of a page."""
    root = LexborHTMLParser(html).root
    assert root is not None
    return page_features(read_page(root), Hints(title="Weir gates to be rebuilt"))


def test_context_is_neighbours_and_weighted_means() -> None:
    """What each block hears equals the sums written out block by block."""
    _, layout = features(PAGE)
    looked_at = np.flatnonzero(~bare_links(layout))
    assert 0 < len(looked_at) < len(layout.size)
    around = surroundings(layout, looked_at)
    count = len(looked_at)
    messages = np.random.default_rng(0).integers(0, 256, (count, 3)).astype(np.float32)
    heard = context(messages, around)
    paths = layout.path[layout.levels[0][looked_at]]
    for number, block in enumerate(looked_at.tolist()):
        wanted = [
            messages[number + by] if 0 <= number + by < count else np.zeros(3) for by in NEIGHBOURS
        ]
        groups = []
        for level in CONTAINERS:
            at = layout.levels[level][block]
            groups.append((looked_at >= layout.first[at]) & (looked_at < layout.last[at]))
        groups += [np.ones(count, bool), paths == paths[number]]
        wanted += [np.average(messages[g], axis=0, weights=around.weight[g]) for g in groups]
        assert heard[number] == pytest.approx(np.concatenate(wanted), rel=1e-6)


def test_every_sum_of_the_shipped_network_is_exact() -> None:
    """No sum of products can leave the whole numbers that single precision holds."""
    net = network.load()
    for layer, most in (
        (net.read, MOST_INPUT),
        (net.tell, MOST_ACTIVE),
        (net.judge, MOST_ACTIVE),
        (net.end, MOST_ACTIVE),
    ):
        assert (layer.weights == np.rint(layer.weights)).all()
        assert (np.abs(layer.weights).sum(0) * most + np.abs(layer.bias)).max() < 2**24


def test_activations_are_bounded_whole_numbers() -> None:
    """A layer rounds, rectifies and cuts what it passes on."""
    layer = Layer(np.asarray([[2.0], [-3.0]], np.float32), np.asarray([1.0], np.float32), 2.0)
    values = np.asarray([[1, 0], [0, 1], [1000, 0]], np.float32)
    assert layer.active(values).tolist() == [[2.0], [0.0], [MOST_ACTIVE]]


def test_inputs_tell_codes_depths_and_a_missing_title_apart() -> None:
    """Depths become nearness, codes columns of their own, and no title is no distance."""
    inputs = Inputs(["size", "name:aside", "heading@-1", "from_title"])
    values = inputs.of(np.asarray([[3, 4], [0, 9], [-1, 2], [5, 99]], np.float32))
    assert values[:2].tolist() == [[3, 4], [5, 0]]
    assert values[2].tolist() == [1.0, 2.0**-9]
    assert values[3:].sum(0).tolist() == [1, 2]
    assert inputs.named.tolist() == [False, False, True, *[False] * (len(values) - 3)]


def test_bare_links_are_left_to_the_forest() -> None:
    """The network changes the odds of blocks with text, and of no short link."""
    columns, layout = features(PAGE)
    rows = columns.matrix()
    bare = bare_links(layout)
    forest = forest_odds(rows)
    both = joined(forest, network.load(), rows, layout)
    assert bare.any()
    assert (both[bare] == forest[bare]).all()
    assert (both[~bare] != forest[~bare]).all()


def test_a_page_of_bare_links_has_no_network_to_ask() -> None:
    """A page with nothing but links is judged by the forest alone."""
    columns, layout = features('<body><ul><li><a href="#">Harbour</a><li><a href="#">Quay</a></ul>')
    assert bare_links(layout).all()
    assert (keep_probability(columns.matrix(), layout) < 0.5).all()


def test_a_long_page_is_read_in_chunks_like_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where chunks begin changes nothing, since sums are exact."""
    columns, layout = features(PAGE.replace("<p>The", "<p>Tides rose.</p>" * 1500 + "<p>The"))
    rows = columns.matrix()
    looked_at = np.flatnonzero(~bare_links(layout))
    assert len(looked_at) > network.CHUNK
    net, around = network.load(), surroundings(layout, looked_at)
    chunks = net.scores(rows.T.take(looked_at, axis=1), around)
    monkeypatch.setattr(network, "CHUNK", 10**6)
    assert (net.scores(rows.T.take(looked_at, axis=1), around) == chunks).all()
