"""The values that flow through the pipeline: one frozen article that gains fields on its way.

Offsets count Unicode code points. ``start``/``end`` point into ``Article.text``;
``source_start``/``source_end`` point into ``Article.source``, the decoded source of a plain-text
input, and are ``None`` for HTML.
"""

import enum
from dataclasses import dataclass, field
from datetime import date, datetime


class BlockKind(enum.StrEnum):
    """What a block of a page is; the first group is the article's own text."""

    PARAGRAPH = "paragraph"
    STANDFIRST = "standfirst"
    HEADING = "heading"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    TABLE = "table"

    TITLE = "title"
    TITLE_REPEAT = "title_repeat"
    KICKER = "kicker"
    SECTION = "section"
    BYLINE = "byline"
    DATE_LINE = "date_line"
    CAPTION = "caption"
    CREDIT = "credit"
    BIO = "bio"
    SYNDICATION = "syndication"
    WIRE_CREDIT = "wire_credit"
    SOURCE_LINK = "source_link"
    RELATED = "related"
    SHARE = "share"
    PROMOTION = "promotion"
    NAVIGATION = "navigation"
    LEGAL = "legal"
    COMMENT = "comment"
    EMBED = "embed"
    REPEAT = "repeat"
    OTHER = "other"


TEXT_KINDS: frozenset[BlockKind] = frozenset(
    {
        BlockKind.PARAGRAPH,
        BlockKind.STANDFIRST,
        BlockKind.HEADING,
        BlockKind.LIST_ITEM,
        BlockKind.QUOTE,
        BlockKind.TABLE,
    }
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a document: a line, a paragraph, a heading, a caption.

    ``text`` has no leading or trailing white space and no line break. In plain text it matches
    ``source[source_start:source_end]`` character by character (a joined line break is a space),
    so offsets map by subtraction. ``keep`` says whether it belongs to the article's text;
    ``rule`` names the rule or model that decided, ``score`` its confidence from 0 to 1.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    keep: bool = True
    rule: str = ""
    score: float = 1.0
    path: str = ""
    source_start: int | None = None
    source_end: int | None = None


@dataclass(frozen=True, slots=True)
class DateCandidate:
    """One statement of a page about its own dates, before arbitration.

    ``kind`` is ``published`` or ``modified``, or ``locale`` for the language tag a page declares,
    which settles the order of day and month; ``source`` names where it stood (``json-ld``,
    ``meta:article:published_time``, ``time``, ``line``, ``url``, ``header``); ``raw`` is the
    original string; ``place`` is a DOM path, a property name or a character offset; ``hints`` say
    what arbitration needs to know of the place (``noise``, ``after`` the title, ``up3`` levels).
    """

    kind: str
    source: str
    raw: str
    place: str = ""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """What a page says about itself; ``sources`` maps a field's name to where it came from."""

    title: str | None = None
    section: str | None = None
    kicker: str | None = None
    authors: tuple[str, ...] = ()
    site_name: str | None = None
    canonical_url: str | None = None
    language: str | None = None
    captions: tuple[str, ...] = ()
    image_credits: tuple[str, ...] = ()
    syndicated_from: str | None = None
    wire_credit: str | None = None
    sources: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Publication:
    """When an article was published and modified, at the precision known, and how sure that is.

    ``published`` is ISO 8601 at that precision; ``precision`` is year, month, day, minute or
    second; ``at`` is the instant in UTC when minute and zone are known; ``day`` the day as
    published; ``confidence`` is calibrated, from 0 to 1.
    """

    published: str | None = None
    precision: str | None = None
    at: datetime | None = None
    day: date | None = None
    raw: str | None = None
    source: str | None = None
    confidence: float | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TemporalExpression:
    """A TIMEX3 expression: ``type`` is DATE, TIME, DURATION or SET, ``value`` TIMEX3's value."""

    text: str
    type: str
    value: str
    start: int
    end: int
    source_start: int | None = None
    source_end: int | None = None


@dataclass(frozen=True, slots=True)
class LanguageSpan:
    """A passage in another language than the article's.

    ``where`` is text, title, caption or removed.
    """

    text: str
    language: str
    score: float
    where: str
    start: int | None = None
    end: int | None = None
    source_start: int | None = None
    source_end: int | None = None


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One record as a source delivered it.

    ``source_id`` is the id the input gave, or the path relative to the input. ``headers`` are the
    HTTP headers of the response, lower-case names. ``source_offset`` is the byte offset of the
    record in its file. ``record_id`` is the digest of source id, URL and raw bytes that becomes
    the article's id; reading fills it in.
    """

    source_id: str
    content: bytes
    url: str | None = None
    media_type: str | None = None
    charset: str | None = None
    fetched_at: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    source_type: str = "file"
    source_file: str | None = None
    source_offset: int | None = None
    record_id: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """A document on its way through the desk; each stage fills its own group of fields."""

    raw: RawDocument
    # Decode
    article_id: str = ""
    media_type: str = ""
    source: str = field(default="", repr=False)
    # Extract
    extractor: str = ""
    blocks: tuple[Block, ...] = ()
    page: PageMetadata = PageMetadata()
    date_candidates: tuple[DateCandidate, ...] = ()
    extraction_confidence: float | None = None
    # StripBoilerplate
    text: str = ""
    # DetectLanguages
    language: str | None = None
    language_score: float | None = None
    language_spans: tuple[LanguageSpan, ...] = ()
    is_mixed: bool = False
    # NormaliseDates
    publication: Publication = Publication()
    temporal_expressions: tuple[TemporalExpression, ...] = ()


class Reason(enum.StrEnum):
    """Why a record was rejected: the closed list."""

    UNREADABLE = "unreadable"
    MALFORMED_RECORD = "malformed_record"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    DECOMPRESSION_LIMIT = "decompression_limit"
    EMPTY = "empty"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    UNDECODABLE = "undecodable"
    HTTP_ERROR = "http_error"
    PARSER_LIMIT = "parser_limit"
    NO_TEXT = "no_text"
    NOT_ARTICLE = "not_article"
    INTERNAL_ERROR = "internal_error"


class RejectionError(Exception):
    """Raised by a stage that cannot handle a record; ``reason`` says why, ``str()`` in words."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason = reason

    def __reduce__(self) -> tuple[type["RejectionError"], tuple[Reason, str]]:
        return type(self), (self.reason, str(self))


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that a stage could not handle: which stage, why, and the record itself.

    ``raw.content`` is the payload, cut at ``transforms.limits.MAX_PAYLOAD_BYTES``;
    ``payload_size`` is its size in bytes before the cut.
    """

    raw: RawDocument
    stage: str
    reason: Reason
    error: str
    payload_size: int
