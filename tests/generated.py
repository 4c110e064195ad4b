"""Invented news records, as many as wanted and the same for a seed, with known outcomes."""

import json
import random
from collections.abc import Iterator

PLACES = "Altmark Berrow Casteln Dunmoor Elverdal Farrow Gostwick Helmsby Irnau Jarlsby".split()
THINGS = "bridge library harbour school market railway theatre hospital museum airport".split()
DEEDS = "opened closed repaired sold flooded enlarged painted inspected moved cleared".split()
PEOPLE = (
    "engineers teachers traders pilots nurses councillors farmers drivers divers clerks".split()
)
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def text(number: int, seed: int) -> str:
    """Return an article of plain text that no other number has."""
    chance = random.Random(f"{seed} {number}")
    place, thing = chance.choice(PLACES), chance.choice(THINGS)
    sentences = [
        f"The {thing} of {place} was {chance.choice(DEEDS)} on {chance.choice(DAYS)}, and"
        f" {chance.randrange(3, 900)} {chance.choice(PEOPLE)} came to see the {thing}."
        for _ in range(chance.randrange(3, 9))
    ]
    middle = len(sentences) // 2
    body = f"{' '.join(sentences[:middle])}\n\n{' '.join(sentences[middle:])}"
    return f"What happened to the {thing} of {place}, case {number}\n\n{body}\n"


def record(number: int, seed: int) -> dict[str, str]:
    """Return record ``number`` as a JSON line holds it."""
    return {
        "id": f"story-{seed}-{number:06}",
        "url": f"https://news.example/{seed}/{number}",
        "text": text(number, seed),
    }


def jsonl_records(count: int, seed: int) -> Iterator[str]:
    """Yield JSON lines: every tenth comes twice, every twentieth is followed by a torn one."""
    for number in range(count):
        line = json.dumps(record(number, seed))
        yield line
        if number % 10 == 3:
            yield line
        if number % 20 == 7:
            yield line[: len(line) // 2]
