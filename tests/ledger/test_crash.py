"""Power loss: a till killed at any moment of a sale comes back with the whole sale or with none of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from terminal.ledger import open_ledger
from terminal.ledger.customers import open_lots, totals
from terminal.ledger.queues import prints_of_sale
from terminal.ledger.sales import last_sale
from terminal.ledger.verify import verify_ledger
from tests.ledger.crash_child import RANDOM_KILLS
from tests.shop import KEY, Clock, journal_kinds, new_ledger, new_till, register, sell

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def before(ledger_path: Path) -> tuple[Path, str]:
    """A durable ledger with a customer who has 30 points, closed; and the customer's id."""
    with new_ledger(ledger_path, durable=True) as ledger:
        till = new_till(ledger, Clock())
        customer_id = register(till)
        sell(till, customer_id, 300_00)
    return ledger_path, customer_id


def state(path: Path, customer_id: str) -> str:
    """Say whether the sale is there, after checking that all of it is or none."""
    with open_ledger(path, KEY) as ledger:
        assert verify_ledger(ledger).ok
        found, sale = totals(ledger, customer_id), last_sale(ledger)
        assert found is not None
        assert sale is not None
        lots = sorted(lot.left for lot in open_lots(ledger, customer_id))
        seen = (
            journal_kinds(ledger)[3:],
            found.points,
            found.visits,
            sale.number,
            lots,
            len(prints_of_sale(ledger, sale.id)),
        )
    none: tuple[object, ...] = ([], 30, 1, 1, [30], 1)
    whole: tuple[object, ...] = (["sale", "redeem", "earn"], 2, 2, 2, [2], 1)
    assert seen in (none, whole)
    return "whole" if seen == whole else "none"


def test_a_sale_is_whole_or_not_there_wherever_the_till_was_killed(
    before: tuple[Path, str], tmp_path: Path
) -> None:
    ledger, customer_id = before
    folder = tmp_path / "killed"
    folder.mkdir()
    command = [sys.executable, "-m", "tests.ledger.crash_child", str(ledger), str(folder), customer_id]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found: list[tuple[str, bool, bool]] = json.loads(done.stdout)

    states = {name: state(folder / name, customer_id) for name, _, _ in found}
    after = [(killed, confirmed, states[name]) for name, killed, confirmed in found if name.startswith("after-")]
    assert len(after) > 10, "a sale has more statements than that"
    assert after[:-2] == [(True, False, "none")] * (len(after) - 2)
    assert after[-2:] == [(True, False, "whole"), (False, True, "whole")], "the commit is the last statement"

    moments = [(confirmed, states[name]) for name, _, confirmed in found if name.startswith("moment-")]
    assert len(moments) == RANDOM_KILLS
    assert (True, "none") not in moments, "a confirmed sale was lost"
