"""Training: a scratch till with the shop's programme, goods and staff, and customers who do not exist."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from terminal.desk.till import Till
from terminal.ledger import shop as ledger_shop
from terminal.ledger.key import KEY_BYTES
from terminal.ledger.opening import create_ledger

CUSTOMERS = 18
_LONG_AGO = date(2000, 1, 1)


def training_till(till: Till, folder: Path) -> Till:
    """Return a till on a new ledger in `folder`; nothing done with it reaches the shop's ledger.

    Its customers have the phones 067 555 00 01 to 00 18 and have shopped before. The caller closes its ledger.
    """
    from terminal.desk.demo_shop import invite_customers  # late: a till starts without it

    ledger = create_ledger(
        folder / "training.db",
        till.chance.randbytes(KEY_BYTES),
        f"{till.ledger.terminal_id}-training",
        durable=False,
    )
    training = replace(till, ledger=ledger, training=True, watch=None)
    with ledger.atomic():
        # The invented customers shopped last year: the programme of today is taken to have been in force then.
        found = ledger_shop.programme_in_force(till.ledger, till.today())
        if found is not None:
            ledger_shop.publish(ledger, found[0], _LONG_AGO, found[1], 0)
        ledger_shop.copy_goods_and_staff(till.ledger, ledger)
    if found is not None:
        invite_customers(training, CUSTOMERS, Random(1))
    training.watch = till.watch  # only now: the invented customers bought more than a manager would let pass
    return training
