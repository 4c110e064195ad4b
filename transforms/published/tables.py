"""Word tables written as text, which reads better than a column of quoted strings."""


def word_list(text: str) -> list[str]:
    """Return the words of a table in their order."""
    return text.split()


def word_set(text: str) -> frozenset[str]:
    """Return the words of a table."""
    return frozenset(text.split())
