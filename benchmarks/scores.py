"""Reading what scorers print; and, run as a program, the accuracy of single lines' languages."""

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping

Figures = Mapping[str, Mapping[str, str]]
"""Figure by name, by data set."""


def named_json(output: str) -> Figures:
    """Read lines of ``[NAME] {json}``; nested objects and lists are flattened."""
    figures = {}
    for line in output.splitlines():
        name, brace, rest = line.partition("{")
        if brace:
            figures[name.strip() or "all"] = dict(_flat(json.loads(brace + rest)))
    return figures


def pairs(output: str) -> Figures:
    """Read lines of ``NAME key=value key=value``, with ``minute N/M`` and a calibration."""
    figures = {}
    for line in output.splitlines():
        found = dict(re.findall(r"([\w()]+)=([\d.]+)", line))
        if line.startswith("calibration"):
            figures["calibration"] = {"by confidence": line.partition("{")[2].rstrip("}")}
        elif found:
            if minute := re.search(r"minute (\d+/\d+)", line):
                found["minute"] = minute[1]
            figures[line.split()[0]] = found
    return figures


def _flat(values: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif isinstance(value, list):
            yield f"{prefix}{key}", " / ".join(map(str, value))
        else:
            yield f"{prefix}{key}", str(value)


def line_accuracy(gold_path: str, predicted_path: str) -> dict[str, float]:
    """Return the percentage of lines with the right language, by length bucket."""
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    with gzip.open(gold_path, "rt", encoding="utf-8") as gold, open(predicted_path) as predicted:
        for gold_line, predicted_line in zip(gold, predicted, strict=True):
            row, guess = json.loads(gold_line), json.loads(predicted_line)
            for key in ("all", row["bucket"]):
                seen[key] += 1
                right[key] += row["lang"] == guess["lang"]
    return {key: round(100 * right[key] / seen[key], 2) for key in sorted(seen)}


if __name__ == "__main__":
    print(json.dumps(line_accuracy(sys.argv[1], sys.argv[2])))
