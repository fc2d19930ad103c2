"""Text as cells: what stands in one place on the paper, and how many columns it takes."""

import unicodedata

from rich.cells import get_character_cell_size


def clusters(text: str) -> list[str]:
    """The text cut into letters with the marks that stand on them."""
    if text.isascii():
        return list(text)
    out: list[str] = []
    for char in text:
        if out and unicodedata.category(char)[0] == "M":
            out[-1] += char
        else:
            out.append(char)
    return out


def cluster_columns(cluster: str) -> int:
    """1 or 2: the columns one cluster takes."""
    return 2 if get_character_cell_size(cluster[0]) == 2 else 1


def text_columns(text: str) -> int:
    """The columns a text takes on one line."""
    return len(text) if text.isascii() else sum(map(cluster_columns, clusters(text)))


def cut_at(text: str, columns: int) -> tuple[str, str]:
    """The longest head of at most `columns` columns (one cluster at least), and the rest."""
    if text.isascii():
        return text[:columns], text[columns:]
    taken = length = 0
    for cluster in clusters(text):
        taken += cluster_columns(cluster)
        if taken > columns and length:
            break
        length += len(cluster)
    return text[:length], text[length:]
