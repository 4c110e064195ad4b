"""The cascade of rules that turns the readings of a text into its expressions."""

from collections.abc import Iterable, Sequence

from transforms.temporal.grammar import Element, Grammar, Rule, Stage
from transforms.temporal.operations import OPERATIONS, Frame, Value
from transforms.temporal.reading import Item
from transforms.temporal.tokens import Token


def rewrite(items: Sequence[Item], tokens: Sequence[Token], stage: Stage) -> list[Item]:
    """Run one stage over the items, the longest match first, then the first rule of the file."""
    result: list[Item] = []
    firsts = stage.by_first
    done = 0
    for position, item in enumerate(items):
        if position < done or not (item.readings or item.word in firsts):
            continue
        rules = stage.beginning_with(item.word, item.readings)
        made = longest_match(rules, items, position, tokens) if rules else None
        if made is not None:
            result += items[done:position]
            result.append(made[0])
            done = made[1]
    result += items[done:]
    return result


def longest_match(
    rules: Iterable[tuple[int, Rule]], items: Sequence[Item], position: int, tokens: Sequence[Token]
) -> tuple[Item, int] | None:
    """Return what the best rule makes of the items at ``position``, and where it ends."""
    item = items[position]
    after = items[position + 1] if position + 1 < len(items) else None
    best: tuple[int, int] | None = None
    made = None
    for order, rule in rules:
        second = rule.second
        if second is not None and (
            after is None or (after.word not in second and second.isdisjoint(after.readings))
        ):
            continue
        taken = match(rule.body, 0, items, position)
        if taken is None or (best is not None and (-len(taken), order) >= best):
            continue
        end = position + len(taken)
        if not fits(rule, items, position, end, tokens):
            continue
        frame = build(rule, taken, items, position)
        if frame is not None:
            best = (-len(taken), order)
            last = items[end - 1].last
            made = (Item("", item.first, last, item.glued, {rule.category: frame}), end)
    return made


def accepts(element: Element, item: Item) -> bool:
    """Say whether an item is one of the element's words or categories."""
    if element.glued and not item.glued:
        return False
    names = element.names
    named = item.word in names or not names.isdisjoint(item.readings)
    return named is not element.negative


def match(
    body: Sequence[Element], index: int, items: Sequence[Item], position: int
) -> tuple[int, ...] | None:
    """Return which elements of ``body[index:]`` the items at ``position`` match, or None.

    Only optional elements branch, so the depth and the work are bounded by the rule's own length.
    """
    if index == len(body):
        return ()
    element = body[index]
    if position < len(items) and accepts(element, items[position]):
        rest = match(body, index + 1, items, position + 1)
        if rest is not None:
            return (index, *rest)
    return match(body, index + 1, items, position) if element.optional else None


def fits(rule: Rule, items: Sequence[Item], start: int, end: int, tokens: Sequence[Token]) -> bool:
    """Say whether a match stands free and in the rule's context."""
    first, last = tokens[items[start].first], tokens[items[end - 1].last - 1]
    if (
        first.glued
        and first.word[0].isalnum()
        and tokens[items[start].first - 1].word[-1].isalnum()
    ):
        return False
    if end < len(items) and items[end].glued and last.word[-1].isalnum():
        following = tokens[items[end].first].word
        if following[0].isalnum():
            return False
    if last.word[-1].isdecimal() and in_decimal(tokens, items[end - 1].last, 1):
        return False
    if first.word[0].isdecimal() and in_decimal(tokens, items[start].first - 1, -1):
        return False
    for offset, element in enumerate(reversed(rule.before), 1):
        if not holds(element, items, start - offset):
            return False
    return all(holds(element, items, end + offset) for offset, element in enumerate(rule.after))


def in_decimal(tokens: Sequence[Token], position: int, step: int) -> bool:
    """Say whether the point or comma at ``position`` joins a number to digits beyond it."""
    beyond = position + step
    if not (0 <= position < len(tokens) and 0 <= beyond < len(tokens)):
        return False
    glued = tokens[position + (step < 0)].glued and tokens[max(position, beyond)].glued
    return glued and tokens[position].word in (".", ",") and tokens[beyond].word[0].isdecimal()


def holds(element: Element, items: Sequence[Item], position: int) -> bool:
    """Check one element of context; beyond the text only a negative one holds."""
    if not 0 <= position < len(items):
        return element.negative
    return accepts(element, items[position])


def build(rule: Rule, taken: Sequence[int], items: Sequence[Item], position: int) -> Frame | None:
    """Merge the fields of the matched items and run the rule's operations; None if one refuses."""
    end = position + len(taken)
    frames = fields(items[position:end], [rule.body[index] for index in taken])
    merged: dict[str, Value] = {}
    if rule.borrows:
        before = items[position - len(rule.before) : position]
        after = items[end : end + len(rule.after)]
        for frame in fields(before, rule.before) + fields(after, rule.after):
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


def fields(items: Sequence[Item], elements: Sequence[Element]) -> list[Frame]:
    """Return the fields of each item in the category its element asked for."""
    frames: list[Frame] = []
    for item, element in zip(items, elements, strict=False):
        category = next((name for name in element.ordered if name in item.readings), None)
        if category is None or element.negative:
            continue
        frame = item.readings[category]
        frames.append({element.rename: next(iter(frame.values()))} if element.rename else frame)
    return frames


def run_stages(items: Sequence[Item], tokens: Sequence[Token], grammar: Grammar) -> Sequence[Item]:
    """Run all stages of a grammar over the items ``look_up`` made."""
    for stage in grammar.stages:
        items = rewrite(items, tokens, stage)
    return items
