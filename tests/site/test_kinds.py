"""Every kind of entry that a till writes is one that the site applies."""

import ast
from pathlib import Path

from sync.site.applying import KINDS

ROOT = Path(__file__).parent.parent.parent
_WRITERS = {"draft", "Draft", "into", "out_of", "append"}


def written_kinds() -> set[str]:
    """The strings that stand where the desk, the ledger and the sync process say an entry's kind."""
    kinds: set[str] = set()
    paths = [*(ROOT / "terminal" / "desk").glob("*.py"), *(ROOT / "sync").glob("*.py")]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                first = node.args[0] if node.args else None
                if (
                    name in _WRITERS
                    and isinstance(first, ast.Constant)
                    and isinstance(first.value, str)
                    and first.value.isidentifier()
                ):
                    kinds.add(first.value)
    return kinds


def test_the_site_knows_every_kind_that_tills_write() -> None:
    kinds = written_kinds()
    assert {"sale", "redeem", "earn", "register"} <= kinds
    assert kinds <= KINDS, kinds - KINDS
