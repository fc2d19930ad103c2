"""A customer's history says every kind of entry in words."""

import re
from pathlib import Path

import terminal.desk
from terminal import desk
from terminal.desk import Till
from terminal.desk.history import SAID
from terminal.desk.order_making import OrderMaking
from tests.shop import MANAGER

_OF_THE_TILL = {"day_open", "day_close"}
_DRAFTED = re.compile(r'\bdraft\(\s*"([a-z_]+)"')


def test_every_kind_that_a_customer_can_have_is_said_in_words() -> None:
    folder = Path(terminal.desk.__file__).parent
    kinds = {
        kind for module in folder.glob("*.py") for kind in _DRAFTED.findall(module.read_text(encoding="utf-8"))
    }
    assert {"sale", "order", "earn", "day_close"} <= kinds
    assert kinds - _OF_THE_TILL - set(SAID) == set()


def test_an_order_is_called_an_order(till: Till, customer: str) -> None:
    made = OrderMaking(till, lambda: MANAGER, 48)
    made.serve(customer)
    made.add_line("Пакет", "3,50")
    made.go_on()
    made.go_on()
    made.hold(0)
    assert desk.history(till, customer, 1)[0].words.text == "Order"
