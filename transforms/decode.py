"""Decode: a raw document's bytes to text, with what is no text kept out."""

import hashlib
import re

from transforms.charset import to_text
from transforms.limits import MAX_DOCUMENT_BYTES
from transforms.magic import binary_kind
from transforms.model import Article, RawDocument, Reason, RejectionError

_HTML = "text/html"
_PLAIN = "text/plain"
_HTML_TYPES = frozenset({_HTML, "application/xhtml+xml", "application/xml", "text/xml"})
_PLAIN_TYPES = frozenset({_PLAIN, "text/markdown", "text/x-markdown"})
_UNKNOWN_TYPES = frozenset(
    {"", "application/octet-stream", "application/unknown", "unknown/unknown", "text/*", "*/*"}
)
_SNIFFED = 1024
_HTML_DOCUMENT = re.compile(
    r"\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html[\s>])", re.I | re.S
)
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|title|meta|link|script|style|main|article|section|header|nav|"
    r"div|table|ul|h[1-6]|p|a|b|br|img|span|iframe|\?xml)[\s/>]|<!--",
    re.IGNORECASE,
)

_BLANK = b"\0 \t\n\v\f\r"
_CONTROLS = bytes([*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F])
_C1_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
_REPLACEMENTS = dict.fromkeys([*_CONTROLS, 0xFFFE, 0xFFFF], "")
_REPLACEMENTS |= {byte: bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}
_REPLACEMENTS |= {0x0B: " ", 0x0C: " "}
_NO_TEXT = bytes([*range(1, 9), 0x0B, *range(0x0E, 0x20)])
_MAX_NULS = 0.4
_MAX_NO_TEXT = 0.25
_MAX_NO_TEXT_LEGACY = 0.05  # no byte is wrong in these, so random bytes show by their controls


def article_id(raw: RawDocument) -> str:
    """Return the id of a document: BLAKE2b-128 of its source id, URL and bytes, in hex.

    Each part is preceded by its length, so that no two documents run together to the same id.
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in (_bytes(raw.source_id), _bytes(raw.url or ""), raw.content):
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def _bytes(field: str) -> bytes:
    return field.encode("utf-8", "surrogatepass")


def decode(raw: RawDocument) -> Article:
    """Return the article a document becomes: its id, its text and whether that is HTML.

    Control characters are no text: NUL, the other C0 controls but tab and line ends, DEL, U+FFFE
    and U+FFFF are removed, vertical tab and form feed become a space, and C1 controls become what
    browsers take them for, the characters of windows-1252. Line ends stay as they are.

    Raises ``RejectionError`` if the content is too large, empty, in a binary format or of a media
    type that holds no article, or if its bytes are text in no encoding.
    """
    content = raw.content
    if len(content) > MAX_DOCUMENT_BYTES:
        raise RejectionError(Reason.TOO_LARGE, f"larger than {MAX_DOCUMENT_BYTES} bytes")
    if not content.strip(_BLANK):
        raise RejectionError(Reason.EMPTY, "no content")
    if kind := binary_kind(content):
        raise RejectionError(Reason.UNSUPPORTED_MEDIA_TYPE, f"the content is {kind} data")
    declared = (raw.media_type or "").partition(";")[0].strip().lower()
    if declared not in _HTML_TYPES | _PLAIN_TYPES | _UNKNOWN_TYPES:
        raise RejectionError(Reason.UNSUPPORTED_MEDIA_TYPE, f"the media type is {declared[:100]}")
    text, codec = to_text(content, raw.charset)
    text = _without_controls(content, text, codec)
    if not text or text.isspace():
        raise RejectionError(Reason.EMPTY, "no text, only control characters")
    return Article(
        raw=raw,
        article_id=raw.record_id or article_id(raw),
        media_type=_media_type(declared, text),
        source=text,
    )


def _without_controls(content: bytes, text: str, codec: str) -> str:
    suspicious = len(content.translate(None, _CONTROLS)) < len(content)
    if codec == "utf-8" and not suspicious and "\ufffd" not in text:
        if text.isascii() or not (
            "\ufffe" in text or "\uffff" in text or _C1_CONTROLS.search(content)
        ):
            return text
    else:
        share = _MAX_NO_TEXT if codec.startswith("utf-") else _MAX_NO_TEXT_LEGACY
        encoded = text.encode() if codec.startswith("utf-16") else content
        no_text = len(encoded) - len(encoded.translate(None, _NO_TEXT)) + text.count("\ufffd")
        if no_text > len(text) * share or text.count("\0") > len(text) * _MAX_NULS:
            raise RejectionError(Reason.UNDECODABLE, "the bytes are text in no known encoding")
    return text.translate(_REPLACEMENTS).removeprefix("\ufeff")


def _media_type(declared: str, text: str) -> str:
    """Tell HTML from plain text: by what is declared, unless the text plainly is a page."""
    if declared in _HTML_TYPES:
        return _HTML
    head = text[:_SNIFFED]
    if _HTML_DOCUMENT.match(head):
        return _HTML
    if declared in _UNKNOWN_TYPES and _MARKUP.match(head.lstrip()):
        return _HTML
    return _PLAIN
