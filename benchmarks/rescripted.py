"""Extraction from the labelled news pages when they are written in other scripts and encodings.

    python -m benchmarks.rescripted DATA

The data has few pages in scripts without spaces and none from right to left. So each news page is
written anew: its letters become Hebrew ones; or its words Han characters without spaces between
them; or the page stays and is stored in a legacy encoding that it does not declare. What the page
looks like otherwise does not change, and the gold text is written anew in the same way, so the
figures compare with the first line's.
"""

import argparse
import gzip
import json
import re
import zlib
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path

from benchmarks.extraction_report import NEWS, ours
from training.extract_labels import mean_f1, score
from transforms.decode import decode
from transforms.model import RawDocument

LEGACY = {"ja": "cp932", "ko": "cp949", "ru": "cp1251", "pl": "cp1250", "tr": "cp1254"}
HAN, HAN_COUNT, LETTERS = 0x4E00, 5000, 3
_MARKUP = re.compile(
    r"(<script\b.*?</script>|<style\b.*?</style>|<!--.*?-->|<[^>]*>)", re.DOTALL | re.IGNORECASE
)
_CONTENT = re.compile(r"""(?<=content=")[^"]*""", re.IGNORECASE)
_SPOKEN = re.compile(r"<meta\b[^>]*(?:title|description)", re.IGNORECASE)
_CHARSET = re.compile(r"""(?<=charset=)["']?[\w-]+""", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_HEBREW = "אבגדהוזחטיכלמנסעפצקרשת"

Rewrite = Callable[[str], str]


def right_to_left(text: str) -> str:
    """Write each letter as a Hebrew one."""
    return "".join(
        _HEBREW[ord(letter.lower()[0]) % len(_HEBREW)] if letter.isalpha() else letter
        for letter in text
    )


def without_spaces(text: str) -> str:
    """Write words as Han characters, one for every three letters, with nothing between."""

    def written(word: re.Match[str]) -> str:
        parts = (word[0][at : at + LETTERS].lower() for at in range(0, len(word[0]), LETTERS))
        return "".join(chr(HAN + zlib.crc32(part.encode()) % HAN_COUNT) for part in parts)

    joined = re.sub(r"(?<=[^\W\d])[ \u00a0]+(?=[^\W\d])", "", text)
    return _WORD.sub(written, joined).replace(". ", "。").replace(", ", "、")


def rewritten(html: str, rewrite: Rewrite) -> str:
    """Return a page with its texts, title and description written anew."""
    parts = _MARKUP.split(html)
    parts[::2] = [escape(rewrite(unescape(part)), quote=False) for part in parts[::2]]
    for number in range(1, len(parts), 2):
        if _SPOKEN.match(parts[number]):
            parts[number] = _CONTENT.sub(
                lambda found: escape(rewrite(unescape(found[0]))), parts[number]
            )
    return "".join(parts)


def stored_as(html: str, encoding: str) -> str:
    """Return the page as decoded from bytes in a legacy encoding that nothing declares."""
    content = _CHARSET.sub('""', html).encode(encoding, "xmlcharrefreplace")
    return decode(RawDocument("page", content, media_type="text/html")).source


def main() -> None:
    """Print the F1 of the product on the news pages as they are and written anew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data / "extraction"
    with gzip.open(folder / "gold.jsonl.gz", "rt", encoding="utf-8") as lines:
        gold = {row["id"]: row for row in map(json.loads, lines) if row["source"] in NEWS}
    with gzip.open(folder / "pages.jsonl.gz", "rt", encoding="utf-8") as lines:
        pages = [row for row in map(json.loads, lines) if row["id"] in gold]
    texts = {page["id"]: gold[page["id"]]["text"] for page in pages}
    found = {page["id"]: ours(page["html"], page["url"]) for page in pages}
    shown("as they are", texts, found)
    for name, rewrite in (("right to left", right_to_left), ("without spaces", without_spaces)):
        found = {p["id"]: ours(rewritten(p["html"], rewrite), p["url"]) for p in pages}
        shown(name, {i: rewrite(text) for i, text in texts.items()}, found)
    found = {}
    for page in pages:
        encoding = LEGACY.get(gold[page["id"]]["lang"], "cp1252")
        found[page["id"]] = ours(stored_as(page["html"], encoding), page["url"])
    shown("legacy encodings", texts, found)


def shown(name: str, gold: dict[str, str], found: dict[str, str]) -> None:
    """Print one line of figures."""
    scores = [score(text, found[i]) for i, text in gold.items()]
    high = sum(row.f1 >= 0.95 for row in scores) / len(scores)
    print(
        f"{name:>17}: {len(scores)} pages, F1 {mean_f1(scores):.4f}, >= .95 {high:.3f}", flush=True
    )


if __name__ == "__main__":
    main()
