"""The Beam stage that takes out what recurs across the articles of a site.

In batch all articles of a site are counted before any is changed; in streaming an article is
measured against those that came before it, and what is known of a silent site expires.
"""

import heapq
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import apache_beam as beam
from apache_beam.coders import PickleCoder
from apache_beam.pvalue import PCollection
from apache_beam.transforms.combiners import Count
from apache_beam.transforms.timeutil import TimeDomain
from apache_beam.transforms.userstate import ReadModifyWriteStateSpec, TimerSpec, on_timer
from apache_beam.utils.timestamp import Timestamp

from transforms.assemble import join_kept
from transforms.boilerplate.recurring import (
    MIN_STORIES,
    SiteMemory,
    Sketch,
    count_stories,
    is_recurring,
    merge_sketches,
    site_digests,
    without_recurring,
)
from transforms.model import Article
from transforms.rows import domain

MAX_SITE_DIGESTS = 20_000
EXPIRY_SECONDS = 7 * 24 * 3600


def site_of(article: Article) -> str:
    """Return the host of an article's address, empty when it has none."""
    return domain(article.raw.url or article.page.canonical_url) or ""


def without(article: Article, recurring: Collection[int]) -> Article:
    """Take the recurring blocks of its site out of an article."""
    digests, _ = site_digests(site_of(article), article.blocks)
    blocks = without_recurring(article.blocks, digests, recurring)
    if blocks == article.blocks:
        return article
    return replace(article, blocks=blocks, text=join_kept(blocks))


@dataclass(eq=False)
class RemoveRecurring(beam.PTransform[PCollection[Article], PCollection[Article]]):
    """Take out of each article the blocks that recur in other stories of its site.

    Articles without an address pass as they are.
    """

    def expand(self, pcoll: PCollection[Article]) -> PCollection[Article]:
        """Count before changing anything when the input is bounded, along the way when not."""
        keyed = pcoll | "KeyBySite" >> beam.Map(_by_site)
        if not pcoll.is_bounded:
            return keyed | "RemoveAsSeen" >> beam.ParDo(RemoveAsSeen())
        counted = (
            keyed
            | "Digest" >> beam.FlatMapTuple(_digests)
            | "CountStories" >> beam.CombinePerKey(MergeSketches())
            | "KeepRepeated" >> beam.FlatMapTuple(_repeated)
        )
        return (
            {
                "articles": keyed,
                "repeated": counted,
                "total": keyed | "CountArticles" >> Count.PerKey(),
            }
            | "JoinBySite" >> beam.CoGroupByKey()
            | "Remove" >> beam.FlatMapTuple(_remove)
        )


class MergeSketches(beam.CombineFn):
    """Combine the sketches under which a block was seen; bounded, in any order the same."""

    def create_accumulator(self) -> tuple[Sketch, ...]:
        """Return no sketches."""
        return ()

    def add_input(self, accumulator: tuple[Sketch, ...], element: Sketch) -> tuple[Sketch, ...]:
        """Add one sketch."""
        return merge_sketches((*accumulator, element))

    def merge_accumulators(self, accumulators: Iterable[tuple[Sketch, ...]]) -> tuple[Sketch, ...]:
        """Merge what several workers have seen."""
        return merge_sketches(sketch for found in accumulators for sketch in found)

    def extract_output(self, accumulator: tuple[Sketch, ...]) -> tuple[Sketch, ...]:
        """Return the sketches."""
        return accumulator


def _by_site(article: Article) -> tuple[str, Article]:
    return site_of(article), article


def _digests(site: str, article: Article) -> Iterator[tuple[tuple[str, int], Sketch]]:
    if not site:
        return
    digests, sketch = site_digests(site, article.blocks)
    for digest in sorted({digest for digest in digests if digest is not None}):
        yield (site, digest), sketch


def _repeated(
    key: tuple[str, int], sketches: tuple[Sketch, ...]
) -> Iterator[tuple[str, tuple[int, int]]]:
    stories = count_stories(sketches)
    if stories >= MIN_STORIES:
        yield key[0], (stories, key[1])


def _remove(site: str, joined: dict[str, Iterable[Any]]) -> Iterator[Article]:
    total = sum(joined["total"])
    known = heapq.nsmallest(MAX_SITE_DIGESTS, joined["repeated"], key=lambda pair: pair[1])
    recurring = frozenset(digest for stories, digest in known if is_recurring(stories, total))
    for article in joined["articles"]:
        yield without(article, recurring) if site else article


class RemoveAsSeen(beam.DoFn):
    """Count along the way: state per site, bounded, cleared when the site falls silent."""

    COUNTS = ReadModifyWriteStateSpec("counts", PickleCoder())
    EXPIRY = TimerSpec("expiry", TimeDomain.REAL_TIME)

    def process(
        self,
        element: tuple[str, Article],
        counts: Any = beam.DoFn.StateParam(COUNTS),
        expiry: Any = beam.DoFn.TimerParam(EXPIRY),
    ) -> Iterator[Article]:
        """Measure an article against its site, then add it to what is known of the site."""
        site, article = element
        if not site:
            yield article
            return
        known = counts.read() or SiteMemory()
        counts.write(known.updated(site, article.blocks))
        expiry.set(Timestamp.now() + EXPIRY_SECONDS)
        yield without(article, known.recurring())

    @on_timer(EXPIRY)
    def forget(self, counts: Any = beam.DoFn.StateParam(COUNTS)) -> None:
        """Clear the state of a silent site."""
        counts.clear()
