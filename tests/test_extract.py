"""Extraction of the article from HTML, on pages written for these tests."""

import pytest

from transforms.assemble import join_kept
from transforms.extract import EXTRACTORS, ExtractionError, extract_html
from transforms.model import BlockKind

PARAGRAPHS = (
    "The harbour board voted on Monday to rebuild the old ferry pier, which has been closed since "
    "a storm tore away two of its moorings in the spring.",
    "Work is expected to start before the autumn tides, said Mara Lindqvist, who chairs the board. "
    "“We have waited long enough,” she told residents at a packed meeting in the boat shed.",
    "The project will cost about four million crowns, half of it paid by the county. Fishing boats "
    "will use a temporary jetty on the north side of the bay until the new pier opens.",
    "Some shopkeepers fear that the building site will keep summer visitors away. Others say that "
    "without a pier there will soon be no visitors at all.",
)
NAVIGATION = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("News", "Sport", "Sea"))
TEASERS = "".join(
    f'<div class="card"><a href="/t{n}"><h3>Another story number {n} from the coast</h3></a></div>'
    for n in range(6)
)


def page(body: str, head: str = "", lang: str = "en") -> str:
    """Return a page with navigation, an article of ``body``, teasers and a footer."""
    return (
        f'<!DOCTYPE html><html lang="{lang}"><head><title>Ferry pier to be rebuilt | Bay Herald'
        f'</title><meta property="og:site_name" content="Bay Herald">{head}</head><body><nav><ul>'
        f'{NAVIGATION}</ul></nav><main><article class="story"><h1>Ferry pier to be rebuilt</h1>'
        f'{body}</article><aside class="related"><h2>More from the coast</h2>{TEASERS}</aside>'
        "</main><footer><p>© 2024 Bay Herald. All rights reserved.</p></footer></body></html>"
    )


def paragraphs() -> str:
    """Return the paragraphs of the article as HTML."""
    return "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def test_takes_the_article_whole_and_alone() -> None:
    """The text is the article's paragraphs: no navigation, teasers or footer."""
    found = extract_html(page(paragraphs()), "https://bay.example/news/pier")
    assert join_kept(found.blocks) == "\n\n".join(PARAGRAPHS)
    assert found.extractor == "copydesk"
    assert 0.5 < found.confidence <= 1


@pytest.mark.parametrize(
    ("html", "reason"),
    [("", "empty"), (" \n\t" * 1000, "empty"), ("<html><script>x</script></html>", "no_text")],
)
def test_names_the_reason_where_nothing_can_be_extracted(html: str, reason: str) -> None:
    """A page without text raises an error that says what is missing."""
    with pytest.raises(ExtractionError) as error:
        extract_html(html, None)
    assert error.value.reason == reason


def test_rejects_a_page_of_links() -> None:
    """A list of teasers is no article, unless the threshold lets it through."""
    html = f"<html><body><ul>{NAVIGATION * 5}</ul>{TEASERS}</body></html>"
    with pytest.raises(ExtractionError) as error:
        extract_html(html, None)
    assert error.value.reason == "not_article"


@pytest.mark.parametrize("extractor", EXTRACTORS)
def test_every_extractor_yields_text_and_metadata(extractor: str) -> None:
    """The metadata does not depend on who extracts the text."""
    found = extract_html(page(paragraphs()), "https://bay.example/news/pier", extractor)
    assert PARAGRAPHS[2] in join_kept(found.blocks)
    assert found.page.title == "Ferry pier to be rebuilt"
    assert found.page.site_name == "Bay Herald"
    assert found.page.language == "en"
    assert dict(found.page.sources)["site_name"] == "meta:og:site_name"


def test_captions_and_credits_have_columns_of_their_own() -> None:
    """A caption is no text of the article, but it is not lost."""
    figure = (
        '<figure><img src="pier.jpg"><figcaption>The pier in winter, seen from the lighthouse'
        '</figcaption><span class="credit">Photo: Ole Berg</span></figure>'
    )
    parts = paragraphs().split("</p>")
    found = extract_html(page(parts[0] + "</p>" + figure + "</p>".join(parts[1:])), None)
    assert found.page.captions == ("The pier in winter, seen from the lighthouse",)
    assert found.page.image_credits == ("Ole Berg",)
    assert "lighthouse" not in join_kept(found.blocks)


def test_a_credit_in_two_pieces_is_one() -> None:
    """A photographer and "/agency" in elements of their own are one credit."""
    pieces = '<div class="credit">Photo: Ole Berg</div><div class="credit">/Harbour Pictures</div>'
    other = '<div class="credit">Mara Quill</div>'
    figure = f"<figure>{pieces}</figure><figure>{other}</figure>"
    found = extract_html(page(figure + paragraphs()), None).page
    assert found.image_credits == ("Ole Berg /Harbour Pictures", "Mara Quill")


def test_what_is_named_source_or_copy_away_from_pictures_is_no_credit() -> None:
    """Links that copy, sources and notices bear the names that credits of photos bear."""
    aside = (
        '<div class="copy-link">Copy this link</div><p class="source">Bay Herald, with agencies</p>'
    )
    found = extract_html(page(aside + paragraphs() + aside), None)
    assert found.page.image_credits == ()
    photo = '<div class="photo"><img src="/1"><p class="source">Ole Berg</p></div>'
    first, rest = paragraphs().split("</p>", 1)
    found = extract_html(page(f"{first}</p>{photo}{rest}"), None)
    assert found.page.image_credits == ("Ole Berg",)


@pytest.mark.parametrize(
    ("figcaption", "caption", "credit"),
    [
        ("The pier in winter.<b class=credit>Ole Berg</b>", "The pier in winter.", "Ole Berg"),
        ("The pier in winter. Photo: Ole Berg", "The pier in winter.", "Ole Berg"),
        ("The pier in winter (Foto: Ole Berg/dpa)", "The pier in winter", "Ole Berg/dpa"),
        ("The pier in winterImage: Bay Press", "The pier in winter", "Bay Press"),
        ("A pier, in winter. Photo by Ole Berg /AFP", "A pier, in winter.", "Ole Berg /AFP"),
        ("A pier, in winter. Ole Berg via Reuters", "A pier, in winter.", "Ole Berg via Reuters"),
        ("冬の桟橋の様子です。写真：海辺通信", "冬の桟橋の様子です。", "海辺通信"),
        ("Photo: the pier as it was before the storm", None, None),
        ("The pier (left) and the jetty (right)", "The pier (left) and the jetty (right)", None),
    ],
)
def test_a_credit_inside_a_caption_is_set_apart(
    figcaption: str, caption: str | None, credit: str | None
) -> None:
    """Whom a photo is credited to stands in its own column, wherever the caption says so."""
    figure = f'<figure><img src="pier.jpg"><figcaption>{figcaption}</figcaption></figure>'
    found = extract_html(page(figure + paragraphs()), None).page
    if caption is not None:
        assert found.captions == (caption,)
        assert found.image_credits == ((credit,) if credit else ())


def test_photos_of_teasers_are_not_the_articles() -> None:
    """Captions far behind the article's last paragraph are left out."""
    teaser = "<div><p>Another story</p><figcaption>Somebody else’s photo</figcaption></div>"
    html = page(paragraphs()).replace("<footer>", teaser * 3 + "<footer>", 1)
    assert extract_html(html, None).page.captions == ()


def test_a_repeated_paragraph_is_kept_once() -> None:
    """Pages that print a paragraph twice do not say it twice."""
    found = extract_html(page(paragraphs() + f"<p>{PARAGRAPHS[1]}</p>"), None)
    assert join_kept(found.blocks).count(PARAGRAPHS[1]) == 1
    assert [b.text for b in found.blocks if b.kind is BlockKind.REPEAT] == [PARAGRAPHS[1]]
