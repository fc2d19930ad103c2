"""An order while a manager makes it: one step after another, each kept before the next one is shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from msgspec import structs

from terminal.desk import order_drafts, orders
from terminal.desk.bills import add_product, change_pieces, remove_line
from terminal.desk.checkout import Checkout, begin_checkout
from terminal.desk.order_drafts import OrderDraft, OrderStep
from terminal.desk.orders import Placed
from terminal.desk.till import Till
from terminal.ledger import orders as ledger_orders
from terminal.ledger.orders import Order
from terminal.ledger.shop import Operator, Product, products_named
from terminal.rules.bill import Bill, Line
from terminal.rules.money import read_amount
from terminal.rules.phrase import Refused, phrase
from terminal.rules.quote import Quote
from terminal.rules.text import safe_text

MOST_FOUND = 50
"""So many goods are listed of those that a name finds."""

NO_GOODS = Refused(phrase("An order needs goods. Scan them, find them by name, or write a line of your own."))
"""What is said when the goods' step is left without any."""


class OrderMaking:
    """The draft, who makes it, and, once there is a customer, their checkout with bill, codes and rewards.

    A step that is done is in the ledger before the next one is shown: what a power cut finds goes on from there.
    """

    def __init__(
        self, till: Till, by: Callable[[], Operator], hold_hours: int, draft: OrderDraft | None = None
    ) -> None:
        """Begin an order, or go on with one that was left; one whose bonuses were freed meanwhile holds none.

        `by` tells who works at the till now.
        """
        self.till, self._by, self._hold_hours = till, by, hold_hours
        self.draft = draft or order_drafts.begin_draft(till)
        self.checkout: Checkout | None = None
        self.freed = False
        if self.draft.customer_id:
            begun = begin_checkout(till, self.draft.customer_id, self.draft.bill)
            if isinstance(begun, Refused):
                self.draft = OrderDraft(self.draft.id, bill=self.draft.bill)
            else:
                self._use(begun)
        order = self.held()
        if self.draft.number and (order is None or order.state != "held"):
            self.freed = True
            self._keep(step="bonuses", number="")

    def _use(self, checkout: Checkout) -> None:
        checkout.channel = "manager"
        checkout.codes, checkout.claims = self.draft.codes, self.draft.claims
        self.checkout = checkout

    @property
    def step(self) -> OrderStep:
        """Where the order stands."""
        return self.draft.step

    @property
    def serving(self) -> Checkout:
        """The customer's checkout; there is one behind the first step."""
        assert self.checkout is not None, "no customer yet"
        return self.checkout

    # --- the customer -----------------------------------------------------------------------------------

    def serve(self, customer_id: str) -> Refused | None:
        """Make the order for a customer; what was entered before stays, but for another one's codes and rewards."""
        begun = begin_checkout(self.till, customer_id, self.draft.bill)
        if isinstance(begun, Refused):
            return begun
        theirs: dict[str, Any] = {} if customer_id == self.draft.customer_id else {"codes": (), "claims": ()}
        self._keep(step="goods", customer_id=customer_id, **theirs)
        self._use(begun)
        return None

    # --- the goods --------------------------------------------------------------------------------------

    def scan(self, barcode: str) -> str | Refused:
        """Add one piece of goods; return their name."""
        before = self.serving.bill
        bill = add_product(self.till, before, barcode)
        if isinstance(bill, Refused):
            return bill
        self._change(bill)
        return next(line.name for line in bill.lines if line not in before.lines)

    def find_goods(self, text: str) -> list[Product] | Refused:
        """Find goods of the catalogue by a part of their name, or by their number."""
        found = products_named(self.till.ledger, safe_text(text), MOST_FOUND)
        return found or Refused(phrase("No goods have that in their name. Try a shorter part of it."), "line")

    def add_line(self, name: str, price: str) -> Bill | Refused:
        """Add a line that is in no catalogue: a name and a price as it was typed."""
        wanted = safe_text(name)
        if not wanted:
            return Refused(phrase("Type what it is called."), "line")
        price_minor = read_amount(price)
        if isinstance(price_minor, Refused):
            return price_minor
        return self._change(Bill((*self.serving.bill.lines, Line(wanted, price_minor))))

    def more_pieces(self, place: int, more: int) -> Bill | Refused:
        """Add pieces to a line, or take some away; the last piece takes the line along."""
        return self._change(change_pieces(self.serving.bill, place, more))

    def drop_line(self, place: int) -> Bill:
        """Take a line off."""
        return self._change(remove_line(self.serving.bill, place))

    def _change(self, bill: Bill) -> Bill:
        self._keep(bill=bill)
        self.serving.bill = bill
        return bill

    # --- offers and bonuses -----------------------------------------------------------------------------

    def quote(self) -> Quote | Refused:
        """Quote the order without bonuses: what applies, what was left out, and the most that can be taken."""
        self.serving.refresh()
        return self.serving.requote() or NO_GOODS

    def keep_advantages(self) -> None:
        """Keep the codes and rewards that were chosen."""
        self._keep(codes=self.serving.codes, claims=self.serving.claims)

    def hold(self, redeem: int) -> Order | Refused:
        """Hold the bonuses (units; `ALL` for the most, 0 for none) and go on to what is paid, at once."""
        shown = self.serving.requote(redeem) or NO_GOODS
        if isinstance(shown, Refused):
            return shown
        with self._whole():
            held = orders.hold_order(self.till, shown, self.serving.bill, self._by(), self._hold_hours)
            if not isinstance(held, Refused):
                self._keep(step="payment", redeem=shown.redeem_points, number=held.number)
        self.serving.refresh()
        return held

    def held(self) -> Order | None:
        """The order whose bonuses are held for this draft."""
        return ledger_orders.order(self.till.ledger, self.draft.number) if self.draft.number else None

    def place(self) -> Placed | Refused:
        """The customer agrees: the order gets its slip, and the draft is done with."""
        with self.till.ledger.atomic():
            placed = orders.place_order(self.till, self.draft.number, self._by(), self._hold_hours)
            if not isinstance(placed, Refused):
                order_drafts.drop_draft(self.till, self.draft.id)
        return placed

    # --- the way ----------------------------------------------------------------------------------------

    def go_on(self) -> Refused | None:
        """From goods to offers, from offers to bonuses; the other steps go on by what is done in them."""
        assert self.step in ("goods", "offers"), self.step
        if not self.serving.bill.lines:
            return NO_GOODS
        shown = self.quote()
        if isinstance(shown, Refused):
            return shown
        self._keep(step="offers" if self.step == "goods" else "bonuses")
        return None

    def go_back(self) -> None:
        """One step back; from a step that holds bonuses, they are freed first."""
        before = order_drafts.STEPS[order_drafts.STEPS.index(self.step) - 1]
        with self._whole():
            self._free()
            self._keep(step=before, number="")

    def give_up(self) -> None:
        """Make no order after all: what it held is freed, and the draft is forgotten."""
        with self.till.ledger.atomic():
            self._free()
            order_drafts.drop_draft(self.till, self.draft.id)

    def _free(self) -> None:
        order = self.held()
        if order is not None and order.state == "held":
            orders.cancel_order(self.till, order.number, self._by(), "not made")

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """One transaction; where it fails, the draft in hand is again the one in the ledger."""
        before = self.draft
        try:
            with self.till.ledger.atomic():
                yield
        except BaseException:
            self.draft = before
            raise

    def _keep(self, **changes: Any) -> None:
        with self._whole():
            self.draft = structs.replace(self.draft, **changes)
            order_drafts.keep_draft(self.till, self.draft, self._by())
