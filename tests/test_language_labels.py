"""The labels of the pages that are mixed by nature hold places, and no text."""

import json

from benchmarks.mixed_by_nature import LABELS


def test_labels_are_ids_offsets_and_languages() -> None:
    """Fifty pages, twenty of them mixed, each span in order."""
    labels = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    assert len({label["page"] for label in labels}) == 50
    assert sum(bool(label["spans"]) for label in labels) == 20
    for label in labels:
        assert set(label) == {"page", "sha256", "doc_lang", "spans"}
        assert all(start < end and len(lang) <= 3 for start, end, lang in label["spans"])
        assert label["spans"] == sorted(label["spans"])
