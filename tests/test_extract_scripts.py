"""Pages from right to left, without spaces between words, and in encodings they do not declare."""

import pytest

from transforms.assemble import join_kept
from transforms.decode import decode
from transforms.extract import extract_html
from transforms.model import RawDocument

ARTICLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "cp1256": (
        "إعادة بناء رصيف العبارات القديم",
        (
            "صوت مجلس الميناء يوم الاثنين على إعادة بناء رصيف العبارات القديم الذي أغلق منذ أن "
            "جرفت العاصفة اثنين من مراسيه في الربيع الماضي.",
            "ومن المتوقع أن يبدأ العمل قبل حلول الخريف، كما قالت رئيسة المجلس أمام سكان البلدة "
            "الذين اجتمعوا في مخزن القوارب، وأضافت أن الانتظار طال بما يكفي.",
            "وستبلغ تكلفة المشروع نحو أربعة ملايين، تدفع المحافظة نصفها، وستستخدم قوارب الصيد "
            "رصيفا مؤقتا في شمال الخليج حتى يفتح الرصيف الجديد.",
        ),
    ),
    "cp1255": (
        "המזח הישן ייבנה מחדש",
        (
            "הנהלת הנמל החליטה ביום שני לבנות מחדש את מזח המעבורות הישן, שנסגר לאחר שסערה עקרה "
            "שניים מעוגניו באביב האחרון.",
            "העבודות צפויות להתחיל לפני הסתיו, אמרה יושבת הראש לתושבים שהתאספו במחסן הסירות. "
            "לדבריה הם המתינו די והותר זמן.",
            "הפרויקט יעלה כארבעה מיליון, ומחציתם תשולם על ידי המחוז. סירות הדיג ישתמשו ברציף "
            "זמני בצפון המפרץ עד שהמזח החדש ייפתח.",
        ),
    ),
    "big5": (
        "舊渡輪碼頭將會重建",
        (
            "港口委員會星期一表決通過重建舊渡輪碼頭。今年春天的一場暴風雨沖走了兩個繫船柱，"
            "碼頭從那時起就一直關閉。",
            "委員會主席在船屋裡對居民說，工程預計在秋天以前開始。她表示大家已經等得夠久了，"
            "不能再讓孩子們繞遠路上學。",
            "整個計畫需要大約四百萬元，其中一半由縣政府支付。新碼頭開放以前，漁船將會使用"
            "海灣北邊的臨時碼頭。",
        ),
    ),
    "cp932": (
        "古い渡し船の桟橋を再建へ",
        (
            "港の委員会は月曜日、古い渡し船の桟橋を建て直すことを決めた。春の嵐で係留柱が二本流され、"
            "それ以来閉鎖されていた。",
            "工事は秋までに始まる見通しだと、委員長は船小屋に集まった住民に話した。もう十分に待った、"
            "と述べると大きな拍手が起きた。",
            "費用は約四百万で、半分を県が負担する。新しい桟橋が開くまで、漁船は湾の北側にある仮の桟橋を"
            "使うことになる。",
        ),
    ),
    "cp874": (
        "ท่าเรือข้ามฟากเก่าจะสร้างใหม่",
        (
            "คณะกรรมการท่าเรือลงมติเมื่อวันจันทร์ให้สร้างท่าเรือข้ามฟากเก่าขึ้นใหม่ หลังจากพายุพัดเสาผูกเรือ"
            "หายไปสองต้นเมื่อฤดูใบไม้ผลิที่ผ่านมา",
            "งานก่อสร้างน่าจะเริ่มก่อนฤดูใบไม้ร่วง ประธานคณะกรรมการกล่าวกับชาวบ้านที่มาประชุมกันในโรงเรือ "
            "เธอบอกว่าทุกคนรอกันมานานพอแล้ว",
            "โครงการนี้จะใช้เงินประมาณสี่ล้าน โดยจังหวัดจ่ายครึ่งหนึ่ง เรือประมงจะใช้ท่าชั่วคราว"
            "ทางเหนือของอ่าวไปก่อนจนกว่าท่าใหม่จะเปิด",
        ),
    ),
    "cp1251": (
        "Старый паромный причал восстановят",
        (
            "Совет порта решил в понедельник восстановить старый паромный причал, закрытый с тех "
            "пор, как весенний шторм сорвал две швартовные опоры.",
            "Работы начнутся до осени, сказала председатель совета жителям, собравшимся в лодочном "
            "сарае. По её словам, ждали они достаточно долго.",
            "Проект обойдётся примерно в четыре миллиона, половину заплатит округ. До открытия "
            "причала рыбаки будут пользоваться временной пристанью.",
        ),
    ),
}


def page(title: str, paragraphs: tuple[str, ...]) -> str:
    """Return a page that declares no encoding, with a menu and teasers made of the same words."""
    words = title.replace(" ", "")
    menu = "".join(f'<li><a href="/{n}">{words[n : n + 3]}</a></li>' for n in range(6))
    teasers = "".join(
        f'<div class="card"><a href="/t{n}"><h3>{p[:24]}</h3></a></div>'
        for n, p in enumerate(paragraphs)
    )
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body><nav><ul>{menu}</ul></nav>"
        f"<main><article><h1>{title}</h1>{text}</article><aside>{teasers}</aside></main>"
        f"<footer><ul>{menu}</ul></footer></body></html>"
    )


@pytest.mark.parametrize("encoding", ARTICLES)
def test_an_article_in_another_script_and_a_legacy_encoding(encoding: str) -> None:
    """The text is the paragraphs, to the letter, whatever the page is written and stored in."""
    title, paragraphs = ARTICLES[encoding]
    content = page(title, paragraphs).encode(encoding)
    source = decode(RawDocument("page", content, media_type="text/html")).source
    found = extract_html(source, None)
    assert join_kept(found.blocks) == "\n\n".join(paragraphs)
    assert found.page.title == title
