"""The ledger adds up, or says by how much it does not."""

import pytest

from transforms.ledger import LedgerError, add, reconcile, tally

ONE, TWO, THREE = ("0" * 15 + digit + "f" * 16 for digit in "123")


def test_every_record_accounted_for_reconciles() -> None:
    """Articles, duplicates and rejections together are what came in."""
    reconcile(
        [
            tally("in", ONE),
            tally("in", TWO),
            tally("in", THREE),
            tally("article", ONE),
            tally("duplicate", TWO),
            tally("rejected", THREE, "Decode", "empty"),
        ]
    )


def test_a_lost_record_is_counted() -> None:
    """The error says how many are missing."""
    with pytest.raises(LedgerError, match="2 records came in but 1 are accounted for: 1 lost"):
        reconcile([tally("in", ONE), tally("in", TWO), tally("article", ONE)])


def test_a_repeated_record_is_counted() -> None:
    """The error says how many are too many."""
    with pytest.raises(LedgerError, match="1 too many"):
        reconcile([tally("in", ONE), tally("article", ONE), tally("article", TWO)])


def test_equal_numbers_of_other_records_do_not_reconcile() -> None:
    """Losing one record and writing another twice keeps the count but not the checksum."""
    entries = [("in", ONE), ("in", TWO), ("article", ONE), ("article", ONE)]
    with pytest.raises(LedgerError, match="not the same records"):
        reconcile([tally(name, row_id) for name, row_id in entries])


def test_checksums_wrap_around() -> None:
    """Sums stay within a signed 64-bit column."""
    assert add([(1, 2**63 - 1), (1, 3)]) == (2, 2)
