"""The page as blocks: one walk over the tree, without recursion, into flat lists.

A block is a run of text between two boundaries of block-level elements; a credit inside a caption
counts as one, whatever its element. The walk keeps what the
features need to know about every element (parent, names, the range of blocks under it), so that
nothing looks at the tree again.
"""

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from transforms.extract.lexicon import BIT, TAG_MASK, mask_of

MAX_BLOCKS = 20_000
MAX_ELEMENTS = 400_000
MAX_NAMES = 160
MAX_STATEMENTS = 256
CELL_APART = 120
"""A table cell with more text than this is a block of its own, not part of a row."""

_INLINE, _BLOCK, _CELL, _SKIP, _LINK, _BOLD, _ITALIC, _BREAK, _IMAGE, _TEXT = range(10)
_TAGS: dict[int, str] = {
    _TEXT: "-text",
    _CELL: "td th",
    _LINK: "a",
    _BOLD: "b strong",
    _ITALIC: "i em",
    _BREAK: "br",
    _IMAGE: "img",
    _SKIP: "-comment script style noscript template svg iframe object embed canvas audio video "
    "select datalist textarea map head applet frameset noframes noembed xmp plaintext dialog "
    "picture-source wbr hr input link meta source !doctype",
    _BLOCK: "html body p div section article main aside header footer nav h1 h2 h3 h4 h5 h6 ul ol "
    "li dl dt dd table caption thead tbody tfoot tr blockquote pre figure figcaption form "
    "fieldset legend address center details summary hgroup menu dir button label search",
}
_ROLE: dict[str | None, int] = {tag: role for role, tags in _TAGS.items() for tag in tags.split()}
_ROLE[None] = _SKIP
_NAMING = frozenset(
    (
        *("id", "itemprop", "role", "property", "rel", "data-testid", "data-component"),
        *("data-type", "data-component-name", "data-block", "data-qa"),
    )
)
_HIDING = frozenset(("hidden", "style", "aria-hidden"))
_TELLING = _NAMING | _HIDING
_STATING = frozenset(("itemprop", "itemscope"))
_HIDDEN = BIT["hidden"]
_CREDIT = BIT["credit"]
_CAPTION = BIT["caption"] | BIT["t:figcaption"]
_ARTICLE = BIT["t:article"]
_CONTENT = BIT["article"] | BIT["body"] | BIT["content"] | BIT["core"]
_MENU = BIT["t:nav"] | BIT["t:footer"] | BIT["nav"] | BIT["footer"]
_MENU_TAGS = frozenset(("nav", "footer", "div", "section", "ul", "ol"))
_STOPS, _WIDE_STOPS = tuple(".!?…"), tuple("。！？")
MAX_TRIES = 32
MAX_NUMBER = 256
MAX_LABEL, MAX_CLAUSE, MAX_WIDE_CLAUSE = 150, 80, 20
"""A text node of more characters than these is prose: any, with a stop, with a stop of a script
without spaces."""


class PageLimitError(Exception):
    """The page has more elements or blocks than are read."""


@dataclass(frozen=True, slots=True)
class Page:
    """Parallel lists; element 0 is the root and every parent comes before its children.

    Per element: ``parent`` (-1 for the root), ``depth`` (0 for the root), ``tags``, ``masks`` (what
    its class, id, role and the like announce), ``above`` (the masks of the element and all its
    ancestors), ``first``/``last`` (the half-open range of blocks under it), ``images`` (under it).
    Per block: ``texts``, ``boxes`` (the block-level element it stands in),
    ``links``/``bold``/``italic`` (characters inside such elements), ``link_count``, ``inline``
    (masks of the inline elements in it), ``images_before`` (images read before it ended).

    ``local`` numbers the pairs of tag and classes that occur, ``path`` the sequences of such pairs
    from the root: elements of one number are made alike. ``statements`` are the elements that carry
    microdata (``itemprop`` or ``itemscope``), by number, the first ``MAX_STATEMENTS`` of them.

    A menu is one block, all of it a link, and what is in it counts for nothing: an element called a
    navigation or footer and not content, outside any ``article``, in which no text node reads as
    prose.
    """

    parent: list[int]
    depth: list[int]
    tags: list[str]
    masks: list[int]
    above: list[int]
    first: list[int]
    last: list[int]
    images: list[int]
    local: list[int]
    path: list[int]
    statements: dict[int, LexborNode]
    texts: list[str]
    boxes: list[int]
    links: list[int]
    bold: list[int]
    italic: list[int]
    link_count: list[int]
    inline: list[int]
    images_before: list[int]


class _Run:
    """The run of text being gathered; ``flush`` ends it and adds a block if it holds any text."""

    __slots__ = ("blocks", "bold", "box", "images", "inline", "italic", "link_count", "links",
                 "pieces")  # fmt: skip

    def __init__(self) -> None:
        self.blocks: list[tuple[str, int, int, int, int, int, int, int]] = []
        self.pieces: list[str] = []
        self.box = self.images = 0
        self._clear()

    def _clear(self) -> None:
        self.links = self.bold = self.italic = self.link_count = self.inline = 0
        self.pieces.clear()

    def add(self, text: str, box: int, in_link: bool, style: int) -> None:
        """Add one text node that is not blank."""
        if not self.pieces:
            self.box = box
        if in_link or style:
            size = len(" ".join(text.split()))
            if in_link:
                self.links += size
            if style & 1:
                self.bold += size
            if style & 2:
                self.italic += size
        self.pieces.append(text)

    def flush(self) -> None:
        """End the block."""
        text = " ".join("".join(self.pieces).split())
        if text:
            if len(self.blocks) >= MAX_BLOCKS:
                raise PageLimitError(f"more than {MAX_BLOCKS} blocks")
            self.blocks.append(
                (text, self.box, self.links, self.bold, self.italic, self.link_count, self.inline,
                 self.images)
            )  # fmt: skip
        self._clear()

    def end_cell(self, row: int) -> None:
        """End a table cell: a block of its own when it is long, else part of the row's."""
        if sum(map(len, self.pieces)) > CELL_APART:
            self.flush()
        elif self.pieces:
            self.pieces.append(" ")
            self.box = row


def _announced(attributes: dict[str, str | None]) -> int:
    """Return the mask of what an element's attributes, but for its classes, say about it."""
    mask = 0
    for key, value in attributes.items():
        if key in _NAMING:
            if value:
                mask |= mask_of(value[:MAX_NAMES])
        elif key in _HIDING and _hides(key, value):
            mask |= _HIDDEN
    return mask


def _hides(key: str, value: str | None) -> bool:
    if key == "style":
        return value is not None and "none" in value and "display:none" in value.replace(" ", "")
    return key == "hidden" or value == "true"


_known: dict[int, tuple[str, int, int]] = {}
"""Tag, role and mask by the parser's number of the tag; HTML's own tags have small numbers."""


def _look_up(node: LexborNode) -> tuple[str, int, int]:
    """Return tag, role and mask of a node, and remember them if the tag is one of HTML's."""
    tag, number = node.tag, node.tag_id
    found = (tag or "", _ROLE.get(tag, _INLINE), TAG_MASK.get(tag or "", 0))
    if number < MAX_NUMBER:
        _known[number] = found
    return found


def _menu(node: LexborNode) -> str:
    """Return the text of an element without prose and main heading, else an empty string."""
    if node.css_first("h1") is not None:
        return ""
    pieces = (node.text(separator="\0") or "").split("\0")
    if any(len(piece) > MAX_WIDE_CLAUSE and _is_prose(piece.strip()) for piece in pieces):
        return ""
    return " ".join(" ".join(pieces).split())


def _is_prose(text: str) -> bool:
    size = len(text)
    if text[-1:] in _WIDE_STOPS:
        return size > MAX_WIDE_CLAUSE
    if text[-1:] in _STOPS:
        return size > MAX_CLAUSE
    return size > MAX_LABEL and len(" ".join(text.split())) > MAX_LABEL


def read_page(root: LexborNode) -> Page:
    """Walk the tree under ``root`` once and return its blocks and elements.

    Raises ``PageLimitError`` beyond ``MAX_ELEMENTS`` elements or ``MAX_BLOCKS`` blocks.
    """
    run = _Run()
    elements: list[tuple[int, int, str, int, int, int, int, int, int]] = []
    ends: list[tuple[int, int]] = []
    statements: dict[int, LexborNode] = {}
    likes: dict[tuple[str, str], int] = {}
    ways: dict[tuple[int, int], int] = {}
    # What to return to when the innermost open element closes: its node and role, and the
    # surroundings it was opened in.
    open_elements: list[tuple[LexborNode, int, int, int, bool, int, int, int, int]] = []
    breaks, tries = 0, MAX_TRIES
    current, box, in_link, style, above, way = -1, 0, False, 0, 0, -1
    node: LexborNode | None = root
    while node is not None:
        tag, role, mask = _known.get(node.tag_id) or _look_up(node)
        child: LexborNode | None = None
        if role == _TEXT:
            text = node.text_content
            if text and not text.isspace():
                breaks = 0
                if in_link or style or not run.pieces:
                    run.add(text, box, in_link, style)
                else:
                    run.pieces.append(text)
            elif run.pieces:
                run.pieces.append(" ")
        elif role == _BREAK:
            breaks += 1
            if breaks > 1:
                run.flush()
            elif run.pieces:
                run.pieces.append(" ")
        elif role == _IMAGE:
            run.images += 1
        elif role != _SKIP:
            number = len(elements)
            if number >= MAX_ELEMENTS:
                raise PageLimitError(f"more than {MAX_ELEMENTS} elements")
            attributes = node.attributes
            names = ""
            if attributes:
                names = (attributes.get("class") or "")[:MAX_NAMES]
                if names:
                    mask |= mask_of(names)
                if not _TELLING.isdisjoint(attributes):
                    mask |= _announced(attributes)
                if not _STATING.isdisjoint(attributes) and len(statements) < MAX_STATEMENTS:
                    statements[number] = node
            menu = ""
            if mask & _MENU and not (mask & _CONTENT or above & _ARTICLE) and tag in _MENU_TAGS:
                menu = _menu(node) if tries > 0 else ""
                tries -= not menu
            if mask & _CREDIT and above & _CAPTION and role != _CELL:
                role = _BLOCK
            if role == _BLOCK:
                if run.pieces:
                    run.flush()
            elif role == _CELL:
                run.end_cell(box)
            else:
                run.inline |= mask
                run.link_count += role == _LINK
            like = likes.setdefault((tag, names), len(likes))
            depth = len(open_elements)
            open_elements.append((node, number, current, box, in_link, style, role, above, way))
            above |= mask
            way = ways.setdefault((way, like), len(ways))
            count = len(run.blocks)
            elements.append((current, depth, tag, mask, above, count, run.images, like, way))
            ends.append((count, 0))
            current = number
            if menu:
                run.add(menu, number, in_link=True, style=0)
                run.link_count = 1
                run.flush()
            else:
                child = node.first_child
            if role in (_BLOCK, _CELL):
                box, breaks = number, 0
            elif role == _LINK:
                in_link = True
            elif role == _BOLD:
                style |= 1
            elif role == _ITALIC:
                style |= 2
            if child is not None:
                node = child
                continue
            node = None
        if node is not None:
            node = node.next
        while node is None and open_elements:
            closed, number, current, box, in_link, style, role, above, way = open_elements.pop()
            if role == _BLOCK:
                if run.pieces:
                    run.flush()
                breaks = 0
            elif role == _CELL:
                run.end_cell(box)
            ends[number] = (len(run.blocks), run.images - elements[number][6])
            node = closed.next if open_elements else None
    parent, depths, tags, masks, over, first, _, local, path = map(
        list, zip(*elements, strict=True)
    )
    last, images = map(list, zip(*ends, strict=True))
    blocks = map(list, zip(*run.blocks, strict=True)) if run.blocks else ([] for _ in range(8))
    return Page(parent, depths, tags, masks, over, first, last, images, local, path, statements,
                *blocks)  # fmt: skip
