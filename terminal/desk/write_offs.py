"""Do write-offs really work? Orders that somebody lists, each held against the journal of this till."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from terminal.desk.orders import owed_by_number
from terminal.desk.till import Till
from terminal.ledger import customers as ledger_customers
from terminal.ledger import orders as ledger_orders
from terminal.ledger.audit import merged_into
from terminal.ledger.contact import SEEN_MS
from terminal.ledger.orders import Order
from terminal.ledger.site_sales import SiteSale, site_sales_of
from terminal.ledger.write_offs import anything_told, count_made, history_of, made_between
from terminal.rules.card import read_card
from terminal.rules.conditions import Channel
from terminal.rules.phone import read_phone
from terminal.rules.phrase import Refused, phrase
from terminal.rules.programme import Programme
from terminal.rules.reporting import Period
from terminal.rules.verdict import Books, Cause, Checked, ListedOrder, ToldSale, Verdict
from terminal.rules.write_offs import check_order, check_told, is_known, not_found, not_told, with_money_owed

_KEPT = 64
_MOST_SALES = 10_000


def check_orders(till: Till, orders: Iterable[ListedOrder]) -> Iterator[Checked]:
    """Check orders one by one, as they come; nothing is written."""
    checking = _Checking(till)
    for order in orders:
        found = checking.check(order)
        if found is not None:
            yield found


def orders_made(till: Till, period: Period) -> Iterator[ListedOrder]:
    """List every sale and order that this till knows of these days, customer by customer."""
    from_ms, to_ms = _times(till, period)
    for line, made in enumerate(made_between(till.ledger, from_ms, to_ms), 1):
        channel: Channel = "site" if made.channel == "site" else "manager" if made.channel == "manager" else "store"
        yield ListedOrder(
            line,
            made.number,
            channel,
            made.customer_id,
            made.total_minor,
            till.day_of(made.at_ms),
            sale_id=made.sale_id,
        )


def count_orders_made(till: Till, period: Period) -> int:
    """Count about how many `orders_made` lists."""
    return count_made(till.ledger, *_times(till, period))


def _times(till: Till, period: Period) -> tuple[int, int]:
    return till.start_ms(period.first), till.start_ms(period.last + timedelta(days=1))


class _Checking:
    """One run over a list: the last customers' books, and which sales stand for an order already."""

    def __init__(self, till: Till) -> None:
        self._till = till
        self._books: OrderedDict[str, Books] = OrderedDict()
        self._used: set[str] = set()
        heard = till.ledger.fact(SEEN_MS)
        self._heard = till.day_of(int(heard)) if heard else date.min
        self._told_any = anything_told(till.ledger)
        self._owed = owed_by_number(till)
        self._programmes: dict[date, Programme | Refused] = {}

    def check(self, order: ListedOrder) -> Checked | None:
        """Check one order; None when its sale was another order's already, in the till's own list."""
        if order.sale_id and order.sale_id in self._used:
            return None
        customer_id = merged_into(self._till.ledger, order.who) if order.sale_id else self._customer_of(order.who)
        if customer_id is None:
            return not_found(order)
        checked = self._with_money(self._check(order, customer_id))
        self._used.update(checked.sale_ids)
        return checked

    def _check(self, order: ListedOrder, customer_id: str) -> Checked:
        programme = self._programme(order.on)
        if isinstance(programme, Refused):
            why = phrase("No programme was in force then.")
            return Checked(order, Verdict.OUTSIDE, Cause.NO_PROGRAMME, why, customer_id)
        gone_on = ledger_orders.went_on_elsewhere(self._till.ledger, order.number) if self._told_any else None
        if gone_on is not None and gone_on.customer_id == customer_id:
            return check_told(order, customer_id, _as_told(gone_on))
        books = self._books_of(customer_id)
        if (self._told_any or order.channel == "site") and not is_known(order, books, self._used):
            told = self._told(order, customer_id)
            if told is not None:
                return check_told(order, customer_id, told)
            if order.channel == "site" and self._heard <= order.on:
                return not_told(order, customer_id)
        return check_order(order, books, programme, self._used)

    def _with_money(self, checked: Checked) -> Checked:
        numbers = (checked.order.number, *checked.sale_ids)
        return with_money_owed(checked, next((self._owed[one] for one in numbers if one in self._owed), 0))

    def _programme(self, on: date) -> Programme | Refused:
        if on not in self._programmes:
            self._programmes[on] = self._till.programme(on)
        return self._programmes[on]

    def _books_of(self, customer_id: str) -> Books:
        books = self._books.get(customer_id)
        if books is None:
            books = self._books[customer_id] = self._read(customer_id)
            if len(self._books) > _KEPT:
                self._books.popitem(last=False)
        return books

    def _read(self, customer_id: str) -> Books:
        """What the balance holds beyond own entries and told sales came from elsewhere, as it was at first."""
        till = self._till
        entries = history_of(till.ledger, customer_id)
        totals = ledger_customers.totals(till.ledger, customer_id)
        if totals is None:
            return Books(customer_id, entries, till.day_of, till.now_ms())
        held_here = {
            entry.sale_id for entry in entries if entry.kind == "redeem"
        }  # for orders that others were paid
        told = [
            (one.sale.at_ms, one.sale.earned - (0 if one.sale.id in held_here else one.sale.redeemed))
            for one in self._sales_told(customer_id)
        ]
        rest = totals.points - sum(entry.points for entry in entries) - sum(points for _, points in told)
        elsewhere = [(totals.registered_ms, rest), *told] if rest else told
        return Books(customer_id, entries, till.day_of, till.now_ms(), totals.registered_ms, elsewhere)

    def _sales_told(self, customer_id: str) -> list[SiteSale]:
        found = site_sales_of(self._till.ledger, customer_id, _MOST_SALES) if self._told_any else []
        return [one for one in found if not one.sale.voided]

    def _told(self, order: ListedOrder, customer_id: str) -> ToldSale | None:
        known = ledger_orders.order(self._till.ledger, order.number) if order.number else None
        if known is not None and known.customer_id == customer_id:
            return _as_told(known)
        for one in self._sales_told(customer_id):
            if f"{one.terminal_id}-{one.sale.number}" == order.number:
                return ToldSale(one.sale.total_minor, one.sale.taken_off_minor, one.sale.redeemed)
        return None

    def _customer_of(self, who: str) -> str | None:
        ledger = self._till.ledger
        number = read_card(who)
        card = ledger_customers.card(ledger, number) if isinstance(number, str) else None
        if card is not None:
            return merged_into(ledger, card.customer_id)
        phone = read_phone(who, self._till.shop.country)
        person = ledger_customers.person_by_phone(ledger, phone) if isinstance(phone, str) else None
        return person.customer_id if person else None


def _as_told(known: Order) -> ToldSale:
    record = known.record
    return ToldSale(record.total_minor, record.taken_off_minor, record.redeemed, known.state)
