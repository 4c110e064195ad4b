"""The languages of an article: its own, and every passage in another, to the character.

A text is cut into sentences, quotations and lines. Each is judged by four identifiers and by the
language of the document, which is what most of the text is in; the shorter it is, the surer they
must be. Neighbours in the same foreign language are one span; a span lies within one line.

What counts as foreign, and what does not:

* A sentence, a quotation, a heading, a caption, a comment or a related headline in another
  language counts, wherever it stands; so does each of its repetitions.
* Names do not: of people, places, organisations, products, and lists of them. Up to six words
  of which at most one is in lower case are taken for a name, and so is any run of capitalised
  words alone, and up to four words in capitals. A sentence full of names must be foreign
  without them too.
* Titles of works do not: a quotation of up to five words that does not end like a sentence (or
  of up to three that does), and up to seven words that are all capitalised but for function
  words. A longer title counts.
* Credits and copyright notices do not, in any language: up to twelve words, at least half of
  them capitalised, that begin with a credit word or name an agency; any line that claims
  copyright.
* Loanwords and phrases inside a sentence do not: less than a sentence or a quotation is not
  judged. Single words, names of languages in a language menu, code and formulas are in
  no language.
* Of the blocks taken out of an article, bylines, dates, credits and source links are not judged.
  Navigation, share buttons, section names and kickers count only if they have five words in
  lower case: a menu often stays in the language of its software.
* Bosnian, Croatian and Serbian are not foreign to each other, nor are Indonesian and Malay, nor
  the written standards of Norwegian, nor those of Chinese.
* Transliterated text is foreign in an unknown language, ``und``.
"""

from transforms.language.article import detect_article
from transforms.language.backends import BACKENDS
from transforms.language.detect import detect_text
from transforms.language.results import ForeignSpan, TextLanguages

__all__ = ["BACKENDS", "ForeignSpan", "TextLanguages", "detect_article", "detect_text"]
