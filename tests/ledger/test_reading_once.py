"""What is read once is read again as soon as anybody has written."""

from pathlib import Path

from terminal.ledger import Ledger, open_ledger
from terminal.rules.entry import Draft
from tests.shop import KEY


def _read(ledger: Ledger) -> str | None:
    with ledger.snapshot():
        return ledger.once("applied", lambda: ledger.fact("applied_seq"))


def _write(ledger: Ledger, value: str) -> None:
    with ledger.atomic():
        ledger.set_fact("applied_seq", value)


def test_a_second_snapshot_reads_nothing_anew(ledger: Ledger) -> None:
    _read(ledger)
    asked: list[str] = []
    with ledger.snapshot():
        ledger.once("applied", lambda: asked.append("again"))
    assert not asked


def test_ones_own_write_is_seen(ledger: Ledger) -> None:
    _read(ledger)
    _write(ledger, "7")
    assert _read(ledger) == "7"


def test_ones_own_write_is_seen_in_the_same_transaction(ledger: Ledger) -> None:
    with ledger.atomic():
        assert ledger.once("applied", lambda: ledger.fact("applied_seq")) == "0"
        ledger.set_fact("applied_seq", "8")
        assert ledger.once("applied", lambda: ledger.fact("applied_seq")) == "8"


def test_another_connections_write_is_seen(ledger: Ledger, ledger_path: Path) -> None:
    _read(ledger)
    with open_ledger(ledger_path, KEY) as other:
        _write(other, "9")
    assert _read(ledger) == "9"


def test_what_was_rolled_back_is_forgotten(ledger: Ledger) -> None:
    try:
        with ledger.atomic():
            ledger.set_fact("applied_seq", "5")
            assert ledger.once("applied", lambda: ledger.fact("applied_seq")) == "5"
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        pass
    assert _read(ledger) == "0"


def test_another_connections_entry_moves_the_clock(ledger: Ledger, ledger_path: Path) -> None:
    with ledger.snapshot():
        assert ledger.last_at_ms() == 0
    with open_ledger(ledger_path, KEY) as other, other.atomic():
        other.append(Draft("a", "register", 1234, "op", customer_id="c"))
    with ledger.snapshot():
        assert ledger.last_at_ms() == 1234


def test_a_transaction_knows_what_was_read_before_it_unless_another_wrote(
    ledger: Ledger, ledger_path: Path
) -> None:
    _read(ledger)
    asked: list[str] = []
    with ledger.atomic():
        ledger.once("applied", lambda: asked.append("again"))
    assert not asked
    with open_ledger(ledger_path, KEY) as other, other.atomic():
        other.set_fact("applied_seq", "9")
        other.append(Draft("a", "register", 1234, "op", customer_id="c"))
    with ledger.atomic():
        assert ledger.once("applied", lambda: ledger.fact("applied_seq")) == "9"
        assert ledger.append(Draft("b", "note_changed", 1234, "op", customer_id="c")).seq == 2


def test_what_was_read_by_itself_is_kept_unless_another_writes(ledger: Ledger, ledger_path: Path) -> None:
    assert _read(ledger) == "0"
    assert ledger.once("seen", lambda: ledger.fact("applied_seq")) == "0"
    with ledger.snapshot():
        assert ledger.once("seen", lambda: "again") == "0"
    with open_ledger(ledger_path, KEY) as other:
        _write(other, "9")
    assert ledger.once("seen", lambda: ledger.fact("applied_seq")) == "9"
    with open_ledger(ledger_path, KEY) as other:
        _write(other, "10")
    with ledger.snapshot():
        assert ledger.once("seen", lambda: ledger.fact("applied_seq")) == "10"
