"""Decoding: bytes of every kind to text, and what is refused."""

import random

import pytest

from transforms.decode import article_id, decode
from transforms.limits import MAX_DOCUMENT_BYTES
from transforms.model import RawDocument, Reason, RejectionError

POLISH = "Źródła podają, że śnieg spadł wczoraj. Mieszkańcy wsi wyciągają łopaty i żartują z zimy. "
SAMPLES = {
    "cp1250": POLISH * 3,
    "iso8859-2": POLISH * 3,
    "cp1252": "Die Bäcker der Stadt öffnen früher – für „süße“ Brötchen bezahlt man künftig mehr. ",
    "cp874": "ร้านขนมปังในเมืองเปิดเร็วขึ้นแล้ว และขนมปังก้อนเล็กก็แพงขึ้นกว่าเมื่อก่อนเล็กน้อย ",
    "cp1251": "Пекарни города открываются раньше, а булочки с маком теперь стоят немного дороже. ",
    "koi8-r": "Пекарни города открываются раньше, а булочки с маком теперь стоят немного дороже. ",
    "cp1253": "Οι φούρνοι της πόλης ανοίγουν νωρίτερα και τα κουλούρια κοστίζουν περισσότερο. ",
    "cp1254": "Şehrin fırınları artık daha erken açılıyor ve çörekler eskisinden daha pahalı. ",
    "cp1257": "Miesto kepyklos duris atveria anksčiau, o bandelės šiek tiek pabrangs. ",
    "cp1255": "המאפיות בעיר נפתחות מוקדם יותר והלחמניות עם הפרג עולות כעת קצת יותר מבעבר. ",
    "cp1256": "تفتح المخابز في المدينة أبوابها في وقت أبكر وأصبحت الكعكات أغلى قليلا من ذي قبل. ",
    "cp932": "市内のパン屋は朝早く開くようになり、けしの実のパンは少し高くなりました。",
    "euc_jp": "市内のパン屋は朝早く開くようになり、けしの実のパンは少し高くなりました。",
    "gb18030": "城里的面包店现在开门更早了，不过带有罂粟籽的小面包也比以前贵了一些。",
    "big5": "城裡的麵包店現在開門更早了，不過帶有罌粟籽的小麵包也比以前貴了一些。",
    "cp949": "도시의 빵집은 이제 더 일찍 문을 열고 양귀비 씨를 넣은 빵은 조금 더 비싸졌습니다. ",
}


def page(text: str, head: str = "") -> str:
    """Return a small page around a text."""
    return f"<!DOCTYPE html><html><head>{head}</head><body><p>{text}</p></body></html>"


def text_of(content: bytes, charset: str | None = None, media_type: str = "text/html") -> str:
    """Decode and return the source."""
    return decode(RawDocument("a", content, media_type=media_type, charset=charset)).source


def reason_of(content: bytes, media_type: str | None = "text/html") -> Reason:
    """Return why a content is refused."""
    with pytest.raises(RejectionError) as caught:
        decode(RawDocument("a", content, media_type=media_type))
    return caught.value.reason


@pytest.mark.parametrize("codec", SAMPLES)
def test_an_undeclared_legacy_encoding_is_told_by_its_letters(codec: str) -> None:
    """A page that declares nothing is read as what its bytes spell."""
    wanted = page(SAMPLES[codec])
    assert text_of(wanted.encode(codec)) == wanted


@pytest.mark.parametrize("codec", SAMPLES)
def test_a_false_utf8_declaration_is_overruled(codec: str) -> None:
    """Bytes that cannot be UTF-8 are not read as such, whatever header and page say."""
    wanted = page(SAMPLES[codec], '<meta charset="utf-8">')
    assert text_of(wanted.encode(codec), "utf-8") == wanted


def test_the_marks_of_an_english_text_suffice() -> None:
    """Quotation marks and dashes are all that English has beyond ASCII."""
    wanted = page("“It’s the baker’s – and nobody else’s,” she said. “Let’s wait.”")
    assert text_of(wanted.encode("cp1252"), "utf-8") == wanted


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="iso-8859-2">',
        "<META http-equiv=Content-Type content='text/html; charset=ISO-8859-2'>",
    ],
)
def test_the_page_declares_its_encoding(head: str) -> None:
    """The declaration in the head is followed."""
    wanted = page("żółw", head)
    assert text_of(wanted.encode("iso8859-2")) == wanted


def test_an_xml_declaration_counts() -> None:
    """So is the one of XHTML."""
    wanted = '<?xml version="1.0" encoding="windows-1251"?>' + page("Щи да каша")
    assert text_of(wanted.encode("cp1251")) == wanted


def test_transport_goes_before_the_page() -> None:
    """The HTTP header wins over the page's own words."""
    wanted = page("żółw", '<meta charset="windows-1251">')
    assert text_of(wanted.encode("cp1250"), "windows-1250") == wanted


def test_latin1_means_windows_1252() -> None:
    """Labels mean what they mean to browsers."""
    assert "“so”" in text_of(page("“so”").encode("cp1252"), "ISO-8859-1")


def test_utf8_that_is_declared_otherwise_stays_utf8() -> None:
    """A server's default header does not turn UTF-8 into mojibake."""
    assert "żółw" in text_of(page("żółw").encode(), "iso-8859-1")


def test_codecs_that_are_no_encodings_are_out_of_reach() -> None:
    """A page cannot name Python's own codecs."""
    wanted = page("+AGE- und \\u0041", '<meta charset="unicode_escape">')
    assert text_of(wanted.encode(), "utf-7") == wanted


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_with_and_without_mark(codec: str) -> None:
    """UTF-16 is told by its mark or by its NULs."""
    wanted = page("żółw und Schildkröte")
    assert text_of(wanted.encode(codec)) == wanted


def test_byte_order_marks_are_left_out() -> None:
    """However many there are."""
    assert text_of(b"\xef\xbb\xbf" * 3 + b"<p>x</p>") == "<p>x</p>"


def test_a_few_broken_bytes_leave_utf8_alone() -> None:
    """Only what is broken becomes U+FFFD."""
    text = text_of(page(POLISH).encode() + b"<p>br\xffoken \xc5</p>" + page(POLISH).encode())
    assert text.count("Źródła") == 2
    assert text.count("\ufffd") == 2


def test_ascii_with_bytes_of_no_encoding_keeps_its_declaration() -> None:
    """Bytes that spell nothing in any encoding are replaced, not guessed at."""
    assert "pla\ufffd\ufffd\ufffdce" in text_of(
        page("@").encode().replace(b"@", b"pla\xff\xfe\xf7ce")
    )


def test_passages_in_another_encoding_are_put_right() -> None:
    """A page pasted together from two encodings reads well throughout."""
    first, second = (POLISH + "\n").encode(), (POLISH + "\n").encode("cp1250")
    assert text_of((first + second) * 4, media_type="text/plain") == (POLISH + "\n") * 8


def test_surrogates_never_come_out() -> None:
    """CESU-8 pairs are joined, lone surrogates replaced."""
    text = text_of(b"<p>a\xed\xa0\xbd\xed\xb8\x80b \xed\xa0\x80c</p>")
    assert text == "<p>a\U0001f600b \ufffdc</p>"


def test_control_characters_are_removed() -> None:
    """NUL, C0, DEL and non-characters go; C1 is windows-1252; line ends and tabs stay."""
    text = text_of("<p>a\0b\x01c\x7fd\ufffee\x0cf\x92g\th\r\ni</p>".encode())
    assert text == "<p>abcde f’g\th\r\ni</p>"


@pytest.mark.parametrize("content", [b"", b" \t\r\n" * 1000, b"\0" * 50, b"\xef\xbb\xbf"])
def test_nothing_is_empty(content: bytes) -> None:
    """White space, NULs and marks are no content."""
    assert reason_of(content) is Reason.EMPTY


@pytest.mark.parametrize(
    "head",
    [
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"RIFF\x10\0\0\0WEBP",
        b"\x7fELF",
        b"\0\0\0\x18ftypmp42",
        b"wOF2\0\1\0\0",
        b"x\x9c",
    ],
)
def test_binary_formats_are_known_by_their_first_bytes(head: bytes) -> None:
    """A picture that is called a page is refused."""
    assert reason_of(head + random.Random(1).randbytes(5000)) is Reason.UNSUPPORTED_MEDIA_TYPE


@pytest.mark.parametrize("charset", [None, "utf-8", "windows-1251", "gbk"])
@pytest.mark.parametrize("content", [random.Random(4).randbytes(20_000), b"\xff" * 20_000])
def test_bytes_that_are_no_text(content: bytes, charset: str | None) -> None:
    """Random bytes are text in no encoding, whatever is declared."""
    with pytest.raises(RejectionError) as caught:
        decode(RawDocument("a", content, media_type="text/html", charset=charset))
    assert caught.value.reason is Reason.UNDECODABLE


def test_a_page_has_a_size() -> None:
    """The bound holds, and a page of just that size passes."""
    assert reason_of(b"a" * (MAX_DOCUMENT_BYTES + 1)) is Reason.TOO_LARGE
    assert len(text_of(b"a" * MAX_DOCUMENT_BYTES)) == MAX_DOCUMENT_BYTES


@pytest.mark.parametrize(
    "media_type", ["image/png", "application/json", "application/http", "text/css"]
)
def test_media_types_without_articles(media_type: str) -> None:
    """What is declared as something else is refused."""
    assert reason_of(b"<p>some text</p>", media_type) is Reason.UNSUPPORTED_MEDIA_TYPE


@pytest.mark.parametrize(
    ("declared", "content", "wanted"),
    [
        ("text/html; charset=utf-8", "words", "text/html"),
        ("text/plain", "words <b>more</b>", "text/plain"),
        ("text/plain", "\n<!DOCTYPE html><p>words", "text/html"),
        (None, "<p>words", "text/html"),
        (None, "a < b and words", "text/plain"),
        ("application/octet-stream", "<?xml version='1.0'?><html></html>", "text/html"),
    ],
)
def test_html_is_told_from_text(declared: str | None, content: str, wanted: str) -> None:
    """By declaration, unless the content plainly is a page."""
    assert decode(RawDocument("a", content.encode(), media_type=declared)).media_type == wanted


def test_the_id_is_of_source_url_and_bytes() -> None:
    """Each of them counts, and they do not run together."""
    documents = [
        RawDocument("a", b"x", url="b"),
        RawDocument("ab", b"x"),
        RawDocument("a", b"bx"),
        RawDocument("a", b"x", url="c"),
    ]
    ids = [article_id(document) for document in documents]
    assert len(set(ids)) == len(ids)
    assert ids[0] == decode(documents[0]).article_id
    assert all(len(identifier) == 32 for identifier in ids)
