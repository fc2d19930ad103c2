"""What people do at the till, one short function each. Callers say `desk.complete(...)`."""

from terminal.desk.actions import act
from terminal.desk.audit import AuditLine, audit
from terminal.desk.bills import Held, add_product, held, hold, remove_line, resume
from terminal.desk.cards import bind_card, block_card, card_owner, cards, replace_card, replace_lost_card
from terminal.desk.checkout import NO_SUM, Checkout, CodesAsked, begin_checkout
from terminal.desk.corrections import REASONS, MergeShown, adjust, give, merge, show_merge
from terminal.desk.customers import (
    Match,
    NewCustomer,
    Profile,
    Unknown,
    change_note,
    change_phone,
    find,
    profile,
    register,
)
from terminal.desk.gifts import open_account
from terminal.desk.history import Happened, history, recent_sales
from terminal.desk.importing import BadRow, Imported, ImportRow, import_customers
from terminal.desk.memberships import join
from terminal.desk.night import expire
from terminal.desk.publishing import publish_programme
from terminal.desk.quotes import quote
from terminal.desk.referrals import refer
from terminal.desk.refunds import RefundDone, RefundShown, refund, show_refund
from terminal.desk.sales import Channel, Completed, Voided, complete, last_sale, print_balance, reprint, void
from terminal.desk.site import PATIENCE_S, SiteAnswer, SiteState, ask_points, ask_who, site_state, wait_for_answer
from terminal.desk.sold import SoldBill, bills_of_customer, find_bills, refunded_minor
from terminal.desk.staff import add_operator, change_pin, locked_for_s, operators, remove_operator, unlock
from terminal.desk.state import TillState, name_of, state
from terminal.desk.till import Shop, Till
from terminal.desk.training import training_till
from terminal.desk.waiting import Waiting, drop_slip, print_again, slip_of, slips_in_doubt, waiting_slips
from terminal.desk.watching import Approval, approve, approvers
from terminal.ledger.shop import Operator

__all__ = [
    "NO_SUM",
    "PATIENCE_S",
    "REASONS",
    "Approval",
    "AuditLine",
    "BadRow",
    "Channel",
    "Checkout",
    "CodesAsked",
    "Completed",
    "Happened",
    "Held",
    "ImportRow",
    "Imported",
    "Match",
    "MergeShown",
    "NewCustomer",
    "Operator",
    "Profile",
    "RefundDone",
    "RefundShown",
    "Shop",
    "SiteAnswer",
    "SiteState",
    "SoldBill",
    "Till",
    "TillState",
    "Unknown",
    "Voided",
    "Waiting",
    "act",
    "add_operator",
    "add_product",
    "adjust",
    "approve",
    "approvers",
    "ask_points",
    "ask_who",
    "audit",
    "begin_checkout",
    "bills_of_customer",
    "bind_card",
    "block_card",
    "card_owner",
    "cards",
    "change_note",
    "change_phone",
    "change_pin",
    "complete",
    "drop_slip",
    "expire",
    "find",
    "find_bills",
    "give",
    "held",
    "history",
    "hold",
    "import_customers",
    "join",
    "last_sale",
    "locked_for_s",
    "merge",
    "name_of",
    "open_account",
    "operators",
    "print_again",
    "print_balance",
    "profile",
    "publish_programme",
    "quote",
    "recent_sales",
    "refer",
    "refund",
    "refunded_minor",
    "register",
    "remove_line",
    "remove_operator",
    "replace_card",
    "replace_lost_card",
    "reprint",
    "resume",
    "show_merge",
    "show_refund",
    "site_state",
    "slip_of",
    "slips_in_doubt",
    "state",
    "training_till",
    "unlock",
    "void",
    "wait_for_answer",
    "waiting_slips",
]
