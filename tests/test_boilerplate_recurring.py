"""Blocks that recur across the articles of a site."""

import apache_beam as beam
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing import test_stream
from apache_beam.testing.util import assert_that, equal_to

from pipeline.prism import prism_path
from pipeline.runner import NO_SPLITS
from transforms.boilerplate.cross_document import EXPIRY_SECONDS, RemoveRecurring, site_of
from transforms.boilerplate.recurring import (
    MAX_MEMORY,
    SiteMemory,
    block_digest,
    count_stories,
    is_recurring,
    site_digests,
    without_recurring,
)
from transforms.model import Article, Block, BlockKind, RawDocument

BIO = "Orla Finch writes about rivers, boats and the people who mend them for this paper."


def story(number: int) -> list[str]:
    """Return three paragraphs that no other story has."""
    return [
        f"Paragraph {part} of story {number} tells at some length what happened in village"
        f" {number * 7 + part}, and why nobody there was very surprised by it."
        for part in range(3)
    ]


def article(name: str, texts: list[str], site: str = "paper.example") -> Article:
    """Return an article of kept blocks."""
    raw = RawDocument(name, b"", url=f"https://www.{site}/{name}")
    return Article(raw, article_id=name, blocks=tuple(Block(text) for text in texts))


def texts(found: Article) -> tuple[str, list[str]]:
    """Return an article's id and its kept texts."""
    return found.article_id, [block.text for block in found.blocks if block.keep]


def test_digest_ignores_form_but_not_site() -> None:
    """White space, quotes and case do not change a digest; the site does."""
    one = block_digest("a.example", "“Sign up” for our\xa0weekly letter")
    assert one == block_digest("a.example", 'sign up  for our "weekly" Letter')
    assert one != block_digest("b.example", "“Sign up” for our weekly letter")
    assert block_digest("a.example", "Short one") is None


def test_a_republished_story_is_one_story() -> None:
    """The same story under four addresses counts once, a block of four stories four times."""
    same = [site_digests("s", [Block(t) for t in [*story(1), BIO]])[1] for _ in range(4)]
    assert count_stories(same) == 1
    edited = [story(1)[:2], story(1), [*story(1), "A late line that was added in the evening."]]
    assert count_stories([site_digests("s", map(Block, t))[1] for t in edited]) == 1
    assert count_stories([site_digests("s", map(Block, story(n)))[1] for n in range(4)]) == 4


@pytest.mark.parametrize(
    ("stories", "total", "expected"),
    [(2, 3, False), (3, 3, True), (3, 1000, False), (16, 100_000, True)],
)
def test_threshold_follows_the_size_of_the_site(
    stories: int, total: int, *, expected: bool
) -> None:
    """Three stories are enough on a small site and not on a large one."""
    assert is_recurring(stories, total) is expected


def test_an_article_that_recurs_as_a_whole_is_left_alone() -> None:
    """A block goes only where it is not most of the article."""
    blocks = [Block(text) for text in [*story(1), BIO]]
    digests, _ = site_digests("s", blocks)
    bio = digests[-1]
    assert bio is not None
    kept = without_recurring(blocks, digests, {bio})
    assert [block.keep for block in kept] == [True, True, True, False]
    everything = {digest for digest in digests if digest is not None}
    assert all(block.keep for block in without_recurring(blocks, digests, everything))


def test_a_heading_of_a_series_stays() -> None:
    """A recurring heading stays above text of the article's own, and goes above what recurs."""
    heading = Block("What the council says", BlockKind.HEADING)
    blocks = [*map(Block, story(1)), heading, Block("A line of its own."), heading, Block(BIO)]
    digests, _ = site_digests("s", blocks)
    recurring = {digest for digest in (digests[3], digests[-1]) if digest is not None}
    kept = without_recurring(blocks, digests, recurring)
    assert [block.keep for block in kept] == [True] * 5 + [False, False]


def test_memory_is_bounded() -> None:
    """A site's memory forgets the blocks it has not met for longest."""
    memory = SiteMemory()
    memory = memory.updated("s", [Block(f"Block number {n} of many") for n in range(MAX_MEMORY)])
    memory = memory.updated("s", [Block(BIO)])
    assert len(memory.sketches) == MAX_MEMORY
    assert block_digest("s", BIO) in memory.sketches
    assert block_digest("s", "Block number 0 of many") not in memory.sketches


def test_batch_takes_out_a_bio_and_keeps_republished_stories() -> None:
    """Over a bounded input the bio goes from every article; reprints and other sites stay."""
    fresh = [article(f"n{n}", [*story(n), BIO]) for n in range(4)]
    reprints = [article(f"r{n}", story(99)) for n in range(5)]
    elsewhere = [article("x", [*story(5), BIO], site="other.example")]
    nowhere = [Article(RawDocument("?", b""), article_id="?", blocks=(Block(BIO),))]
    expected = [(f"n{n}", story(n)) for n in range(4)]
    expected += [(f"r{n}", story(99)) for n in range(5)]
    expected += [("x", [*story(5), BIO]), ("?", [BIO])]
    with beam.Pipeline("FnApiRunner") as pipeline:
        found = (
            pipeline
            | beam.Create([*fresh, *reprints, *elsewhere, *nowhere])
            | RemoveRecurring()
            | beam.Map(texts)
        )
        assert_that(found, equal_to(expected))


IN_PROCESS = ["--runner=BundleBasedDirectRunner"]
# A Prism of its own: the one that Beam shares may have been set up without its path.
ON_PRISM = [
    "--runner=PrismRunner",
    "--environment_type=LOOPBACK",
    "--experiments=disable_prism_server_singleton",
    f"--experiments={NO_SPLITS}",
]
needs_prism = pytest.mark.skipif(not prism_path().exists(), reason="no Prism: make prism builds it")


def one_by_one(articles: list[Article]) -> test_stream.TestStream:
    """Return a stream on which each article comes after the one before."""
    stream = test_stream.TestStream()
    for number, each in enumerate(articles):
        stream = stream.advance_watermark_to(number).add_elements([each])
    return stream.advance_watermark_to(len(articles))


def run_stream(
    flags: list[str], stream: test_stream.TestStream, expected: list[tuple[str, list[str]]]
) -> None:
    """Check what is left of the articles of a stream on a runner."""
    prism = f"--prism_location={prism_path()}"
    with beam.Pipeline(options=PipelineOptions([*flags, prism, "--streaming"])) as pipeline:
        found = (
            pipeline | stream.advance_watermark_to_infinity() | RemoveRecurring() | beam.Map(texts)
        )
        assert_that(found, equal_to(expected))


@pytest.mark.parametrize("flags", [IN_PROCESS, pytest.param(ON_PRISM, marks=needs_prism)])
def test_streaming_takes_out_what_it_has_seen_often_enough(flags: list[str]) -> None:
    """Along a stream the bio goes from the fourth story on; a story published again stays."""
    fresh = [article(f"n{n}", [*story(n), BIO]) for n in range(5)]
    reprints = [article(f"r{n}", [*story(99), "An hour ago"]) for n in range(5)]
    expected = [(f"n{n}", [*story(n), BIO]) for n in range(3)]
    expected += [(f"n{n}", story(n)) for n in range(3, 5)]
    expected += [(f"r{n}", [*story(99), "An hour ago"]) for n in range(5)]
    both = [each for pair in zip(fresh, reprints, strict=True) for each in pair]
    run_stream(flags, one_by_one(both), expected)


@needs_prism
def test_a_silent_site_is_forgotten() -> None:
    """After a week without an article a site's bio is unknown again."""
    before = [article(f"n{n}", [*story(n), BIO]) for n in range(4)]
    stream = one_by_one(before).advance_processing_time(EXPIRY_SECONDS + 60)
    stream = stream.advance_watermark_to(10).add_elements([article("late", [*story(9), BIO])])
    expected = [(f"n{n}", [*story(n), BIO]) for n in range(3)]
    expected += [("n3", story(3)), ("late", [*story(9), BIO])]
    run_stream(ON_PRISM, stream, expected)


def test_site_of_survives_bad_addresses() -> None:
    """An address that cannot be parsed has no site."""
    addresses = ["https://www.a.example/x", "http://[bad", "no address", ""]
    sites = [site_of(Article(RawDocument("i", b"", url=address))) for address in addresses]
    assert sites == ["a.example", "", "", ""]
