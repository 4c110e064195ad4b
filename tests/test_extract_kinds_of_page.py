"""Which pages are articles: briefs are, lists and notices are not."""

import pytest

from tests.test_extract import NAVIGATION, PARAGRAPHS, page
from tests.test_extract_pages import SECOND
from transforms.assemble import join_kept
from transforms.extract import ExtractionError, extract_html

STORIES = (*PARAGRAPHS, *SECOND) * 2


def listing(item: str, size: int) -> str:
    """Return a section's page that lists stories, each in the markup of ``item``."""
    items = "".join(
        item.format(number=number, text=text[:size]) for number, text in enumerate(STORIES)
    )
    return (
        "<!DOCTYPE html><html lang=en><head><title>Coast | Bay Herald</title></head><body><nav><ul>"
        f"{NAVIGATION}</ul></nav><main><h1>Coast</h1>{items}</main><footer><p>© 2024 Bay Herald. "
        "All rights reserved.</p></footer></body></html>"
    )


@pytest.mark.parametrize("text", [*PARAGRAPHS[:2], *SECOND[:2], PARAGRAPHS[0][:94] + "."])
def test_a_brief_of_one_paragraph_is_an_article(text: str) -> None:
    """An article may be a single paragraph of a hundred characters."""
    assert join_kept(extract_html(page(f"<p>{text}</p>"), None).blocks) == text


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ('<article class="card"><h3><a href="/{number}">Story number {number} from the coast</a>'
         "</h3><p>{text}</p><time>3 May</time></article>", 200),
        ('<div class="teaser"><h3><a href="/{number}">Story number {number}</a></h3><p>{text}…</p>'
         "</div>", 90),
        ('<li><a href="/{number}"><h3>Story number {number}</h3><p>{text}</p></a></li>', 120),
        ('<figure><img src="{number}.jpg"><figcaption>{text}</figcaption></figure>', 70),
    ],
)  # fmt: skip
def test_a_list_of_stories_is_no_article(item: str, size: int) -> None:
    """Teasers do not make an article, with their sentences or without, nor do pictures."""
    with pytest.raises(ExtractionError) as error:
        extract_html(listing(item, size), None)
    assert error.value.reason == "not_article"


@pytest.mark.parametrize(
    "notice",
    [
        "<h1>Page not found</h1><p>Sorry, the page you are looking for does not exist.</p>",
        "<form><p>Please log in to read on.</p><input><button>Log in</button></form>",
    ],
)
def test_a_notice_is_no_article(notice: str) -> None:
    """A page that only says that there is nothing to read is refused."""
    html = listing("", 0).replace("<h1>Coast</h1>", notice)
    with pytest.raises(ExtractionError) as error:
        extract_html(html, None)
    assert error.value.reason == "not_article"
