"""Words around dates, a line per language: labels, small words, today, parts of the day, zones.

CLDR has none of these in a usable form. A star stands for any ending. ``labelled`` and the sets
compare folded words.
"""

from functools import lru_cache
from zoneinfo import ZoneInfo

from transforms.published.folding import fold, folded_words

_PUBLISHED: dict[str, str] = {
    "en": "published* publication posted* created issued released date dated",
    "de": "veröffentlicht* erschien* erstellt* publiziert datum eingestellt",
    "fr": "publié* paru* mise_en_ligne créé* date",
    "es": "publicad* creado fecha",
    "it": "pubblicat* data creato",
    "pt": "publicad* criado data",
    "nl": "gepubliceerd geplaatst datum gepost",
    "sv": "publicerad* publicerat upplagd",
    "da": "udgivet offentliggjort publiceret oprettet dato",
    "nb": "publisert* lagt",
    "fi": "julkaistu* julkaistiin",
    "is": "birt* birtist",
    "pl": "opublikowan* dodan* utworzon* data publikacj*",
    "cs": "vydán* publikován* zveřejněn* datum",
    "sk": "zverejnen* publikovan* vydan* dátum",
    "sl": "objavljen* datum",
    "hr": "objavljen* datum",
    "bs": "objavljen* datum",
    "sr": "објављен* датум objavljen* datum",
    "bg": "публикуван* дата",
    "ru": "опубликован* дата публикац* размещен*",
    "uk": "опублікован* дата публікац*",
    "be": "апублікаван* дата",
    "mk": "објавен* датум",
    "ro": "publicat* postat* data",
    "hu": "közzétéve megjelent* létrehozva dátum publikálva",
    "el": "δημοσιεύ* δημοσίευσ* δημοσιευμένο ημερομηνία",
    "tr": "yayın* yayım* eklenme tarih* giriş",
    "az": "yayım* dərc tarix",
    "he": "פורסם תאריך",
    "ar": "نشر نُشر تاريخ النشر نشرت منشور",
    "fa": "انتشار تاریخ منتشر",
    "hi": "प्रकाशित पब्लिश",
    "bn": "প্রকাশ* প্রকাশিত",
    "ta": "வெளியிட்ட* வெளியிடப்பட்ட*",
    "te": "ప్రచురణ పబ్లిష్",
    "th": "เผยแพร่ วันที่ โพสต์เมื่อ เผยแพร่เมื่อ",
    "vi": "đăng xuất_bản ngày",
    "id": "diterbitkan dipublikasikan terbit tayang tanggal",
    "ms": "diterbitkan tarikh",
    "fil": "inilathala nailathala",
    "sw": "imechapishwa tarehe",
    "ja": "掲載* 公開* 発表* 発行* 投稿* 作成* 配信* 登録* 公開日 日付",
    "ko": "등록* 입력* 게시* 발행* 작성* 송고* 기사입력 승인",
    "zh": "发布* 發布* 发表* 發表* 时间* 時間* 日期* 来源* 來源*",
    "lt": "paskelbta* publikuota data",
    "lv": "publicēt* datums",
    "et": "avaldatud ilmus* kuupäev",
    "eu": "argitaratu* data",
    "ca": "publicat* data",
    "gl": "publicado data",
    "sq": "publikuar botuar data",
    "ka": "გამოქვეყნ* თარიღი",
    "hy": "հրապարակ*",
    "kk": "жарияланған",
    "cy": "cyhoeddwyd",
    "ga": "foilsithe",
}

_MODIFIED: dict[str, str] = {
    "en": "updated* update modified* edited revised",
    "de": "aktualisiert* geändert* überarbeitet* stand änderung aktualisierung",
    "fr": "mis maj actualisé* modifié* jour",
    "es": "actualiza* modificad* actualización",
    "it": "aggiornat* modificat* aggiornamento",
    "pt": "atualiza* modificad* actualiza*",
    "nl": "bijgewerkt* gewijzigd* update",
    "sv": "uppdatera* ändrad* senast",
    "da": "opdatere* ændret",
    "nb": "oppdater* endret",
    "fi": "päivitetty* päivitys muokattu* päivitettiin",
    "is": "uppfært*",
    "pl": "aktualiz* zmodyfikowan* zaktualizowan*",
    "cs": "aktualiz* upraven* změněno",
    "sk": "aktualiz* upraven*",
    "sl": "posodobljen*",
    "hr": "ažuriran* izmijenjen*",
    "sr": "ажуриран* измењен* ažuriran* izmenjen*",
    "bg": "обновен* актуализиран* променен*",
    "ru": "обновлен* изменен* обновлено",
    "uk": "оновлен* змінен*",
    "be": "абноўлен*",
    "mk": "ажуриран* обновен*",
    "ro": "actualizat* modificat*",
    "hu": "frissít* frissül* módosít*",
    "el": "ενημερώ* ενημέρωσ* τροποποι*",
    "tr": "güncel* son",
    "az": "yenilən*",
    "he": "עודכן עדכון",
    "ar": "تحديث آخر تعديل حدث",
    "fa": "بروزرسانی ویرایش به‌روزرسانی",
    "hi": "अपडेट* अद्यतन संशोधित",
    "bn": "আপডেট* হালনাগাদ*",
    "ta": "புதுப்பி* அப்டேட்",
    "te": "అప్‌డేట్ నవీకరించ*",
    "th": "ปรับปรุง* แก้ไข* อัปเดต* อัพเดต*",
    "vi": "cập nhật sửa",
    "id": "diperbarui* diperbaharui*",
    "ms": "kemaskini dikemaskini dikemas",
    "ja": "更新* 最終更新* 修正*",
    "ko": "수정* 최종수정* 업데이트*",
    "zh": "更新* 修改* 编辑* 編輯* 最后更新",
    "lt": "atnaujinta*",
    "lv": "atjaunot* atjaunināt*",
    "et": "uuendatud muudetud",
    "eu": "eguneratu*",
    "ca": "actualitzat* modificat*",
    "gl": "actualizado",
    "sq": "përditësuar*",
    "ka": "განახლებ*",
    "hy": "թարմաց*",
    "cy": "diweddarwyd",
}

_BYLINES: dict[str, str] = {
    "en": "by from author reporter editor staff correspondent text words photo",
    "de": "von autor autorin redaktion text foto",
    "fr": "par auteur rédaction",
    "es": "por autor redacción",
    "it": "di autore redazione",
    "pt": "por redação",
    "nl": "door redactie",
    "sv": "av skribent text",
    "da": "af skrevet",
    "fi": "kirjoittanut",
    "pl": "autor tekst",
    "cs": "autor",
    "ro": "de autor",
    "ru": "автор",
    "uk": "автор",
    "el": "του από",
    "tr": "yazan",
    "he": "מאת",
    "ar": "بقلم",
    "id": "oleh penulis",
    "ja": "記者 著者",
    "ko": "기자",
    "zh": "记者 作者 記者",
}

_SMALL_WORDS: dict[str, str] = {
    "en": "on at of the in th st nd rd hrs hours local time last first and",
    "de": "am um den der dem vom uhr uhrzeit zuletzt und",
    "fr": "le la à au du de les en heures dernière mise et",
    "es": "el la las a de del en y última horas h hs hrs",
    "it": "il lo la alle ore dal del di ultimo",
    "pt": "às em de do da e última h",
    "nl": "op om uur laatst de het",
    "sv": "den kl klockan",
    "da": "den kl klokken d",
    "nb": "den kl klokken sist",
    "fi": "klo kello viimeksi",
    "is": "kl þann",
    "pl": "o godz godzina r g dnia w ostatnia ost",
    "cs": "v ve dne hod hodin r",
    "sk": "o dňa hod",
    "sl": "ob dne uri",
    "hr": "u sati h",
    "sr": "у сати часова u časova",
    "bg": "в г часа ч година",
    "ru": "в г года год последнее мск по",
    "uk": "о об р року рік",
    "ro": "la ora orele în",
    "hu": "óra perc utolsó legutóbb",
    "el": "στις στη την ώρα και τελευταία",
    "tr": "saat tarihi tarihinde",
    "he": "ב שעה בשעה ה יום",
    "ar": "م هـ ه الساعة يوم في عند بتوقيت",
    "fa": "ساعت در روز آخرین به",
    "hi": "को बजे पर समय",
    "bn": "টা সময় এ",
    "th": "วัน เวลา น ที่ พ ศ เมื่อ ล่าสุด พฤ",
    "vi": "ngày lúc năm tháng giờ thứ hai ba tư sáu bảy chủ nhật lần cuối gmt",
    "id": "pada pukul jam hari wib wita wit",
    "lt": "m d val mėn",
    "lv": "gada plkst gads",
    "et": "kell aasta",
    "eu": "an",
    "ja": "日 月 火 水 木 金 土 時 分",
    "zh": "日 星期 上午 下午",
    "mk": "во часот",
    "kk": "жылы сағат",
    "uz": "yil soat",
}

REFUSED_WORDS: frozenset[str] = folded_words(
    "born died birthday geboren gestorben mort nacido nascido nato родился born. copyright "
    "expires expiry deadline until till bis jusqu hasta fino version isbn issn tel telephone "
    "telefon phone fax call chapter kapitel page seite iban since seit depuis desde between "
    "zwischen entre model km kg cm mm mb gb px usd eur"
)
"""Words that make a line one about something else than its own date."""

REFUSED_SIGNS = frozenset("©§%$€£¥°×")

TODAY: frozenset[str] = folded_words(
    "today heute aujourd hoy oggi hoje vandaag idag i_dag dzisiaj dziś dnes danes danas сегодня "
    "сьогодні сёння днес данас денес σήμερα bugün اليوم امروز آج आज আজ இன்று ఈరోజు ഇന്ന് "
    "ಇಂದು આજે ਅੱਜ วันนี้ šiandien šodien täna avui gaur hoxe sot inniu heddiw бүгін bugun "
    "ngayon leo 今日 今天 本日 오늘 astăzi azi היום tänään"
)

YESTERDAY: frozenset[str] = folded_words(
    "yesterday gestern hier ayer ieri ontem gisteren igår i_går včera včeraj wczoraj jučer вчера "
    "вчора учора јуче juče χθες χτες tegnap dün אתמול أمس ديروز گل कल গতকাল நேற்று నిన్న "
    "เมื่อวาน เมื่อวานนี้ kemarin semalam vakar vakardien eile ahir atzo onte dje inné ddoe кеше "
    "kahapon jana 昨日 昨天 어제 eilen gær"
)

ONE_WORDS: frozenset[str] = folded_words(
    "a an one einer einem ein une un una uno um uma en ett et een jedną jedna jednu jednej "
    "einu eine одну один egy bir satu"
)
"""Numerals and articles that stand for 1 in "an hour ago"."""

AM_WORDS: frozenset[str] = folded_words("am vorm 上午 午前 오전 ص sa πμ pagi 凌晨 早上 清晨 fm")
PM_WORDS: frozenset[str] = folded_words(
    "pm nachm 下午 午後 오후 م ch μμ du 晚上 中午 傍晚 em petang ptg"
)

OFFSETS: dict[str, int] = {
    name: minutes
    for names, minutes in (
        ("utc gmt", 0),
        ("cet mez", 60),
        ("cest mesz eet sast cat", 120),
        ("eest msk мск trt eat", 180),
        ("irst", 210),
        ("pkt uzt", 300),
        ("npt", 345),
        ("wib ict", 420),
        ("wita hkt sgt myt pht awst", 480),
        ("jst kst", 540),
        ("acst", 570),
        ("aest", 600),
        ("acdt", 630),
        ("aedt", 660),
        ("nzst", 720),
        ("nzdt", 780),
        ("brt", -180),
        ("edt", -240),
        ("est cdt", -300),
        ("mdt", -360),
        ("mst pdt", -420),
        ("pst akdt", -480),
        ("akst", -540),
        ("hst", -600),
    )
    for name in names.split()
}
"""Zone abbreviations newspapers print → minutes east of UTC; ambiguous ones (IST, CST) are not."""

ZONE_NAMES: dict[str, ZoneInfo] = {
    "et": ZoneInfo("America/New_York"),
    "ct": ZoneInfo("America/Chicago"),
    "mt": ZoneInfo("America/Denver"),
    "pt": ZoneInfo("America/Los_Angeles"),
    "bst": ZoneInfo("Europe/London"),
}
"""Zone names whose offset depends on the day."""


def _split(table: dict[str, str]) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the whole words and the stems of a table of labels."""
    labels = [fold(word) for line in table.values() for word in line.replace("_", " ").split()]
    stems = {word[:-1] for word in labels if word.endswith("*")}
    return frozenset(word for word in labels if not word.endswith("*")), tuple(sorted(stems))


_PUBLISHED_WORDS, _PUBLISHED_STEMS = _split(_PUBLISHED)
_MODIFIED_WORDS, _MODIFIED_STEMS = _split(_MODIFIED)
BYLINE_WORDS: frozenset[str] = folded_words(" ".join(_BYLINES.values()))
SMALL_WORDS: frozenset[str] = folded_words(" ".join(_SMALL_WORDS.values()))


@lru_cache(maxsize=4096)
def label(word: str) -> str:
    """Return ``published`` or ``modified`` for a folded word that announces one, else ``""``."""
    if word in _MODIFIED_WORDS or word.startswith(_MODIFIED_STEMS):
        return "modified"
    if word in _PUBLISHED_WORDS or word.startswith(_PUBLISHED_STEMS):
        return "published"
    return ""
