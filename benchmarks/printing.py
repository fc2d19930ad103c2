"""Slips on their way to paper: their bytes, their seconds on a slow line, their making; and what a start loads."""

import subprocess
import sys
import time

from benchmarks.report import Row
from benchmarks.slips import raw_line
from benchmarks.timing import Pair, median
from printers.document import QR, Columns, Document, Element
from printers.escpos import encode
from printers.layout import Line, lay_out
from printers.memory import MemoryPort
from printers.profile import Profile, load_profile

_BYTES_GOAL = 1.3
_DOTS_GOAL_MS = 15.0
_BYTES_A_SECOND = 9_600 / 10
"""A serial line of 9,600 baud sends eight bits with a start and a stop bit."""
_START = "import terminal.cli, terminal.app, terminal.running"
_PRINTING = (
    "import terminal.printing, printers.preview; from printers.document import Document, Text;"
    "from printers.escpos import encode; from printers.profile import load_profile;"
    "encode(Document((Text('₴'),)), load_profile('80mm'))"
)
_LATE = (
    "printers.spool",
    "printers.escpos",
    "printers.preview",
    "escpos",
    "PIL",
    "qrcode",
    "barcode",
    "serial",
    "yaml",
)


def printing_rows(slip: Document, calls: int, starts: int) -> list[Row]:
    """Measure a sale's slip: as it is, with a sign that is on no page, and on a printer of unknown pages."""
    wide, narrow, dots, coding = (load_profile(name) for name in ("80mm", "58mm", "80mm-dots", "TM-T20II"))
    text = Document(tuple(element for element in slip.elements if not isinstance(element, QR)))
    kinds = [
        ("slip's text on 80 mm, letters", text, wide),
        ("slip's text on 58 mm, letters", text, narrow),
        ("slip on 80 mm, QR by the printer", slip, coding),
        ("slip on 80 mm, QR as dots", slip, wide),
        ("slip's text on 80 mm, one line as dots", _with_a_sign(text), wide),
        ("slip's text on 80 mm, every line as dots", text, dots),
    ]
    rows = [_bytes_row(*kind) for kind in kinds]
    rows += [_seconds_row(*kind) for kind in kinds]
    rows += [_encoding_row(*kind, calls) for kind in (*kinds[3:5], ("slip on 80 mm, all as dots", slip, dots))]
    return [*rows, import_row(starts)]


def import_row(starts: int) -> Row:
    """Import what the till's start imports, and the same with all that prints, in turn, each in a new Python."""
    alone: list[int] = []
    together: list[int] = []
    check = f"; import sys; assert not set(sys.modules) & set({_LATE!r}), 'the start loads what prints'"
    for _ in range(starts + 1):
        alone.append(_run(_START + check))
        together.append(_run(f"{_START}; {_PRINTING}"))
    ours, baseline = median(alone[1:]), median(together[1:])  # the first run compiles
    return Row(
        what="imports of the till's start; baseline: with what prints",
        unit="ms",
        median=ours / 1e6,
        baseline=baseline / 1e6,
        ratio=ours / baseline,
        goal_ratio=1.0,
        calls=starts,
    )


def _run(program: str) -> int:
    began = time.perf_counter_ns()
    subprocess.run([sys.executable, "-c", program], check=True)
    return time.perf_counter_ns() - began


def _with_a_sign(slip: Document) -> Document:
    """The slip with the hryvnia's sign in its first row: no printer's page has it."""
    done = False
    elements: list[Element] = []
    for element in slip.elements:
        if isinstance(element, Columns) and "грн" in element.right and not done:
            element, done = Columns(element.left, element.right.replace("грн", "₴"), element.bold), True
        elements.append(element)
    assert done, "no sum is on this slip"
    return Document(tuple(elements))


def _bare(slip: Document, profile: Profile) -> int:
    """The bytes of the slip's letters and line ends alone, a byte each, blanks before and in a line too."""
    lines = [item for item in lay_out(slip, profile.columns) if isinstance(item, Line)]
    return sum(line.indent(profile.columns) + len(line.text) + 1 for line in lines)


def _bytes_row(what: str, slip: Document, profile: Profile) -> Row:
    ours, bare = len(encode(slip, profile)), _bare(slip, profile)
    lettered = b"\x1dv0" not in encode(slip, profile)
    return Row(
        what=f"{what}: bytes",
        unit="B",
        median=ours,
        baseline=bare,
        ratio=ours / bare,
        goal_ratio=_BYTES_GOAL if lettered else None,
    )


def _seconds_row(what: str, slip: Document, profile: Profile) -> Row:
    ours, bare = len(encode(slip, profile)), _bare(slip, profile)
    return Row(
        what=f"{what}: at 9,600 baud",
        unit="s",
        median=ours / _BYTES_A_SECOND,
        baseline=bare / _BYTES_A_SECOND,
        ratio=ours / bare,
    )


def _encoding_row(what: str, slip: Document, profile: Profile, calls: int) -> Row:
    pair, port, raw = Pair(), MemoryPort(), b"x" * 999 + b"\n"
    for _ in range(calls):
        pair.run(lambda: raw_line(port, raw), lambda: encode(slip, profile))
    return Row.compared(f"{what}: document → bytes", pair.ours, pair.baseline, goal_p99=_DOTS_GOAL_MS)
