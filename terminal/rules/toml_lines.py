"""Where each key of a TOML text stands: what `tomllib` does not tell."""

from collections.abc import Iterator

import tree_sitter_toml
from tree_sitter import Language, Node, Parser

from terminal.rules.limits import Path


def lines_of(text: str) -> dict[Path, int]:
    """Return the line, from 1, of every key, table and list element, by its place.

    The text is TOML already: what can't be read here has no line, and its table's stands for it.
    """
    tree = Parser(Language(tree_sitter_toml.language())).parse(text.encode("utf-8", "surrogatepass"))
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    for node in tree.root_node.children:
        match node.type:
            case "pair":
                _note_pair(node, (), lines)
            case "table" | "table_array_element":
                path = _header(node, counts)
                lines.setdefault(path, _line(node))
                for pair in _of_type(node, "pair"):
                    _note_pair(pair, path, lines)
    return lines


def line_at(lines: dict[Path, int], path: Path) -> int:
    """Return the line of a place, or of the nearest table around it when it is missing; the first for none."""
    for length in range(len(path), 0, -1):
        # One table where a list of them belongs has no position.
        for around in (path[:length], tuple(part for part in path[:length] if isinstance(part, str))):
            if around in lines:
                return lines[around]
    return 1


def _header(node: Node, counts: dict[Path, int]) -> Path:
    """Return the place that `[a.b]` or `[[a.b]]` opens: below lists of tables it is in the last one so far."""
    path: Path = ()
    keys = _keys(node.named_children[0])
    for key in keys[:-1]:
        path = (*path, key)
        if path in counts:
            path = (*path, counts[path] - 1)
    path = (*path, keys[-1])
    if node.type == "table_array_element":
        counts[path] = counts.get(path, 0) + 1
        return (*path, counts[path] - 1)
    return path


def _note_pair(pair: Node, table: Path, lines: dict[Path, int]) -> None:
    *keys, value = pair.named_children
    path = table
    for key in _keys(keys[0]) if keys else []:
        path = (*path, key)
        lines.setdefault(path, _line(pair))
    _note_value(value, path, lines)


def _note_value(value: Node, path: Path, lines: dict[Path, int]) -> None:
    if value.type == "inline_table":
        for pair in _of_type(value, "pair"):
            _note_pair(pair, path, lines)
    elif value.type == "array":
        elements = [element for element in value.named_children if element.type != "comment"]
        for position, element in enumerate(elements):
            lines.setdefault((*path, position), _line(element))
            _note_value(element, (*path, position), lines)


def _keys(node: Node) -> list[str]:
    """Return the parts of a key, bare, quoted or with dots."""
    if node.type == "dotted_key":
        return [key for part in node.named_children for key in _keys(part)]
    key = (node.text or b"").decode("utf-8", "surrogatepass")
    return [key[1:-1] if node.type == "quoted_key" else key]


def _of_type(node: Node, kind: str) -> Iterator[Node]:
    return (child for child in node.children if child.type == kind)


def _line(node: Node) -> int:
    return node.start_point.row + 1
