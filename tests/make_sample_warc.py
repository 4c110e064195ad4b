"""Write the sample WARC: ``python -m tests.make_sample_warc sample_input/warc/crawl.warc.gz``.

Five records as a crawler leaves them: two articles (one of them chunked and compressed, one in
Brotli and declared as Latin-1), a front page's picture, a page that is gone, and an article whose
server calls it plain text; with the crawler's own notes between them.
"""

import gzip
import sys
import zlib
from pathlib import Path

import brotli

from tests.warc_records import packed, record, response

LIBRARY = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Library lends out telescopes - Upland Observer</title>
<meta property="og:site_name" content="Upland Observer">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Library lends out telescopes", "datePublished": "2024-02-11T23:30:00-05:00",
"dateModified": "2024-02-12T08:00:00-05:00",
"author": {"@type": "Person", "name": "Gideon Marsh"}}</script>
</head>
<body>
<div class="consent">This site uses cookies. <a href="/cookies">Find out more</a></div>
<nav><a href="/">Home</a> <a href="/towns">Towns</a> <a href="/weather">Weather</a></nav>
<article>
<h1>Library lends out telescopes</h1>
<p class="byline">By Gideon Marsh, February 11, 2024</p>
<p class="share"><a href="#">Share</a> <a href="#">Email</a> <a href="#">Print</a></p>
<p>Anyone with a library card can now borrow the night sky for a week. The public library in
Cold Hollow has put six telescopes on its shelves, between the cookbooks and the atlases.</p>
<p>The instruments were given by the estate of Walter Penhallow, a retired surveyor who built
them in his garage over four decades and never sold one.</p>
<p>“He used to stand in the parking lot on clear nights and let people look,” said librarian
Oriel Banks. “We thought the least we could do was to keep the line moving.”</p>
<p>All six were out within a day. The waiting list runs into May, and the library has asked the
county for money to buy four more before the meteor shower in August.</p>
<p>Each comes with a red flashlight, a folding chair and a notebook in which borrowers write down
what they saw. The first entry, from last Thursday, reads: “Clouds. Then Jupiter.”</p>
<p>On February 24 the library will hold an evening for beginners on the roof, weather permitting.
Seats are free, but there are only thirty of them.</p>
<p class="bio">Gideon Marsh reports on towns and schools for the Observer.</p>
</article>
<div class="related"><h4>Related stories</h4><ul>
<li><a href="/1">Town hall clock stops again</a></li>
<li><a href="/2">Snow days used up by February</a></li></ul></div>
<footer>© Upland Observer. <a href="/terms">Terms of use</a></footer>
</body>
</html>
"""

MILL = """<!DOCTYPE html>
<html lang="de">
<head>
<title>Letzte Mühle im Moos mahlt wieder - Moosburger Tagblatt</title>
<meta http-equiv="content-type" content="text/html; charset=iso-8859-1">
<meta name="date" content="2024-09-03T06:00:00+02:00">
</head>
<body>
<div id="nav"><a href="/">Startseite</a> <a href="/lokales">Lokales</a> <a href="/abo">Abo</a></div>
<h1>Letzte Mühle im Moos mahlt wieder</h1>
<div class="autor">Von Korbinian Äschler, 3. September 2024</div>
<p>Nach zwölf Jahren Stillstand dreht sich in der Zollnermühle wieder das Rad. Am Sonntag füllten
die Besitzer vor dreihundert Zuschauern den ersten Sack mit Roggenmehl.</p>
<p>Das Gebäude aus dem Jahr 1782 stand zuletzt leer. Ein Hochwasser hatte im Juni 2013 die Welle
gebrochen und den Keller bis zur Decke mit Schlamm gefüllt.</p>
<p>„Alle haben gesagt, das lohnt sich nicht“, sagte Müllerin Kreszenz Zollner. „Ausgerechnet haben
wir es bis heute nicht – wir haben einfach angefangen.“</p>
<p>Rund 90.000 Euro steckte die Familie in neue Lager, ein Wehr mit Fischtreppe und zwei Mühlsteine
aus Frankreich. Den Rest erledigten Freunde an vielen Wochenenden.</p>
<p>Gemahlen wird künftig jeden Mittwoch. Zwei Bäckereien aus der Umgebung haben schon zugesagt, ihr
Mehl für mindestens drei Jahre aus dem Moos zu beziehen.</p>
<p>Wer zuschauen möchte, kann sich ab Oktober zu Führungen anmelden. Kinder dürfen ihr Korn selbst
mitbringen.</p>
<div class="teilen">Teilen: <a href="#">Facebook</a> <a href="#">E-Mail</a></div>
<div class="fuss">© Moosburger Tagblatt | Impressum | Datenschutz | Cookie-Einstellungen</div>
</body>
</html>
"""

FERRY = """The ferry that waits for the choir

Every Thursday in winter the last boat from Little Skerry leaves late, and nobody complains.

By Isla Rendall
7 December 2023

The timetable says ten past nine. The timetable has been wrong since 1996, when the island choir
moved its practice to the hall above the pier and the skipper of the evening ferry, whose wife sings
alto, decided that nine songs could not be hurried.

The company has known for years. A letter of complaint, the only one on file, was written by a man
from the mainland who missed a train, and was withdrawn a week later when he joined the basses.

On the crossing the passengers often go on singing. “You get the second verse somewhere off the
skerries,” says deckhand Magnus Flett, “and the last one when we tie up.”

From next April a larger boat will take over the route, with a crew that changes every fortnight.
The choir has written to the company. It asks for a line in small print below the timetable.

“Thursdays: when ready.”

Share this story
Read next: Storm takes the roof off the smokehouse
Sign up for our island letter
© Skerry Times
"""

PICTURE = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc"
    b"\xf8\xcf\xc0\xf0\x1f\0\5\0\1\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82"
)
GONE = b"<!DOCTYPE html><title>Not found</title><h1>Not found</h1><p>This page has moved on.</p>"


def chunked(body: bytes) -> bytes:
    """Return a body in chunks of 500 bytes."""
    pieces = [body[start : start + 500] for start in range(0, len(body), 500)]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in [*pieces, b""])


def sample() -> list[bytes]:
    """Return the records of the sample, in order."""
    deflated = zlib.compressobj(9, zlib.DEFLATED, 31)
    library = deflated.compress(LIBRARY.encode()) + deflated.flush()
    coded = "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"
    request = b"GET /library HTTP/1.1\r\nHost: upland-observer.example\r\n\r\n"
    return [
        record(
            b"software: an example\r\n", 1, kind="warcinfo", media_type="application/warc-fields"
        ),
        record(request, 2, kind="request", url="https://upland-observer.example/library"),
        record(
            response(chunked(library), headers=coded),
            3,
            url="https://upland-observer.example/library",
            date="2024-02-12T15:04:05Z",
        ),
        record(
            response(
                brotli.compress(MILL.encode("cp1252")),
                media_type="text/html; charset=iso-8859-1",
                headers="Content-Encoding: br\r\n",
            ),
            4,
            url="https://moosburger-tagblatt.example/muehle",
            date="2024-09-03T09:10:11Z",
        ),
        record(
            response(PICTURE, media_type="image/png"),
            5,
            url="https://moosburger-tagblatt.example/logo.png",
            date="2024-09-03T09:10:12Z",
        ),
        record(
            response(GONE, status="404 Not Found"),
            6,
            url="https://moosburger-tagblatt.example/alt",
            date="2024-09-03T09:10:13Z",
        ),
        record(
            response(FERRY.encode(), media_type="text/plain"),
            7,
            url="https://skerry-times.example/choir",
            date="2023-12-08T00:00:01Z",
        ),
    ]


def main(path: Path) -> None:
    """Write the sample, a gzip member for each record."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed(*sample()))


def unpacked(path: Path) -> bytes:
    """Return what the file at a path holds."""
    return gzip.decompress(path.read_bytes())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
