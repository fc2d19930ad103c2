"""A slip to bytes, beside a line of a thousand raw bytes that goes to a printer in memory."""

from pathlib import Path

from benchmarks.ledgers import customer_id_of, open_bench_till
from benchmarks.report import Row
from benchmarks.timing import Pair
from printers.document import Document
from printers.escpos import encode
from printers.memory import MemoryPort
from printers.profile import load_profile
from terminal import desk
from terminal.desk import Completed
from terminal.rules.bill import bill_of_total
from terminal.rules.phrase import Refused
from terminal.rules.quote import ALL

_GOAL_MS = 5.0
_CASHIER = desk.Operator("bench", "Оксана", "cashier")


def slip_row(ledger: Path, calls: int) -> Row:
    """Measure a sale's slip in Ukrainian on 80 mm paper, letters and QR code of the printer's own."""
    profile = load_profile("TM-T20II")
    document = slip_of_a_sale(ledger)
    port, raw = MemoryPort(), b"x" * 999 + b"\n"
    assert b"\x1dv0" not in encode(document, profile), "this slip should need no raster"
    pair = Pair()
    for _ in range(calls):
        pair.run(lambda: raw_line(port, raw), lambda: encode(document, profile))
    return Row.compared("slip: document → bytes, without raster", pair.ours, pair.baseline, goal_p99=_GOAL_MS)


def raw_line(port: MemoryPort, raw: bytes) -> None:
    """Write a job of raw bytes."""
    link = port.open()
    link.write(raw)
    link.close()


def slip_of_a_sale(ledger: Path) -> Document:
    """Return the slip of a sale that is not kept."""
    till = open_bench_till(ledger)
    try:
        with till.ledger.atomic():
            shown = desk.quote(till, customer_id_of(1), bill_of_total(123_45), ALL)
            assert not isinstance(shown, Refused)
            done = desk.complete(till, shown, shown.bill, _CASHIER)
            assert isinstance(done, Completed)
            raise _TakenBack(done.slip)
    except _TakenBack as made:
        return made.slip
    finally:
        till.ledger.close()


class _TakenBack(Exception):
    """The sale is not to be kept: the next run finds the ledger as it was."""

    def __init__(self, slip: Document) -> None:
        self.slip = slip
        super().__init__()
