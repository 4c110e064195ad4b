"""The legacy encoding that bytes are most likely in, told by the letters they would be.

A naive Bayes choice between pairs of an encoding and a language that was written in it. A
language is its letters outside ASCII, ordered by how often they occur; their probabilities follow
Zipf's law over that order. Only letter counts are used, so the cost is one pass over the bytes.
"""

import functools
import re

import numpy as np
from numpy.typing import NDArray

SAMPLE_BYTES = 2**16
PLAUSIBLE = -4.8
"""Below this mean log-likelihood of a byte (in nats) the bytes are text in no known encoding."""

SURE = -4.2
"""Above it they hardly are a mixture of encodings."""

_MARKS = "’“”–—„‘…«»\u00a0·°§©®™€£²³½×"
_CAPITALS = 0.08
_MARK_SHARE = 0.2
_OTHER_SHARE = 0.01
_LATIN = (np.log(0.75), np.log(0.25))  # beside an ASCII letter or not
_NOT_LATIN = (np.log(0.02), np.log(0.98))
_FORBIDDEN = np.log(1e-7)

_WEST = ("cp1252", "iso8859-15")
_CENTRAL = ("cp1250", "iso8859-2")
_BALTIC = ("cp1257", "iso8859-13", "iso8859-4")
_CYRILLIC = ("cp1251", "koi8-r", "iso8859-5", "cp866")
_UKRAINIAN = ("cp1251", "koi8-u", "iso8859-5")

_LANGUAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("’“”—–‘é…\u00a0£üñç", _WEST),  # English: marks and loan words
    ("éàèêçîôâûùïëœæü", _WEST),  # French
    ("üäößé", _WEST),  # German
    ("óíáéñúü¿¡", _WEST),  # Spanish
    ("ãçáéíóêõâúàôü", _WEST),  # Portuguese
    ("àèùòìéî", _WEST),  # Italian
    ("äåöé", _WEST),  # Swedish, Finnish
    ("åøæéöäô", _WEST),  # Danish, Norwegian
    ("éëïèöüáó", _WEST),  # Dutch
    ("íáðéóöúæþý", _WEST),  # Icelandic
    ("àéèóíçòúïü·", _WEST),  # Catalan
    ("ëç", _WEST),  # Albanian
    ("łęążóśćńź", _CENTRAL),  # Polish
    ("íáěéýžčřšůúďťňó", _CENTRAL),  # Czech
    ("áíéúčšžýľťôňďäóĺŕ", _CENTRAL),  # Slovak
    ("áéöóíőüúű", _CENTRAL),  # Hungarian
    ("čšžćđ", _CENTRAL),  # Croatian, Slovene, Bosnian
    ("ăîâţş", _CENTRAL),  # Romanian with cedillas
    ("ăîâțș", ("iso8859-16",)),  # Romanian with commas
    ("ıüşçöğâî", ("cp1254",)),  # Turkish
    ("äõüöšž", _BALTIC),  # Estonian
    ("āīēšņļūžķģč", _BALTIC),  # Latvian
    ("ėįšųžąūčę", _BALTIC),  # Lithuanian
    ("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё", _CYRILLIC),  # Russian
    ("оаниівртескулдмпзяьбгчйхцжшюєїщфґ", _UKRAINIAN),  # Ukrainian
    ("анеіорсктлывудмяпзьбгйчшўхжцэюёф", ("cp1251", "iso8859-5")),  # Belarusian
    ("аоиетнрсвлкдпмзъбугчяцйхжшщюфь", ("cp1251", "iso8859-5", "cp866")),  # Bulgarian
    ("аоиенртсјувкдмплзбгчшцћжњхђљфџ", ("cp1251", "iso8859-5")),  # Serbian
    ("аоиетнрсвдлкпмузјбгчшцжњфхќљѓџѕ", ("cp1251", "iso8859-5")),  # Macedonian
    ("αοιετσνηυρπκμλςάόήέίώωγδχθφβύξζψϊ", ("cp1253", "iso8859-7")),  # Greek
    ("יוהלארתבמשנעדקםפחטצגזכסךןץף", ("cp1255", "iso8859-8")),  # Hebrew
    ("اليمونرتبةعدفسهكقحجأشطصخىإضذزثئغءظؤآ،", ("cp1256", "iso8859-6")),  # Arabic
    ("ايرندهمتوسبشكزفخعلگپجحقآصطچغضژثذظ،", ("cp1256",)),  # Persian
    ("ารนกอเง่มยล้วดทตสะปบคหัีิแใชไพจขธ์ืุผซโศูถณฐญษภฟ็ำ๊ฝฉฎฆ๋ฏฒฮฬฑๆฯ", ("cp874",)),  # Thai
)
_PRIORS = {"cp1252": 3.0, "cp1251": 2.0, "cp1250": 2.0, "cp1254": 1.0, "cp1253": 2.0}
_PRIORS |= {"iso8859-15": -1.0, "iso8859-4": -3.0, "iso8859-16": -2.0, "iso8859-5": -2.0}
_PRIORS |= {"cp866": -2.0}

_IDEOGRAPHS = "一-鿿"
_COMMON_SIMPLE = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产"
    "种面而方后多定行学法所民得经日月市公新"
)
_COMMON_TRADITIONAL = (
    "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產"
    "種面而方後多定行學法所民得經日月市公新"
)
_COMMON_KOREAN = "이다는을에가의고하지은로사기도대한자시서리수인일나정어부그해아보"
_WIDE: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = (
    ("gb18030", ((f"[{_COMMON_SIMPLE}]", -5.0), (f"[{_IDEOGRAPHS}]", -7.6), ("[、。，]", -4.5))),
    (
        "big5hkscs",
        ((f"[{_COMMON_TRADITIONAL}]", -5.0), (f"[{_IDEOGRAPHS}]", -7.7), ("[、。，]", -4.5)),
    ),
    (
        "cp932",
        (("[ぁ-ん]", -5.1), ("[ァ-ヶー]", -6.7), (f"[{_IDEOGRAPHS}]", -7.6), ("[、。]", -4.5)),
    ),
    (
        "euc_jp",
        (("[ぁ-ん]", -5.1), ("[ァ-ヶー]", -6.7), (f"[{_IDEOGRAPHS}]", -7.6), ("[、。]", -4.5)),
    ),
    ("cp949", ((f"[{_COMMON_KOREAN}]", -4.4), ("[가-힣]", -7.0), (f"[{_IDEOGRAPHS}]", -11.0))),
)
_WIDE_OTHER = -14.0


def guess(sample: bytes, *, wide: bool = True, least: float = PLAUSIBLE) -> str | None:
    """Return the codec the bytes are most likely text in, or ``None`` if in none that is known.

    ``wide`` admits the encodings of Chinese, Japanese and Korean, too; ``least`` is the mean
    log-likelihood of a byte, in nats, that is asked for.
    """
    sample = sample[:SAMPLE_BYTES]
    counts = np.bincount(np.frombuffer(sample, np.uint8), minlength=256)[128:]
    total = int(counts.sum())
    if not total:
        return None
    codecs, table, priors, adjacency = _models()
    scores = table @ counts + adjacency @ _adjacent(sample) + priors
    best = int(scores.argmax())
    codec, score = codecs[best], float(scores[best])
    mean = (score - float(priors[best])) / total
    if wide:
        for candidate, classes in _WIDE:
            wide_score, characters = _wide_score(sample, candidate, classes)
            if wide_score > score:
                codec, score, mean = candidate, wide_score, wide_score / (2 * characters)
    return codec if mean > least else None


def _adjacent(sample: bytes) -> NDArray[np.int64]:
    """Return how many bytes beyond ASCII stand beside an ASCII letter, and how many do not."""
    values = np.frombuffer(sample, np.uint8)
    high = values >= 128
    letters = np.pad(((values | 32) >= ord("a")) & ((values | 32) <= ord("z")), 1)
    beside = int((high & (letters[:-2] | letters[2:])).sum())
    return np.array([beside, int(high.sum()) - beside])


def _wide_score(
    sample: bytes, codec: str, classes: tuple[tuple[str, float], ...]
) -> tuple[float, int]:
    """Return the log-likelihood of the characters beyond ASCII, and how many there are."""
    text = re.sub(r"[\x00-\x7f]+", "", sample.decode(codec, "replace"))
    characters = rest = len(text)
    score = 0.0
    for pattern, value in classes:
        text, found = re.subn(pattern, "", text)
        score += found * value
        rest -= found
    return score + rest * _WIDE_OTHER, max(characters, 1)


@functools.cache
def _models() -> tuple[
    tuple[str, ...], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]
]:
    """Return each model's codec and log-probabilities: of 128 bytes, of itself, of adjacency."""
    codecs, rows, adjacency = [], [], []
    for letters, encodings in _LANGUAGES:
        probabilities = _letter_probabilities(letters)
        for codec in encodings:
            adjacency.append(_LATIN if max(letters) < "\u0250" else _NOT_LATIN)
            rows.append(
                [_log_probability(bytes([128 + i]), codec, probabilities) for i in range(128)]
            )
            codecs.append(codec)
    priors = np.array([_PRIORS.get(codec, 0.0) for codec in codecs])
    return tuple(codecs), np.array(rows), priors, np.array(adjacency)


def _letter_probabilities(letters: str) -> dict[str, float]:
    weights = [1 / (rank + 2) for rank in range(len(letters))]
    share = (1 - _MARK_SHARE - _OTHER_SHARE) / sum(weights)
    probabilities = {mark: _MARK_SHARE / (rank + 3) / 2 for rank, mark in enumerate(_MARKS)}
    for letter, weight in zip(letters, weights, strict=True):
        capital = letter.upper()
        if len(capital) == 1 and capital != letter:
            probabilities[capital] = share * weight * _CAPITALS
        probabilities[letter] = share * weight
    return probabilities


def _log_probability(byte: bytes, codec: str, probabilities: dict[str, float]) -> float:
    character = byte.decode(codec, "replace")
    if character == "\ufffd" or "\x80" <= character <= "\x9f":
        return float(_FORBIDDEN)
    return float(np.log(probabilities.get(character, _OTHER_SHARE / 100)))
