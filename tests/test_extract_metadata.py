"""What a page says about itself, and where it says so."""

from collections.abc import Sequence

import numpy as np
import pytest

from tests.test_extract import page, paragraphs
from transforms.extract import extract_html
from transforms.extract.authors import byline_names, split_names
from transforms.extract.stated import with_stated_text
from transforms.extract.titles import Candidate, choose_title


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("By Anna Kowal and John Brae", ["Anna Kowal", "John Brae"]),
        ("Von Jörg Tammsen, Lille", ["Jörg Tammsen", "Lille"]),
        ("Elsa Ohm (eo)", ["Elsa Ohm"]),
        ("김하늘 기자 sky@paper.example", ["김하늘"]),
        ("https://paper.example/people/7", []),
        ("x" * 5000, []),
    ],
)
def test_names_of_authors(text: str, names: list[str]) -> None:
    """Names come without prefixes, initials, roles and addresses."""
    assert split_names(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Von Jörg Tammsen 28. April 2023, 19:09", ["Jörg Tammsen"]),
        ("By Mara May, Tuesday, May 5", ["Mara May"]),
        ("Mara Quill - Mar 27, 2024", ["Mara Quill"]),
        ("Text by Mara Quill Writer, Hardware", ["Mara Quill"]),
        ("Mara van der Quill, Senior Analyst", ["Mara van der Quill"]),
        ("The ferry desk of the harbour", []),
        ("Full Bio", []),
        ("red", []),
        ("By " * 5000, []),
    ],
)
def test_a_byline_ends_where_its_date_begins(text: str, names: list[str]) -> None:
    """Dates, jobs and other words in a byline are no names."""
    assert byline_names(text) == names


def chosen(
    *stated: tuple[str, str], owners: Sequence[str] = ("Bay Herald", "bayherald.example", "bnn")
) -> tuple[str, str] | None:
    """Return (text, source) of the title chosen among (source, text)."""
    trust = {"json-ld": 1.2, "h1": 1.0, "og:title": 0.9}
    places = [Candidate(source, text, trust.get(source, 0.0)) for source, text in stated]
    found = choose_title(places, owners)
    return (found.text, found.source) if found else None


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ([("title", "Pier rebuilt | Bay Herald"), ("og:title", "Pier rebuilt")], "Pier rebuilt"),
        ([("title", "Pier rebuilt - Bay Herald")], "Pier rebuilt"),
        ([("title", "Bay Herald | Pier rebuilt")], "Pier rebuilt"),
        ([("title", "Pier rebuilt｜Bay Herald")], "Pier rebuilt"),
        ([("title", "Pier rebuilt | BNN News")], "Pier rebuilt"),
        ([("title", "Pier rebuilt | Bay News Network")], "Pier rebuilt"),
        ([("title", "Pier - a history")], "Pier - a history"),
        ([("title", "Visitors of the pier - A")], "Visitors of the pier - A"),
        ([("title", "A pier | The bay herald sings to the gulls of the harbour")], None),
        ([("title", "Bay Herald wins a prize - a history")], "Bay Herald wins a prize - a history"),
        ([("h1", "Pier rebuilt at last"), ("json-ld", "Pier rebuilt at last")], None),
    ],
)
def test_title_without_the_sites_name(stated: list[tuple[str, str]], title: str | None) -> None:
    """A part at an end goes when it names the publisher or other places leave it out."""
    found = chosen(*stated)
    assert found is not None
    assert found[0] == (title or stated[0][1])


def test_places_agree_on_the_title() -> None:
    """A headline that several places state beats one that stands alone."""
    places = [("og:title", "Watch live now"), ("h1", "Pier opens"), ("json-ld", "Pier opens")]
    assert chosen(*places) == ("Pier opens", "json-ld")


def test_a_heading_that_names_the_site_is_no_title() -> None:
    """Many pages print their own name as the first heading; the next one is the article's."""
    places = [("h1", "Bay Herald"), ("h1", "Pier opens at last"), ("title", "Pier opens")]
    assert chosen(*places) == ("Pier opens at last", "h1")
    assert chosen(*places[:1]) == ("Bay Herald", "h1")


@pytest.mark.parametrize("end", ["…", " ...", ""])
def test_a_title_cut_short_is_left_out(end: str) -> None:
    """Places that cut titles at a length yield to one that goes on, even where they are more."""
    short = (
        "The ferry pier of the old town opens at last, and a crowd of visitors, bands, cooks and"
    )
    whole = f"{short} gulls come to see it"
    places = [(source, short + " many" * (not end) + end) for source in ("json-ld", "og:title")]
    whole = whole.replace("cooks and", "cooks and" + " many" * (not end))
    assert chosen(*places, ("h1", whole)) == (whole, "h1")
    same = [
        ("json-ld", "Pier opens"),
        ("og:title", "Pier opens"),
        ("h1", "Pier opens for visitors"),
    ]
    assert chosen(*same) == ("Pier opens", "json-ld")


def headed(heading: str, kind: str, stated: str = "The pier opens for visitors") -> str:
    """Return a page under a heading whose head states another title."""
    head = f'<meta property="og:title" content="{stated}">'
    if kind:
        node = f'{{"@type":"{kind}","headline":"{stated}"}}'
        head += f'<script type="application/ld+json">{node}</script>'
    html = page(paragraphs(), head).replace("<title>Ferry pier to be rebuilt", f"<title>{stated}")
    return html.replace("<h1>Ferry pier to be rebuilt</h1>", heading)


@pytest.mark.parametrize(
    ("kind", "source"), [("", "h1"), ("BlogPosting", "h1"), ("NewsArticle", "json-ld")]
)
def test_the_shown_heading_goes_before_titles_for_search_engines(kind: str, source: str) -> None:
    """What readers see is the title, unless a newsroom's JSON-LD names the headline."""
    found = extract_html(headed("<h1>The pier opens at last</h1>", kind), None).page
    assert dict(found.sources)["title"] == source


def test_the_heading_above_the_text_is_the_shown_one() -> None:
    """A heading far above or behind the article, or as short as a section's, is not trusted."""
    other = headed("<h1>News</h1>", "").replace("</main>", "</main><h1>What else is on today</h1>")
    assert extract_html(other, None).page.title == "The pier opens for visitors"


def test_a_headline_in_no_heading() -> None:
    """Where the only heading is the site's, a text above the article that others state is shown."""
    html = headed(
        "<h1>Harbour news</h1><div>The pier opens for all</div>", "", "The pier opens for all"
    )
    found = extract_html(html.replace(" | Bay Herald", " | Harbour"), None).page
    assert (found.title, dict(found.sources)["title"]) == ("The pier opens for all", "block")


KICKED = '<h1><a href="/1"><span>On the coast</span><i>: </i><span>The pier opens</span></a></h1>'


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("The pier opens - a festival", "The pier opens"),
        ("On the coast: The pier opens", "On the coast: The pier opens"),
        ("The pier on the coast opens", "On the coast: The pier opens"),
        ("On the coast", "On the coast"),
    ],
)
def test_a_kicker_or_subtitle_in_the_heading(stated: str, title: str) -> None:
    """An element at an end goes where the other places state the title without it."""
    assert extract_html(headed(KICKED, "", stated), None).page.title == title


def test_titles_have_no_references_or_invisible_hyphens() -> None:
    """What a publisher's system escaped twice, and where it allowed a break, is undone."""
    found = extract_html(
        headed("<h1>Fer\u00adry &amp;amp; pier: both open</h1>", "", "Ferry, pier open"), None
    )
    assert found.page.title == "Ferry & pier: both open"


HEAD = (
    '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
    '"headline":"Ferry pier to be rebuilt","articleSection":"Coast","inLanguage":"en-GB",'
    '"author":[{"@type":"Person","name":"Mara Quill"},{"@type":"Organization",'
    '"name":"Bay Herald"}],'
    '"publisher":{"@type":"Organization","name":"Bay Herald"}}</script>'
    '<link rel="canonical" href="/news/pier">'
)


def test_metadata_of_a_page_with_json_ld() -> None:
    """Each field names its source; the publisher is no author where a writer is named."""
    found = extract_html(page(paragraphs(), HEAD), "https://bay.example/news/pier?ref=1").page
    sources = dict(found.sources)
    assert found.authors == ("Mara Quill",)
    assert sources["authors"] == "json-ld"
    assert found.section == "Coast"
    assert found.canonical_url == "https://bay.example/news/pier"
    assert sources["canonical_url"] == "link:canonical"


def test_author_from_the_byline() -> None:
    """Where the head names nobody, the byline does."""
    found = extract_html(page('<p class="byline">By Mara Quill</p>' + paragraphs()), None)
    assert found.page.authors == ("Mara Quill",)
    assert dict(found.page.sources)["authors"] == "byline"


@pytest.mark.parametrize(
    ("line", "names", "source"),
    [
        ("<div>Written by</div><div>Mara Quill</div>", ("Mara Quill",), "byline"),
        ("<div>May 2, 2021 by Mara Quill | Seen often</div>", ("Mara Quill",), "byline"),
        (
            '<div>With <a rel="author" href="/7">Mara Quill</a></div>',
            ("Mara Quill",),
            "link:author",
        ),
        ('<p><a href="/author/ole-berg/">Ole Berg</a>, May 5</p>', ("Ole Berg",), "link:author"),
        ('<p><a href="/authors/">Our Authors</a></p>', (), None),
        ('<p><a href="/author/7">More from us</a></p>', (), None),
        ("<div>Seen by Many Eyes</div>", (), None),
    ],
)
def test_authors_named_near_the_text(line: str, names: tuple[str, ...], source: str | None) -> None:
    """Links to authors' pages and lines with "by" name the authors where the head does not."""
    found = extract_html(page(line + paragraphs()), None).page
    assert found.authors == names
    assert dict(found.sources).get("authors") == source


def test_links_to_authors_of_other_stories_name_nobody() -> None:
    """A link counts just above or below the article, the nearest one first."""
    others = '<ul><li><a href="/author/1">Ole Berg</a></li>' + "<li>Weather</li>" * 9 + "</ul>"
    mine = '<p>Story: <a href="/author/2">Mara Quill</a></p>'
    assert extract_html(page(others + mine + paragraphs()), None).page.authors == ("Mara Quill",)
    far = paragraphs() + "<ul>" + "<li>Weather</li>" * 9 + "</ul>" + others
    assert extract_html(page(far), None).page.authors == ()


@pytest.mark.parametrize(
    ("metas", "names"),
    [
        ({"author": "NOC Admin", "dc.creator": "Ole Berg"}, ("Ole Berg",)),
        ({"author": "page.head.author", "dc.creator": "Ole Berg"}, ("Ole Berg",)),
        ({"author": "NOC Admin"}, ("NOC Admin",)),
        ({"dc.creator": "Ole Berg", "citation_author": "Quill, Mara"}, ("Mara Quill",)),
    ],
)
def test_authors_in_meta_tags(metas: dict[str, str], names: tuple[str, ...]) -> None:
    """An account's name counts only where nobody else is named; scholars' names are turned."""
    head = "".join(f'<meta name="{name}" content="{value}">' for name, value in metas.items())
    assert extract_html(page(paragraphs(), head), None).page.authors == names


@pytest.mark.parametrize(
    ("canonical", "source"),
    [
        ("https://bay.example/news/pier", "link:canonical"),
        ("https://bay.example:8080/?p=7", "link:canonical"),
        ("https://bay.example/", "meta:og:url"),
        ("https://pier-story", "meta:og:url"),
        ("https://bay.example%2Fnews", "meta:og:url"),
        ("https://[bad", "meta:og:url"),
        ("mailto:pier@bay.example", "meta:og:url"),
    ],
)
def test_a_canonical_url_that_cannot_be_the_pages(canonical: str, source: str) -> None:
    """One without a real host, or of the front page, gives way to the next place's."""
    head = f'<link rel="canonical" href="{canonical}"><meta property="og:url" content="/p/7">'
    found = extract_html(page(paragraphs(), head), "https://bay.example/p/7?x=1").page
    assert dict(found.sources)["canonical_url"] == source


@pytest.mark.parametrize(
    ("stated", "section"),
    [
        ("Coast", "Coast"),
        ("Arts, Design & Sea", "Arts, Design & Sea"),
        ("Coast, " + "harbours and their boats, " * 4, "Coast"),
        ("All that happens on the coast, " * 4, "All that happens on the coast"),
        ("All that happens on the coast and in the harbours of the bay " * 4, None),
    ],
)
def test_a_section_is_short(stated: str, section: str | None) -> None:
    """A list yields its first name, and a text none."""
    head = f'<meta property="article:section" content="{stated}">'
    assert extract_html(page(paragraphs(), head), None).page.section == section


def test_a_site_is_spelt_with_capitals() -> None:
    """Of one name, the spelling with capitals is shown, wherever it stands."""
    html = page(paragraphs(), HEAD).replace('="Bay Herald"', '="bayherald"', 1)
    found = extract_html(html, None).page
    assert (found.site_name, dict(found.sources)["site_name"]) == ("Bay Herald", "json-ld")


def test_a_site_is_not_called_blog() -> None:
    """What any site may be called gives way to the publisher's name."""
    html = page(paragraphs(), HEAD).replace(
        'site_name" content="Bay Herald"', 'site_name" content="Blog"'
    )
    found = extract_html(html, None).page
    assert (found.site_name, dict(found.sources)["site_name"]) == ("Bay Herald", "json-ld")


ITEM = (
    '<main itemscope itemtype="https://schema.org/NewsArticle"><meta itemprop="wordCount" '
    'content="200"><span itemprop="articleSection">Coast</span><h2 itemprop="headline">Pier to be '
    'rebuilt by autumn</h2><p>Told by <span itemprop="author" itemscope '
    'itemtype="https://schema.org/Person"><b itemprop="name">Mara Quill</b></span>'
    ' and <i itemprop="author">Ole Berg</i></p><div itemprop="publisher" itemscope '
    'itemtype="https://schema.org/Organization"><b itemprop="name">Bay Herald</b></div>'
)


def with_item(head: str = "") -> str:
    """Return the page with its article's microdata."""
    html = page(paragraphs(), head).replace("<main>", ITEM)
    return html.replace("<h1>Ferry pier to be rebuilt</h1>", "")


def test_metadata_from_microdata() -> None:
    """Without JSON-LD the article's own items are read; the publisher's name is no author."""
    found = extract_html(with_item(), None).page
    sources = dict(found.sources)
    assert (found.title, found.section) == ("Pier to be rebuilt by autumn", "Coast")
    assert found.authors == ("Mara Quill", "Ole Berg")
    assert {sources[name] for name in ("title", "section", "authors")} == {"microdata"}


def test_json_ld_goes_before_microdata() -> None:
    """What JSON-LD states is not overruled."""
    sources = dict(extract_html(with_item(HEAD), None).page.sources)
    assert "microdata" not in sources.values()


@pytest.mark.parametrize("lang", ["", "x", "français", "en\u0000us", "a" * 10_000])
def test_no_language_from_what_is_no_tag(lang: str) -> None:
    """A broken lang attribute yields no language, or a well-formed tag."""
    found = extract_html(page(paragraphs(), lang=lang), None).page.language
    assert found is None or len(found) <= 12


def test_the_stated_text_settles_doubtful_blocks() -> None:
    """What articleBody holds is kept; what follows it is not; a cut body says nothing."""
    said = "Paragraph number {} tells of one more thing that the council did. "
    texts = [(said.format(number) * 4).strip() for number in range(6)]
    doubt = np.full(6, 0.6, np.float32)
    settled = with_stated_text(doubt, texts, " ".join(texts[:4]))
    assert (settled[:4] > 0.9).all()
    assert (settled[4:] < 0.1).all()
    cut = " ".join(texts[:4])[:-100]
    assert with_stated_text(doubt, texts, cut) is doubt
