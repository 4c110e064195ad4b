"""When an article was published and modified, and how sure that is."""

from transforms.published.arbitration import arbitrate
from transforms.published.dateline import parse_date_line
from transforms.published.html import collect_html
from transforms.published.parsed import ParsedDate
from transforms.published.text import collect_text

__all__ = ["ParsedDate", "arbitrate", "collect_html", "collect_text", "parse_date_line"]
