"""What people do at the till, one short function each. Callers say `desk.complete(...)`."""

from terminal.desk.bills import Held, add_product, held, hold, remove_line, resume
from terminal.desk.cards import bind_card, block_card, cards, replace_card
from terminal.desk.customers import (
    Match,
    NewCustomer,
    Profile,
    Unknown,
    change_phone,
    find,
    profile,
    register,
)
from terminal.desk.history import Happened, history, recent_sales
from terminal.desk.night import expire
from terminal.desk.publishing import publish_programme
from terminal.desk.quotes import quote
from terminal.desk.sales import Completed, Voided, complete, last_sale, print_balance, reprint, void
from terminal.desk.staff import add_operator, locked_for_s, operators, unlock
from terminal.desk.till import Shop, Till

__all__ = [
    "Completed",
    "Happened",
    "Held",
    "Match",
    "NewCustomer",
    "Profile",
    "Shop",
    "Till",
    "Unknown",
    "Voided",
    "add_operator",
    "add_product",
    "bind_card",
    "block_card",
    "cards",
    "change_phone",
    "complete",
    "expire",
    "find",
    "held",
    "history",
    "hold",
    "last_sale",
    "locked_for_s",
    "operators",
    "print_balance",
    "profile",
    "publish_programme",
    "quote",
    "recent_sales",
    "register",
    "remove_line",
    "replace_card",
    "reprint",
    "resume",
    "unlock",
    "void",
]
