"""The words that names of classes, ids and roles are made of, grouped by what they announce.

A page's author names its parts; the names repeat across publishers because the frameworks,
schema.org and the habits of the trade do. Each group is one bit of a mask, and so is each tag that
says as much as a name does.
"""

import re

GROUPS: dict[str, str] = {
    "article": "article articles story newsarticle artikel articulo artigo noticia",
    "body": "body fulltext text texto texte txt copy richtext rte wysiwyg prose",
    "content": "content contents contenido conteudo contenu inhalt cms",
    "core": "articlebody articlecontent articletext storybody storycontent storytext postcontent "
    "postbody posttext entrycontent entrytext contentbody bodycontent bodycopy newscontent "
    "newsbody newstext blogcontent articulocuerpo artikeltext artikelbody articlecopy articlemain "
    "maintext articleparagraphs bodytext detailcontent detailtext readcontent singlecontent",
    "entry": "entry post single blog blogpost hentry",
    "main": "main primary",
    "lead": "lead lede intro standfirst summary deck dek subtitle subheadline abstract excerpt "
    "teasertext chapo sapo bajada entradilla copete vorspann subhead description strapline "
    "sommario ingress opening drop dropcap",
    "heading": "title headline heading header titre titulo titel",
    "paragraph": "paragraph para paragraphs p",
    "caption": "caption captions figcaption legend legende pie cutline bildunterschrift",
    "credit": "credit credits copyright source copy rights photographer attribution quelle",
    "media": "image images img photo photos picture figure media video player gallery slideshow "
    "carousel slider slide audio podcast thumb thumbnail foto bild galerie",
    "byline": "byline author authors autor autore auteur writer contributor reporter creator",
    "bio": "bio biography aboutauthor authorbox profile avatar about",
    "date": "date time timestamp datetime published datepublished datemodified dateline pubdate "
    "updated datum fecha data clock",
    "meta": "meta info infos details infobox byl postmeta tagline",
    "tags": "tag tags topic topics keyword keywords category categories cat label labels rubric "
    "section kicker eyebrow overline",
    "related": "related relacionadas relacionados verwandt similar readmore more also recommended "
    "recommend recommendation recommendations recirc recirculation suggested morefrom see "
    "lire weitere outbrain taboola crosslink further linked",
    "teaser": "teaser teasers card cards tile tiles item items feed stream list listing grid "
    "river latest popular trending mostread headlines news newslist archive loop results",
    "next": "next prev previous pagination pager paging infinite pages nextprev",
    "aside": "aside sidebar side rail secondary complementary sticky column col widget widgets "
    "sidenav",
    "nav": "nav navigation navbar menu menus submenu breadcrumb breadcrumbs topbar crumbs "
    "navigator dropdown tabs tab",
    "header": "masthead pageheader siteheader banner logo brand hero topheader",
    "footer": "footer foot bottom colophon pagefooter contentinfo",
    "share": "share sharing social socials facebook twitter whatsapp linkedin pinterest follow "
    "addthis sharedaddy like likes bookmark print email mail tools toolbar actions buttons",
    "comment": "comment comments commenting disqus reply replies respond respond discussion "
    "feedback commentlist reviews rating",
    "promo": "promo promotion newsletter newsletters subscribe subscription signup cta "
    "donate donation membership register offer offers marketing campaign abo upsell form "
    "optin leadgen inscription",
    "ads": "ad ads advert advertisement adv advertising sponsor sponsored dfp gpt anzeige werbung "
    "publicidad banner reklame reklama affiliate commercial",
    "paywall": "paywall paywalled premium regwall metered piano gate locked",
    "legal": "legal cookie cookies consent gdpr privacy disclaimer terms license cmp onetrust",
    "overlay": "modal popup overlay lightbox dialog tooltip toast notification alert popover",
    "hidden": "hidden hide invisible sr visually screenreader noprint collapse collapsed "
    "offscreen skip none",
    "embed": "embed embedded tweet instagram youtube iframe oembed twitterwidget blockquote "
    "embedpress infogram",
    "quote": "quote quotes pullquote blockquote zitat citation cita pull",
    "table": "table tables wikitable",
    "box": "box inset factbox callout infobox note panel accordion faq toc contents "
    "tableofcontents highlight highlights keypoints takeaways",
    "question": "question answer faq questions answers qa",
    "search": "search login signin account user cart shop product price buy basket",
}
TAG_GROUPS: tuple[str, ...] = (
    "t:article", "t:main", "t:aside", "t:nav", "t:header", "t:footer", "t:section", "t:form",
    "t:figure", "t:figcaption", "t:ul", "t:ol", "t:li", "t:table", "t:blockquote", "t:heading",
    "t:p", "t:a", "t:button", "t:dl", "t:details", "t:time", "t:address", "t:pre",
)  # fmt: skip
NAMES: tuple[str, ...] = (*GROUPS, *TAG_GROUPS)
BIT: dict[str, int] = {name: 1 << number for number, name in enumerate(NAMES)}
_WORD_MASK: dict[bytes, int] = {}
for _group, _listed in GROUPS.items():
    for _word in _listed.encode().split():
        _WORD_MASK[_word] = _WORD_MASK.get(_word, 0) | BIT[_group]

_TAG_OF = {
    "h1": "t:heading", "h2": "t:heading", "h3": "t:heading", "h4": "t:heading",
    "h5": "t:heading", "h6": "t:heading", "tr": "t:table",
}  # fmt: skip
TAG_MASK: dict[str, int] = {name[2:]: BIT[name] for name in TAG_GROUPS}
TAG_MASK |= {tag: BIT[name] for tag, name in _TAG_OF.items()}

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\s+")
_APART = b"|"
_LETTERS = bytes(
    code if chr(code).islower() else ord(_APART) if chr(code).isspace() else ord(" ")
    for code in range(128)
).ljust(256)
MAX_CACHED = 50_000
_name_masks: dict[str, int] = {}


def mask_of(names: str) -> int:
    """Return the mask of the groups that the words of ``names`` belong to.

    White space, camel case, digits and hyphens separate words; two words in one name also count
    as one ("side-bar").
    """
    mask = _name_masks.get(names)
    if mask is None:
        mask = 0
        before = _APART
        for word in _words(names):
            mask |= _WORD_MASK.get(word, 0) | _WORD_MASK.get(before + word, 0)
            before = word
        if len(_name_masks) >= MAX_CACHED:
            _name_masks.clear()
        _name_masks[names] = mask
    return mask


def _words(names: str) -> list[bytes]:
    """Return the words of the names in lower case, with a sign between one name and the next."""
    if names.isascii() and names.islower():
        return names.encode().translate(_LETTERS).replace(_APART, b" | ").split()
    words = _WORD.findall(names)
    return [_APART if word.isspace() else word.lower().encode() for word in words]
