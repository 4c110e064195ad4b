"""Hostile text made safe to show on a terminal or a page."""

import re

_SPACES = "\t\n\r\u2028\u2029\x85"
_BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]

_TABLE = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\u2421",
    **dict.fromkeys([*range(0x80, 0xA0), *_BIDI, *range(0xD800, 0xE000)], "\ufffd"),
    **{ord(space): " " for space in _SPACES},
}
_STEERING = re.compile("[" + re.escape("".join(chr(code) for code in _TABLE if code != 0x0A)) + "]")


def printable(text: str) -> str:
    """Return ``text`` with each character that could steer a display replaced by a visible one.

    Control characters become control pictures (U+241B for escape); C1 controls, bidirectional
    overrides and isolates (Unicode UAX 9) and lone surrogates become U+FFFD, line breaks and
    tabs spaces. The length stays, so offsets into the text hold.
    """
    return text.translate(_TABLE)


def escaped_json(text: str) -> str:
    """Return JSON with the same characters, which can only stand in its strings, as escapes."""
    return _STEERING.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
