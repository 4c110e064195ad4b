"""``copydesk inspect`` shows what was kept, what was taken out and why, safely and at once."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from pipeline.cli import main
from pipeline.inspection.as_json import as_json
from pipeline.inspection.marks import Mark, marks_by_block
from pipeline.inspection.view import Line, article_lines, rejection_lines, show
from pipeline.printable import escaped_json, printable
from transforms.assemble import join_kept
from transforms.dead_letter import attempt, reject
from transforms.model import (
    Article,
    Block,
    BlockKind,
    LanguageSpan,
    PageMetadata,
    Publication,
    RawDocument,
    Reason,
    RejectionError,
    TemporalExpression,
)
from transforms.schema import ARTICLES, REJECTED

NOW = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
PAGE = """Harbour wall to be raised by two metres

By Ann Example

The town council decided on Monday to raise the harbour wall by two metres. It will take a year.

Fishermen welcomed the plan, but asked where their boats are to lie while the wall is being built.

The council promised an answer before the winter, and money for a pontoon in the old dock.

Share this article
"""
HOSTILE = "\x1b]0;owned\x07\x1b[2J red \x9b31m and \u202egnp.exe \x7f end"


def sample() -> Article:
    """Return a finished article with every kind of thing in it."""
    blocks = (
        Block("Wall grows", BlockKind.TITLE, False, "title:first", 0.9),
        Block("On Friday the wall grew. Ściana rośnie w górę."),
        Block("Share this", BlockKind.SHARE, False, "phrase:share", 0.75),
        Block("Outlook", BlockKind.HEADING),
    )
    text = join_kept(blocks)
    return Article(
        RawDocument("a/b.txt", b"", url="https://harbour.example/1"),
        blocks=blocks,
        page=PageMetadata(
            title="Wall grows",
            section="Town",
            authors=("Ann Example", "Bo Sample"),
            captions=("The wall",),
            sources=(("section", "line"),),
        ),
        extractor="lines",
        extraction_confidence=0.5,
        text=text,
        language="en",
        language_score=0.875,
        is_mixed=True,
        language_spans=(
            LanguageSpan("Ściana rośnie w górę.", "pl", 0.99, "text", 25, 46),
            LanguageSpan("Mur", "de", 0.6, "caption"),
        ),
        publication=Publication("2025-01-03", "day", raw="Jan. 3, 2025", source="line"),
        temporal_expressions=(TemporalExpression("Friday", "DATE", "2025-01-03", 3, 9),),
    )


def shown(lines: Iterator[Line], width: int | None = None) -> str:
    """Return what is printed on a terminal of this width, or in a pipe."""
    file = io.StringIO()
    console = Console(
        file=file,
        force_terminal=width is not None,
        width=width or 80,
        highlight=False,
        color_system="standard" if width else None,
        _environ={},
    )
    show(lines, console)
    return file.getvalue()


def uncoloured(text: str) -> str:
    """Return the text without the escape sequences that colour it."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """Write a plain-text article."""
    path = tmp_path / "wall.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_in_a_pipe_everything_is_plain() -> None:
    """The document stands in order; what is found in it is listed after it."""
    assert (
        shown(article_lines(sample(), inline=False))
        == """\
Wall grows
  source     a/b.txt https://harbour.example/1
  section    Town  from line
  authors    Ann Example, Bo Sample
  published  2025-01-03 (day)  from line “Jan. 3, 2025”
  language   en 0.88, mixed with pl, de
  caption    The wall
  extractor  lines 0.50

- title  title:first  0.90
  Wall grows

On Friday the wall grew. Ściana rośnie w górę.

- share  phrase:share  0.75
  Share this

Outlook

Foreign passages
  pl 0.99    text: Ściana rośnie w górę.
  de 0.60    caption: Mur
Temporal expressions
  DATE       2025-01-03  “Friday” at 3–9

kept 53 characters in 2 blocks, removed 20 in 2 (27%)
"""
    )


def test_on_a_terminal_findings_are_marked_where_they_stand() -> None:
    """A value follows its passage, and only what is not in the text is listed."""
    text = shown(article_lines(sample(), inline=True), width=200)
    assert "\x1b[4mFriday\x1b[0m\x1b[36m[2025-01-03]\x1b[0m" in text
    assert "\x1b[35mŚciana rośnie w górę.\x1b[0m\x1b[36m[pl]\x1b[0m" in text
    assert "Temporal expressions" not in text
    assert "de 0.60    \x1b[35mcaption: Mur" in text.replace("\x1b[0m", "").replace("\x1b[2m", "")


def test_removed_text_is_struck_out_on_a_terminal() -> None:
    """It is dimmed and struck, behind its kind, rule and score."""
    text = shown(article_lines(sample(), inline=True), width=80)
    assert "\x1b[2;9mShare this" in text
    assert "- share  phrase:share  0.75" in uncoloured(text)


@pytest.mark.parametrize("width", [30, 60, 79])
def test_lines_fit_the_terminal(width: int) -> None:
    """Words are wrapped to its width, and wide characters count as two columns."""
    wide = Block("漢字" * 60)
    article = Article(RawDocument("x", b""), blocks=(wide, Block("word " * 80 + "end")), text="")
    lines = uncoloured(shown(article_lines(article, inline=True), width=width)).splitlines()
    columns = [sum(2 if "一" <= char <= "鿿" else 1 for char in line) for line in lines]
    assert max(columns) <= width
    assert max(columns) > width - 8


def test_removed_blocks_of_one_rule_stand_together() -> None:
    """Why they went is said once; short texts share a line, long ones do not."""
    menu = [Block(f"Item {n}", BlockKind.NAVIGATION, False, "menu", 0.5 + n / 10) for n in range(3)]
    long = Block("x" * 61, BlockKind.NAVIGATION, False, "menu", 0.6)
    other = Block("Ad", BlockKind.PROMOTION, False, "menu", 1.0)
    article = Article(RawDocument("x", b""), blocks=(*menu, long, other))
    assert f"""
- navigation  menu  0.50–0.70  4 blocks
  Item 0 · Item 1 · Item 2
  {"x" * 61}

- promotion  menu  1.00
  Ad

""" in shown(article_lines(article, inline=False))


def test_marks_are_cut_to_blocks() -> None:
    """A passage over two blocks is marked in both and noted once, at its end."""
    blocks = (Block("one two"), Block("gone", keep=False), Block("three"))
    span = LanguageSpan("two\n\nthr", "de", 1.0, "text", 4, 12)
    article = Article(RawDocument("x", b""), blocks=blocks, text="", language_spans=(span,))
    found = [marks for _, marks in marks_by_block(article, "f", "t")]
    assert found == [[Mark(4, 7, "f", "")], [], [Mark(0, 3, "f", "de")]]


def test_a_rejection_says_stage_reason_and_error() -> None:
    """A person sees where and why the document left."""
    letter = reject(RawDocument("x.html", b"ab"), "Extract", Reason.NOT_ARTICLE, "p = 0.1")
    text = shown(rejection_lines(letter))
    assert re.sub(r"\s+", " ", text) == (
        "x.html stage Extract reason not_article error p = 0.1 payload 2 bytes "
    )


def test_hostile_text_cannot_steer_a_terminal() -> None:
    """No control character of a document's fields reaches the output."""
    article = Article(
        RawDocument(HOSTILE, b"", url=HOSTILE),
        blocks=(Block(HOSTILE), Block(HOSTILE, BlockKind.OTHER, False, HOSTILE)),
        page=PageMetadata(title=HOSTILE, authors=(HOSTILE,), captions=(HOSTILE,)),
        publication=Publication("2025", "year", raw=HOSTILE, source=HOSTILE),
        language_spans=(LanguageSpan(HOSTILE, HOSTILE, 1.0, "caption"),),
        temporal_expressions=(TemporalExpression(HOSTILE, "DATE", HOSTILE, 0, 5),),
    )
    steering = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    for inline, width in ((False, None), (True, 80)):
        text = shown(article_lines(article, inline=inline), width)
        assert not steering.search(uncoloured(text))
        assert "␛]0;owned␇" in text
    letter = reject(article.raw, "Decode", Reason.EMPTY, HOSTILE)
    assert not steering.search(shown(rejection_lines(letter)))
    assert not steering.search(as_json(article, NOW))
    assert json.loads(as_json(article, NOW))["title"] == HOSTILE


def test_printable_keeps_lengths() -> None:
    """Offsets into a text hold in what is shown of it."""
    text = "".join(map(chr, range(0x300))) + "\u2028\u202a\u2069\ud800x"
    assert len(printable(text)) == len(text)
    assert (
        printable("zero\u200djoiner \u0645\u06cc\u200c\u062e")
        == "zero\u200djoiner \u0645\u06cc\u200c\u062e"
    )
    assert json.loads(escaped_json(json.dumps(text, ensure_ascii=False))) == text


def test_json_is_the_row_of_the_table(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It has the table's columns in their order; times are ISO 8601."""
    assert main(["inspect", str(page), "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert list(row) == ARTICLES.schema.names
    assert row["source_id"] == "wall.txt"
    assert "raise the harbour wall" in row["text"]
    assert row["authors"] == ["Ann Example"]
    assert datetime.fromisoformat(row["ingested_at"]).tzinfo is not None


def test_inspecting_shows_kept_and_removed(page: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The stages run as in a run: the text is there, the share line is a removed block."""
    assert main(["inspect", str(page)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Harbour wall to be raised by two metres\n  source     wall.txt\n")
    assert re.search(r"^- share .*\n  Share this article$", out, re.M)
    assert "\x1b" not in out


def test_a_rejected_document_ends_with_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 1, and as JSON the columns of the table ``rejected`` but the payload."""
    path = tmp_path / "empty.txt"
    path.write_bytes(b"")
    assert main(["inspect", str(path)]) == 1
    assert re.search(r"reason +empty", capsys.readouterr().out)
    assert main(["inspect", str(path), "--json"]) == 1
    row = json.loads(capsys.readouterr().out)
    assert list(row) == [name for name in REJECTED.schema.names if name != "payload"]
    assert row["reason"] == "empty"


def test_records_are_chosen_by_position_or_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first by default, with a hint; a broken line is a record that can be looked at."""
    path = tmp_path / "feed.jsonl"
    lines = [json.dumps({"id": name, "text": PAGE}) for name in ("one", "two")]
    path.write_text("\n".join([lines[0], "{broken", lines[1]]), encoding="utf-8")

    def source(*flags: str) -> tuple[int, str]:
        code = main(["inspect", str(path), "--json", *flags])
        return code, json.loads(capsys.readouterr().out)["source_id"]

    assert source() == (0, "one")
    assert source("--record", "3") == (0, "two")
    assert source("--record", "two") == (0, "two")
    assert source("--record", "2")[0] == 1
    identifier = json.loads(_out(capsys, str(path), "--json", "--record", "two"))["article_id"]
    assert source("--record", identifier) == (0, "two")
    main(["inspect", str(path)])
    assert "--record" in capsys.readouterr().err


def _out(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    main(["inspect", *words])
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "flags", "message"),
    [
        ("missing.txt", [], "No such file"),
        ("folder.txt", [], "Is a directory"),
        ("notes.docx", [], "does not end in"),
        ("none.jsonl", [], "no record in it"),
        ("page.txt", ["--record", "2"], "none of its 1 records is '2'"),
        ("page.txt", ["--record", "other"], "none of its 1 records is 'other'"),
    ],
)
def test_wrong_use_gets_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    flags: list[str],
    message: str,
) -> None:
    """Exit code 2 and what is wrong."""
    (tmp_path / "folder.txt").mkdir()
    for file in ("notes.docx", "page.txt"):
        (tmp_path / file).write_text(PAGE)
    (tmp_path / "none.jsonl").write_text("\n\n")
    assert main(["inspect", str(tmp_path / name), *flags]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_a_fault_of_ours_is_a_dead_letter() -> None:
    """A stage that raises anything leaves a dead letter that names it."""

    def divide(article: Article) -> Article:
        return 1 // 0  # type: ignore[return-value]

    def refuse(article: Article) -> Article:
        raise RejectionError(Reason.NO_TEXT, "nothing left")

    article = sample()
    fault = attempt("Extract", divide, article)
    assert (fault.stage, fault.reason, fault.raw) == ("Extract", "internal_error", article.raw)
    assert "ZeroDivisionError" in fault.error
    refused = attempt("StripBoilerplate", refuse, article)
    assert (refused.reason, refused.error) == (Reason.NO_TEXT, "nothing left")


def test_beam_is_not_imported_and_a_closed_pipe_is_no_error(page: Path, root: Path) -> None:
    """The command answers at once because it needs no Beam; ``| head`` ends it quietly."""
    page.write_text(PAGE + "\nThe wall is long, and there is more to say of it.\n" * 4000)
    code = (
        "import sys; from pipeline.cli import main; code = main(['inspect', sys.argv[1]]);"
        " beam = 'apache_beam' in sys.modules; sys.exit(77 if beam else code)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(page)],
        cwd=root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0
