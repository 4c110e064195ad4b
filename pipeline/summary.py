"""What a run says at its end."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apache_beam.io.filesystems import FileSystems

from pipeline.errors import EXIT_FAILED
from transforms.ledger import Entry, imbalance
from transforms.schema import ARTICLES, LEDGER, REJECTED


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of a run: its ledger and the languages it saw.

    ``savepoint`` is what a stream was stopped with when it was not drained: records that were
    read and not yet written are in there, and the ledger adds up once they are.
    """

    output: str
    entries: Sequence[Entry]
    languages: Mapping[str, int]
    savepoint: str | None = None

    @property
    def imbalance(self) -> str | None:
        """By how much the ledger does not add up; None when it does."""
        return imbalance(self.entries)

    @property
    def exit_code(self) -> int:
        """0 when every record is accounted for, or kept in a savepoint."""
        return 0 if self.imbalance is None or self.savepoint else EXIT_FAILED

    def records(self, outcome: str) -> int:
        """Return the number of records with this outcome."""
        return sum(count[0] for key, count in self.entries if key[0] == outcome)

    def text(self) -> str:
        """Return the summary as a person reads it."""
        lines = [
            f"{self.records('in'):>8,} records in",
            f"{self.records('article'):>8,} articles{self._detail(self._languages())}",
            f"{self.records('rejected'):>8,} rejected{self._detail(self._reasons())}",
        ]
        if duplicates := self.records("duplicate"):
            lines.append(f"{duplicates:>8,} duplicates, not written again")
        kept = f"the rest is in {self.savepoint}" if self.savepoint else None
        lines.append(f"ledger: {kept or self.imbalance or 'adds up'}")
        lines += [
            f"{table.name + ':':10} {FileSystems.join(self.output, table.name)}"
            for table in (ARTICLES, REJECTED, LEDGER)
        ]
        if self.records("article") or self.records("duplicate"):
            pattern = FileSystems.join(self.output, ARTICLES.name, "*", "*.parquet")
            lines.append("")
            lines.append(f"duckdb -c \"FROM '{pattern}' SELECT published, language, title\"")
        return "\n".join(lines)

    def _languages(self) -> Mapping[str, int]:
        # The ledger is exact, a runner's counters may miss records or count them again.
        exact = sum(self.languages.values()) == self.records("article")
        return self.languages if exact else {}

    def _reasons(self) -> dict[str, int]:
        reasons: Counter[str] = Counter()
        for (outcome, _, reason, _), (records, _) in self.entries:
            if outcome == "rejected":
                reasons[str(reason)] += records
        return dict(sorted(reasons.items()))

    @staticmethod
    def _detail(counts: Mapping[str, int]) -> str:
        listed = ", ".join(f"{name} {number:,}" for name, number in counts.items())
        return f": {listed}" if listed else ""
