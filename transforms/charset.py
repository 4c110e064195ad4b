"""Bytes of a page to text, whatever their encoding is and whatever they say it is.

The order is that of browsers (byte order mark, transport, the page's own declaration), with the
evidence of the bytes above what is declared: what is valid UTF-8 is UTF-8, and what is neither
that nor what it is declared as gets the encoding its letters speak for.
"""

import functools
import re

from transforms.charset_guess import PLAUSIBLE, SAMPLE_BYTES, SURE, guess
from transforms.charset_labels import codec_for

_PRESCAN = 4096
_META = re.compile(rb"""<meta\s[^>]{0,400}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""", re.IGNORECASE)
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_WIDE = frozenset({"gb18030", "big5hkscs", "euc_jp", "cp932", "cp949"})
_ASCII = bytes(range(128))
_WELL_FORMED = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_PIECE = re.compile(rb"(?s).{32}[^\n<]{0,224}[\x80-\xbf]{0,3}|.{1,32}")

_SURE_UTF8 = 20  # bytes of multi-byte characters; East Asian text this long is not valid by chance
_MOSTLY_UTF8 = 0.9
_PARTLY_UTF8 = 0.35
_WRONG_SHARE = 0.02


def to_text(content: bytes, transport: str | None = None) -> tuple[str, str]:
    """Return a page's text and the codec it was in.

    ``transport`` is the charset that its HTTP header or its container gave. What cannot be
    decoded becomes U+FFFD; no lone surrogates come out. Byte order marks are left out. A page of
    UTF-8 in which passages stand in another encoding is put right passage by passage.
    """
    mark = content[:2]
    if mark in _UTF16_MARKS:
        return content[2:].decode(_UTF16_MARKS[mark], "replace"), _UTF16_MARKS[mark]
    if utf16 := _utf16_by_nuls(content):
        return content.decode(utf16, "replace"), utf16
    marked = content.startswith(_UTF8_MARK)
    while content.startswith(_UTF8_MARK):
        content = content[len(_UTF8_MARK) :]
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        declared = "utf-8" if marked else _declared(content, transport)
        return _not_utf8(content, declared, error.start)
    if not marked and (b"\x1b" in content or 0 < len(content) - len(text) < _SURE_UTF8):
        return _perhaps_wide(content, text, _declared(content, transport))
    return text, "utf-8"


def _utf16_by_nuls(content: bytes) -> str | None:
    """Tell UTF-16 without a mark by the NULs that every other byte of ASCII text is."""
    if b"\0" not in content[:256]:
        return None
    start = (len(content) - len(content.lstrip(b"\0"))) & ~1
    sample = content[start : start + _PRESCAN]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half * 0.3 and even < half * 0.02 + 1:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.02 + 1:
        return "utf-16-be"
    return None


def _declared(content: bytes, transport: str | None) -> str | None:
    if transport and (codec := codec_for(transport)):
        return codec
    head = content[:_PRESCAN]
    for pattern in (_XML, _META):
        if (match := pattern.search(head)) and (codec := codec_for(match[1].decode("ascii"))):
            return "utf-8" if codec.startswith("utf-16") else codec
    return None


def _perhaps_wide(content: bytes, text: str, declared: str | None) -> tuple[str, str]:
    """Tell East Asian text that is valid UTF-8, too, by what it is declared as."""
    if declared == "iso2022_jp" and b"\x1b" in content:
        return content.decode(declared, "replace"), declared
    if declared in _WIDE and len(text) < len(content):
        wide = content.decode(declared, "replace")
        if "\ufffd" not in wide:
            return wide, declared
    return text, "utf-8"


def _not_utf8(content: bytes, declared: str | None, first_error: int) -> tuple[str, str]:
    try:
        return _join_surrogates(content.decode("utf-8", "surrogatepass")), "utf-8"
    except UnicodeDecodeError:
        pass
    start = max(first_error - SAMPLE_BYTES // 2, 0)
    sample = content[start : start + SAMPLE_BYTES]
    if _monotonous(sample):
        return content.decode("utf-8", "replace"), "utf-8"
    rest = _WELL_FORMED.sub(b"", sample)
    share = 1 - _high(rest) / _high(sample)
    if declared not in (None, "utf-8") and share < _MOSTLY_UTF8:
        text = content.decode(declared, "replace")
        if _wrong(content, text, declared) <= _WRONG_SHARE * _high(content):
            return text, declared
    if share < _MOSTLY_UTF8:
        codec = guess(sample, least=PLAUSIBLE if share < _PARTLY_UTF8 else SURE)
        if codec or share < _PARTLY_UTF8:
            return content.decode(codec or "utf-8", "replace"), codec or "utf-8"
    legacy = guess(rest, wide=False)
    return _piecewise(content, legacy) if legacy else content.decode("utf-8", "replace"), "utf-8"


def _join_surrogates(text: str) -> str:
    """Join CESU-8's pairs of surrogates to characters; lone ones become U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _piecewise(content: bytes, legacy: str) -> str:
    """Decode UTF-8 but for the pieces, of a line or an element, that are mostly something else."""
    pieces = []
    for match in _PIECE.finditer(content):
        piece = match[0]
        try:
            pieces.append(piece.decode())
        except UnicodeDecodeError:
            broken = _high(_WELL_FORMED.sub(b"", piece))
            other = broken > 2 and broken > _high(piece) / 2
            pieces.append(piece.decode(legacy if other else "utf-8", "replace"))
    return "".join(pieces)


def _wrong(content: bytes, text: str, codec: str) -> int:
    """Count the bytes that a text in this encoding has no use for: undefined ones and C1."""
    if codec in _WIDE:
        return text.count("\ufffd")
    return len(content) - len(content.translate(None, _useless_bytes(codec)))


@functools.cache
def _useless_bytes(codec: str) -> bytes:
    characters = bytes(range(128, 256)).decode(codec, "replace")
    return bytes(128 + i for i, c in enumerate(characters) if c == "\ufffd" or c < "\xa0")


def _monotonous(sample: bytes) -> bool:
    """Tell bytes most of which are one byte beyond ASCII: that is a text in no encoding."""
    high = sample.translate(None, _ASCII)
    return high.count(high[len(high) // 2]) > len(sample) / 2


def _high(content: bytes) -> int:
    return len(content.translate(None, _ASCII))
