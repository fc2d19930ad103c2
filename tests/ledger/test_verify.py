"""Verification: an honest ledger passes; whoever changes it behind the till's back is found."""

from pathlib import Path

import pytest

from terminal import desk
from terminal.desk import Till
from terminal.ledger import Ledger, LedgerDamaged, WrongKey, open_ledger, opening
from terminal.ledger.verify import Verified, verify_ledger
from terminal.rules.entry import chain, draft_of
from tests.shop import CASHIER, KEY, Clock, balance, register, sell

CARD = "2900000000018"


@pytest.fixture
def sold(till: Till, clock: Clock) -> Till:
    """A till with a customer who bought three times, redeemed once, and had the last sale voided."""
    customer_id = register(till, card=CARD)
    sell(till, customer_id, 300_00)
    clock.advance(days=1)
    sell(till, customer_id, 100_00, redeem=20)
    desk.block_card(till, CARD, CASHIER)
    desk.void(till, sell(till, customer_id, 500_00).sale.id, CASHIER)
    register(till, "Марʼяна Шевченко", "050 123 45 67")
    assert balance(till, customer_id) == 18
    return till


def test_an_honest_ledger_passes(sold: Till) -> None:
    told: list[tuple[int, int]] = []
    entries = len(sold.ledger.entries())
    found = verify_ledger(sold.ledger, lambda done, whole: told.append((done, whole)))
    assert found == Verified(entries, 2, 18, ())
    assert found.ok
    assert told == [(entries, entries)]


def test_an_empty_ledger_passes(empty_ledger: Ledger) -> None:
    assert verify_ledger(empty_ledger) == Verified(0, 0, 0, ())


UNLOCK = "DROP TRIGGER journal_never_changed; DROP TRIGGER journal_never_deleted; DROP TRIGGER journal_gap_free;"
NEW_LOT = "customer_id, 'made up', 5, 5, 5, available_from, expires_on, 0, 0"

TAMPERINGS = {
    "journal: points": "UPDATE journal SET points = points + 1 WHERE kind = 'earn'",
    "journal: points of two, the sum unchanged": "UPDATE journal SET points = -points"
    " WHERE kind IN ('clawback', 'earn') AND seq > 8",
    "journal: payload": "UPDATE journal SET payload = replace(payload, '100', '900') WHERE kind = 'sale'",
    "journal: time": "UPDATE journal SET at_ms = at_ms + 1 WHERE seq = (SELECT max(seq) FROM journal)",
    "journal: operator": "UPDATE journal SET operator = 'c-2' WHERE seq = 3",
    "journal: kind": "UPDATE journal SET kind = 'gift' WHERE kind = 'earn' AND seq < 6",
    "journal: customer": "UPDATE journal SET customer_id = 'other' WHERE kind = 'earn'",
    "journal: sale": "UPDATE journal SET sale_id = NULL WHERE kind = 'void'",
    "journal: id": "UPDATE journal SET id = 'other' WHERE seq = 2",
    "journal: hash": "UPDATE journal SET hash = zeroblob(32) WHERE seq = 2",
    "journal: the last hash": "UPDATE journal SET hash = zeroblob(32) WHERE seq = (SELECT max(seq) FROM journal)",
    "journal: prev_hash": "UPDATE journal SET prev_hash = zeroblob(32) WHERE seq = 3",
    "journal: first entry gone": "DELETE FROM journal WHERE seq = 1",
    "journal: an entry gone": "DELETE FROM journal WHERE kind = 'redeem'",
    "journal: the last entry gone": "DELETE FROM journal WHERE seq = (SELECT max(seq) FROM journal)",
    "journal: all gone": "DELETE FROM journal",
    "journal: two changed places": "UPDATE journal SET seq = 1000 WHERE seq = 2;"
    " UPDATE journal SET seq = 2 WHERE seq = 3; UPDATE journal SET seq = 3 WHERE seq = 1000",
    "the till's name": "UPDATE ledger_fact SET value = 'till-2' WHERE name = 'terminal_id'",
    "customer: points": "UPDATE customer SET points = points + 1 WHERE visits",
    "customer: spending": "UPDATE customer SET spend_minor = spend_minor + 1 WHERE visits",
    "customer: visits": "UPDATE customer SET visits = visits + 1",
    "customer: registered": "UPDATE customer SET registered_ms = registered_ms - 1",
    "customer: gone": "DELETE FROM customer WHERE visits",
    "customer: made up": "INSERT INTO customer (id, registered_ms) VALUES ('made up', 0)",
    "customer and lot alike": "UPDATE customer SET points = points + 1 WHERE visits;"
    " UPDATE lot SET points_left = points_left + 1, points_held = points_held + 1 WHERE points_left = 10",
    "customer: as if from the site": "UPDATE customer SET points = points + 1, site_points = site_points + 1",
    "lot: as if from the site": "UPDATE lot SET points_left = points_left + 1, site_left = site_left + 1",
    "lot: left": "UPDATE lot SET points_left = points_left + 1 WHERE points_left = 10",
    "lot: held": "UPDATE lot SET points_held = points_held + 1 WHERE points_left = 10",
    "lot: earned": "UPDATE lot SET points = points + 1",
    "lot: moved from one to another": "UPDATE lot SET points_left = points_left"
    " + (CASE points_left WHEN 10 THEN -3 ELSE 3 END) WHERE points_left > 0",
    "lot: usable from": "UPDATE lot SET available_from = '2020-01-01'",
    "lot: expiry": "UPDATE lot SET expires_on = '2099-12-31'",
    "lot: no expiry": "UPDATE lot SET expires_on = NULL",
    "lot: gone": "DELETE FROM lot WHERE points_left = 0",
    "lot: made up": f"INSERT INTO lot SELECT {NEW_LOT} FROM lot LIMIT 1",
    "lot: of another customer": "UPDATE lot SET customer_id = (SELECT id FROM customer WHERE visits = 0)",
    "card: state": "UPDATE card SET state = 'active'",
    "card: customer": "UPDATE card SET customer_id = (SELECT id FROM customer WHERE visits = 0)",
    "card: gone": "DELETE FROM card",
    "card: made up": "INSERT INTO card SELECT '2900000000025', customer_id, 'active', NULL FROM card",
    "sale: total": "UPDATE sale SET total_minor = 1 WHERE number = 1",
    "sale: taken off": "UPDATE sale SET taken_off_minor = 1 WHERE number = 1",
    "sale: redeemed": "UPDATE sale SET redeemed = redeemed + 1",
    "sale: earned": "UPDATE sale SET earned = earned + 1",
    "sale: voided": "UPDATE sale SET voided = 1 - voided WHERE number = 3",
    "sale: number": "UPDATE sale SET number = 9 WHERE number = 3",
    "sale: time": "UPDATE sale SET at_ms = at_ms + 1",
    "sale: operator": "UPDATE sale SET operator = 'c-2'",
    "sale: channel": "UPDATE sale SET channel = 'site'",
    "sale: gone": "DELETE FROM sale WHERE number = 2",
}


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS.keys())
def test_every_tampering_is_found(sold: Till, tampering: str) -> None:
    ledger = sold.ledger
    for statement in (UNLOCK + tampering).split(";"):
        ledger.connection.execute(statement)
    schema = opening.expected_schema()
    for trigger in ("journal_never_changed", "journal_never_deleted", "journal_gap_free"):
        ledger.connection.execute(schema[trigger])
    ledger.close()
    with open_ledger(ledger.path, KEY) as changed:
        found = verify_ledger(changed)
    assert not found.ok
    assert len(found.faults) < 50


def test_a_break_of_the_chain_is_named_by_its_place(sold: Till) -> None:
    sold.ledger.connection.execute("DROP TRIGGER journal_never_changed")
    sold.ledger.connection.execute("UPDATE journal SET points = 1 WHERE seq = 4")
    found = verify_ledger(sold.ledger)
    assert found.entries == 3
    assert next(fault.text.format(**dict(fault.values)) for fault in found.faults) == "The chain breaks at entry 4."


@pytest.mark.parametrize("payload", ["no JSON", "[]", '{"lot": 5}', '{"moves": [["nowhere", 3]]}', '{"moves": 3}'])
def test_an_entry_that_was_chained_again_but_says_nonsense_is_found(sold: Till, payload: str) -> None:
    """Somebody with the key can compute hashes; the views must still follow from the entries."""
    ledger = sold.ledger
    last = ledger.entries(limit=1000)[-1]
    draft = draft_of(last)
    forged = chain(
        ledger.terminal_id,
        last.seq,
        type(draft)("forged", "earn", draft.at_ms, "c-1", 3, None, None, payload),
        last.prev_hash,
    )
    for trigger in ("journal_never_changed", "journal_gap_free"):
        ledger.connection.execute(f"DROP TRIGGER {trigger}")
    ledger.connection.execute(
        "UPDATE journal SET id = ?, kind = ?, points = 3, customer_id = NULL, payload = ?, hash = ? WHERE seq = ?",
        (forged.id, forged.kind, payload, forged.hash, last.seq),
    )
    found = verify_ledger(ledger)
    assert any(fault.text.startswith("Entry {seq} can't be applied") for fault in found.faults)


def test_one_changed_bit_on_any_page_is_found(sold: Till, tmp_path: Path) -> None:
    sold.ledger.close()
    content = sold.ledger.path.read_bytes()
    pages = len(content) // 4096
    assert pages > 20
    missed = []
    for page in range(pages):
        damaged = bytearray(content)
        damaged[page * 4096 + 2000] ^= 1
        path = tmp_path / f"page-{page}"
        path.write_bytes(damaged)
        if passes(path):
            missed.append(page)
    assert missed == []


def passes(path: Path) -> bool:
    """Tell whether a ledger opens and verifies; a page that is needed to open it is refused there.

    Damage on the first page can't be told from a wrong key.
    """
    try:
        with open_ledger(path, KEY) as ledger:
            found = verify_ledger(ledger)
    except (LedgerDamaged, WrongKey):
        return False
    return found.ok


def test_a_file_cut_off_is_found(sold: Till, tmp_path: Path) -> None:
    sold.ledger.close()
    content = sold.ledger.path.read_bytes()
    path = tmp_path / "cut"
    path.write_bytes(content[: len(content) // 2 // 4096 * 4096])
    assert not passes(path)
