"""The cascade of rules that turns the readings of a text into its expressions."""

from collections.abc import Sequence

from transforms.temporal.grammar import Grammar
from transforms.temporal.operations import OPERATIONS, Frame, Value
from transforms.temporal.reading import Chart, Item
from transforms.temporal.rule import Element, Numbered, Rule
from transforms.temporal.tokens import Tokens


def run_stages(chart: Chart, grammar: Grammar) -> None:
    """Run all stages of a grammar over the chart ``look_up`` made."""
    for stage in range(len(grammar.stages)):
        if chart.waiting[stage]:
            for first, item in rewritten(chart, stage, grammar):
                chart.put(first, item)


def rewritten(chart: Chart, stage: int, grammar: Grammar) -> list[tuple[int, Item]]:
    """Return what one stage makes, the longest match first, then the first rule of the file.

    The chart stays as it is, so that all rules of a stage see the same surroundings.
    """
    made: list[tuple[int, Item]] = []
    done = 0
    for first in sorted(set(chart.waiting[stage])):
        item = chart.items.get(first)
        if first < done or item is None or not item.kind.rules[stage]:
            continue
        rules = item.kind.rules_before(stage, chart.kind(item.last))
        found = longest_match(rules, chart, first, grammar) if rules else None
        if found is not None:
            made.append((first, found))
            done = found.last
    return made


def longest_match(
    rules: Sequence[Numbered], chart: Chart, first: int, grammar: Grammar
) -> Item | None:
    """Return what the best rule makes of the items from ``first`` on."""
    best: tuple[int, int] | None = None
    made = None
    for order, rule in rules:
        taken = match(rule.body, 0, chart, first)
        if taken is None or (best is not None and (-len(taken), order) >= best):
            continue
        places = [first]
        for _ in taken:
            places.append(chart.after(places[-1]))
        if not fits(rule, chart, first, places[-1]):
            continue
        frame = build(rule, taken, chart, places)
        if frame is not None:
            best = (-len(taken), order)
            made = Item(places[-1], {rule.category: frame}, grammar.kind("", (rule.category,)))
    return made


def match(body: Sequence[Element], index: int, chart: Chart, first: int) -> tuple[int, ...] | None:
    """Return which elements of ``body[index:]`` the items from ``first`` on match, or None.

    Only optional elements branch, so the depth and the work are bounded by the rule's own length.
    """
    if index == len(body):
        return ()
    element = body[index]
    if first < len(chart.tokens.words) and chart.accepts(element, first):
        rest = match(body, index + 1, chart, chart.after(first))
        if rest is not None:
            return (index, *rest)
    return match(body, index + 1, chart, first) if element.optional else None


def fits(rule: Rule, chart: Chart, first: int, end: int) -> bool:
    """Say whether a match of the tokens [first, end) stands free and in the rule's context."""
    tokens, words = chart.tokens, chart.tokens.words
    opening, closing = words[first], words[end - 1]
    if tokens.glued(first) and opening[0].isalnum() and words[first - 1][-1].isalnum():
        return False
    beyond = end < len(words) and tokens.glued(end)
    if beyond and closing[-1].isalnum() and words[end][0].isalnum():
        return False
    if closing[-1].isdecimal() and in_decimal(tokens, end, 1):
        return False
    if opening[0].isdecimal() and in_decimal(tokens, first - 1, -1):
        return False
    before = first
    for element in reversed(rule.before):
        before = chart.before(before)
        if not (chart.accepts(element, before) if before >= 0 else element.negative):
            return False
    after = end
    for element in rule.after:
        if not (chart.accepts(element, after) if after < len(words) else element.negative):
            return False
        after = chart.after(after)
    return True


def in_decimal(tokens: Tokens, position: int, step: int) -> bool:
    """Say whether the point or comma at ``position`` joins a number to digits beyond it."""
    words, beyond = tokens.words, position + step
    if not (0 <= position < len(words) and 0 <= beyond < len(words)):
        return False
    glued = tokens.glued(position + (step < 0)) and tokens.glued(max(position, beyond))
    return glued and words[position] in (".", ",") and words[beyond][0].isdecimal()


def build(rule: Rule, taken: Sequence[int], chart: Chart, places: Sequence[int]) -> Frame | None:
    """Merge the fields of the matched items and run the rule's operations; None if one refuses.

    ``places`` are the first tokens of the items taken, and the end of the last.
    """
    *firsts, end = places
    frames = fields(chart, firsts, [rule.body[index] for index in taken])
    merged: dict[str, Value] = {}
    if rule.borrows:
        for frame in around(rule, chart, firsts[0], end):
            merged.update(frame)
    for frame in frames:
        merged.update(frame)
    merged.update(rule.constants)
    for name in rule.operations:
        changed = OPERATIONS[name](frames, merged)
        if changed is None:
            return None
        merged = changed
    return merged


def around(rule: Rule, chart: Chart, first: int, end: int) -> list[Frame]:
    """Return the fields of the items that are the context of a match."""
    before = []
    for _ in rule.before:
        first = chart.before(first)
        before.append(first)
    after = []
    for _ in rule.after:
        after.append(end)
        end = chart.after(end)
    return fields(chart, before[::-1], rule.before) + fields(chart, after, rule.after)


def fields(chart: Chart, places: Sequence[int], elements: Sequence[Element]) -> list[Frame]:
    """Return the fields of each item in the category its element asked for."""
    frames: list[Frame] = []
    for first, element in zip(places, elements, strict=True):
        item = chart.items.get(first)
        if item is None or element.negative:
            continue
        category = next((name for name in element.ordered if name in item.readings), None)
        if category is not None:
            frame = item.readings[category]
            frames.append({element.rename: next(iter(frame.values()))} if element.rename else frame)
    return frames
