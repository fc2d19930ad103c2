"""The counter: the one screen a cashier works on, from the scan to the slip."""

from textual import on, work
from textual.widgets import Input

from terminal import desk
from terminal.desk import NO_SUM, Approval, Checkout, CodesAsked, Held, Profile, Unknown
from terminal.devices.scan import CardScan, PhoneScan, ProductScan, RefusedScan, classify
from terminal.ledger import LedgerError
from terminal.ledger.shop import Operator
from terminal.rules.bill import Bill
from terminal.rules.money import read_amount
from terminal.rules.phrase import Refused, phrase
from terminal.rules.quote import ALL, Quote
from terminal.rules.slip_code import read_slip_code
from terminal.rules.watch import Flagged
from terminal.screens.counter_finding import FINISH_FIRST, CounterFinding
from terminal.screens.customer_menu import CustomerMenu
from terminal.screens.customer_pane import CustomerPane
from terminal.screens.held_bills import HeldBills
from terminal.screens.messages import LedgerFailed, SaleBooked, SaleVoided, Scanned, SiteAnswered
from terminal.screens.new_customer import RegisterCustomer
from terminal.screens.pin_question import PinQuestion
from terminal.screens.sales_list import SalesList
from terminal.screens.scan_words import SCAN_REFUSALS
from terminal.screens.session import Session
from terminal.screens.stages import DonePane, IdlePane, TakeOffPane
from terminal.screens.till_status import TillStatus
from terminal.screens.touch import Touch


class Counter(CounterFinding):
    """A scan starts the next customer from every stage but one: a sum that waits for the register."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._checkout: Checkout | None = None
        self._last_sale_id = ""
        self._last_name = ""
        self._booking = False

    def on_mount(self) -> None:
        """Start with nobody at the counter."""
        self._next_customer()
        if self.session.till.clock_is_back():
            self.tell("warn", phrase("This machine's clock is behind the last sale. Set it right."))

    def _next_customer(self) -> None:
        self._clear()
        self.note_hints()
        self.show_stage("idle")

    def note_hints(self) -> None:
        """Say, where nobody is served, what is put aside and what may be done."""
        held = len(desk.held(self.session.till))
        notes = [phrase("Bills put aside: {number}", number=held)] if held else []
        notes += self.session.hints
        self.query_one(IdlePane).note("\n".join(self.words.say(note) for note in notes))

    def _clear(self) -> None:
        self.leave_codes(self._checkout, None)
        self._checkout, self.unknown = None, None
        for name in ("#search", "#amount", "#redeem"):
            self.query_one(name, Input).value = ""

    # --- the bill ------------------------------------------------------------------------------------

    def serve(self, customer_id: str, bill: Bill | None = None) -> None:
        """Begin a customer's checkout, with a bill that was put aside if there was one."""
        begun = desk.begin_checkout(self.session.till, customer_id, *([bill] if bill else []))
        if isinstance(begun, Refused):
            self.refuse(begun)
            return
        self._clear()
        self._checkout = begun
        self._hide_part()
        pane = self.query_one(CustomerPane)
        pane.show_customer(begun.profile)
        pane.offer_advantages(begun.has_advantages)
        self.show_stage("customer")
        self.tell("info", phrase("Type the bill's sum, or scan the goods."))
        self.show_bill(begun)
        self.ask_points(begun.profile)

    def on_site_answered(self, message: SiteAnswered) -> None:
        """Serve whom the site knows, or show the points that came, if the counter still is where it asked."""
        match message.asked, message.answer:
            case Unknown() as asked, answer if asked is self.unknown and self._checkout is None:
                if answer.customer_id:
                    self.serve(answer.customer_id)
                else:
                    self.say_nobody(answer.heard)
            case Profile() as asked, answer if answer.heard and self.stage == "customer" and self._checkout:
                if asked.person.customer_id == self._checkout.customer_id:
                    self._checkout.refresh()
                    self.query_one(CustomerPane).show_customer(self._checkout.profile)
                    self.show_bill(self._checkout)
            case CodesAsked() as asked, answer if asked.checkout is self._checkout:
                self.codes_came(asked, answer.heard)

    def show_bill(self, checkout: Checkout) -> None:
        """Show the bill and its quote, and ask the site for what the quote lacks."""
        if checkout.bill.lines:
            total, box = checkout.bill.total_minor, self.query_one("#amount", Input)
            if read_amount(box.value) != total:
                box.value = f"{total // 100},{total % 100:02d}"
            box.cursor_position = len(box.value)
        pane = self.query_one(CustomerPane)
        pane.show_bill(checkout.profile, checkout.bill)
        pane.show_quote(checkout.requote())
        self.scan_goods(checkout.scanned)
        self.ask_codes(checkout)

    @on(Input.Changed, "#amount")
    def _read_total(self) -> None:
        """Make the bill what stands in the box now: a key or a scan may be ahead of the message about the last."""
        checkout, typed = self._checkout, self.query_one("#amount", Input).value
        if checkout is None or read_amount(typed) == checkout.bill.total_minor:
            return
        pane = self.query_one(CustomerPane)
        pane.show_quote(checkout.type_total(typed))
        pane.show_bill(checkout.profile, checkout.bill)
        self.scan_goods(checkout.scanned)
        self.ask_codes(checkout)

    @on(Input.Submitted, "#amount")
    def action_take_none(self) -> None:
        """Sell without taking bonuses off; the bill earns."""
        self._take(0)

    def action_take_all(self) -> None:
        """Take off as much as the bill takes."""
        self._take(ALL)

    def action_take_part(self) -> None:
        """Ask how many bonuses to take, with the most shown; pressed again, take what was typed."""
        if self.stage != "customer" or self._checkout is None:
            return
        box = self.query_one("#redeem", Input)
        if box.display and box.value:
            self._take_part(box.value)
            return
        self._read_total()
        quote = self._checkout.quote
        if quote is None:
            self.refuse(NO_SUM)
            return
        most = self.words.points_number(quote.max_redeem_points)
        box.placeholder = self.words.say(phrase("up to {number}", number=most))
        box.display = True
        box.focus()
        self.tell("info", phrase("Type how many bonuses to take, then Enter."))

    def _hide_part(self) -> None:
        box = self.query_one("#redeem", Input)
        box.display, box.value = False, ""

    @on(Input.Submitted, "#redeem")
    def _part_typed(self, event: Input.Submitted) -> None:
        self._take_part(event.value)

    def _take_part(self, typed: str) -> None:
        points = read_amount(typed, self.words.points_decimals, zero_allowed=True)
        if isinstance(points, Refused):
            self.refuse(Refused(phrase("Type how many bonuses to take, 0 or more."), "redeem"))
        else:
            self._take(points)

    def _take(self, redeem: int) -> None:
        if self.stage != "customer" or self._checkout is None:
            return
        self._read_total()
        typed = self.query_one("#amount", Input).value
        shown = self._checkout.requote(redeem)
        if shown is None:
            wrong = read_amount(typed) if typed.strip() else NO_SUM
            self.refuse(wrong if isinstance(wrong, Refused) else NO_SUM)
        elif isinstance(shown, Refused):
            self._checkout.requote()
            self.refuse(shown)
        else:
            self.query_one(TakeOffPane).show(shown, self._checkout.profile.person.name)
            self.show_stage("take-off")
            self.tell("info", phrase("When it is done on the register, confirm here."))

    # --- confirming and voiding -------------------------------------------------------------------------

    def action_confirm(self) -> None:
        """The register has done it: book the sale."""
        checkout = self._checkout
        if self.stage == "take-off" and checkout is not None and checkout.quote is not None and not self._booking:
            self._booking = True
            self.query_one("#confirm", Touch).disabled = True
            self._book(checkout, checkout.quote, checkout.bill, self.session.by)

    @work(thread=True, exclusive=True, group="ledger")
    def _book(
        self, checkout: Checkout, quote: Quote, bill: Bill, by: Operator, approval: Approval | None = None
    ) -> None:
        try:
            outcome = desk.complete(checkout.till, quote, bill, by, approval=approval)
            self.post_message(SaleBooked(outcome, checkout))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_sale_booked(self, message: SaleBooked) -> None:
        """Show what was booked, or why nothing was."""
        self._booking_over()
        checkout = message.checkout
        # Somebody else may have unlocked the till meanwhile, and have begun a sale of their own.
        in_front = self._checkout is checkout
        match message.outcome:
            case Refused() if not in_front:
                self.refuse(message.outcome)
            case Flagged(hits=hits):
                ask = PinQuestion(self.session, hits)
                self.app.push_screen(ask, lambda approval: self._let_pass(checkout, approval))
            case Refused():
                checkout.refresh()
                self.query_one(CustomerPane).show_customer(checkout.profile)
                self.show_stage("customer")
                self.show_bill(checkout)
                self.refuse(message.outcome)
            case done:
                self.session.wake_printer()
                if in_front or self._checkout is None:
                    name = checkout.profile.person.name
                    self._next_customer()
                    self._last_sale_id, self._last_name = done.sale.id, name
                    self.query_one(DonePane).show(done, name)
                    self.show_stage("done")
                self.tell("done", phrase("Sale No. {number} is booked", number=done.sale.number))

    def _let_pass(self, checkout: Checkout, approval: Approval | None) -> None:
        if approval is None or self._checkout is not checkout or checkout.quote is None:
            self.tell("warn", phrase("Nothing is booked. A manager has to let it pass, or go back with Esc."))
        elif not self._booking:
            self._booking = True
            self._book(checkout, checkout.quote, checkout.bill, self.session.by, approval)

    def action_void(self) -> None:
        """The register failed after all: take the last sale back."""
        if self.stage == "done" and self._last_sale_id:
            self._void(self._last_sale_id)

    @work(thread=True, exclusive=True, group="ledger")
    def _void(self, sale_id: str) -> None:
        try:
            self.post_message(SaleVoided(desk.void(self.session.till, sale_id, self.session.by)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_sale_voided(self, message: SaleVoided) -> None:
        """Show that the sale is taken back, or why not."""
        match message.outcome:
            case Refused():
                self.refuse(message.outcome)
            case done:
                self.session.wake_printer()
                self._last_sale_id = ""
                self.query_one(DonePane).show_voided(done.sale.number, self._last_name, done.balance)
                self.query_one("#void", Touch).display = False
                self.tell("done", phrase("Sale No. {number} is voided", number=done.sale.number))

    def on_ledger_failed(self, message: LedgerFailed) -> None:
        """Nothing was booked; the same press may try again."""
        self._booking_over()
        super().on_ledger_failed(message)

    def _booking_over(self) -> None:
        self._booking = False
        confirm = self.query_one("#confirm", Touch)
        confirm.disabled = False
        if self.stage == "take-off":
            self.set_focus(confirm)  # it was lost with being disabled, and Enter must find it

    # --- scans ------------------------------------------------------------------------------------------

    def on_scanned(self, message: Scanned) -> None:
        """A scan, wherever the focus is: a card or phone finds, goods go on the bill."""
        message.stop()
        if self.stage == "take-off":
            self.refuse(FINISH_FIRST)
            return
        if read_slip_code(message.scan.text) is not None:
            self.scan_slip(message.scan.text)
            return
        match classify(message.scan, self.session.cards):
            case CardScan(found) | PhoneScan(found):
                self.find(found)
            case ProductScan(barcode):
                self._scan_goods(barcode)
            case RefusedScan(reason):
                self.refuse(Refused(SCAN_REFUSALS[reason]))

    def _scan_goods(self, barcode: str) -> None:
        if self._checkout is None:
            self.refuse(Refused(phrase("These are goods. Scan the customer's card first.")))
            return
        name = self._checkout.scan(barcode)
        if isinstance(name, Refused):
            self.refuse(name)
            return
        self.show_bill(self._checkout)
        self.tell("info", phrase("Added: {name}", name=name))

    # --- other doors ------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """One step back: from the register to the bill, from the bill to nobody."""
        if self._booking:
            return
        if self.stage == "take-off" and self._checkout is not None:
            self._hide_part()
            self.show_stage("customer")
            self.show_bill(self._checkout)
            self.tell("info", phrase("Type the bill's sum, or scan the goods."))
        else:
            self._next_customer()
            self.tell("info", "")

    def action_new_customer(self) -> None:
        """Register a customer; what was searched for is filled in."""
        if self.stage == "take-off":
            return
        phone, card = (self.unknown.phone, self.unknown.card) if self.unknown else ("", "")
        self.app.push_screen(RegisterCustomer(self.session, phone, card), self._registered)

    def _registered(self, customer_id: str | None) -> None:
        if customer_id is not None:
            self.serve(customer_id)
            self.tell("done", phrase("Registered. Now the bill."))

    def action_advantages(self) -> None:
        """Take rewards for bonuses, or use a promo code."""
        if self.stage != "customer" or self._checkout is None:
            return
        self._read_total()
        if self._checkout.quote is None:
            self.refuse(NO_SUM)
        else:
            self.choose_advantages(self._checkout, self._advantages_left)

    def _advantages_left(self) -> None:
        if self._checkout is not None and self.stage == "customer":
            self.show_bill(self._checkout)

    def action_held_bills(self) -> None:
        """Choose a bill that was put aside."""
        if self._checkout is None:
            self.app.push_screen(HeldBills(self.session), self._resumed)

    def _resumed(self, held: Held | None) -> None:
        if held is not None and held.customer_id is not None:
            self.serve(held.customer_id, held.bill)

    def action_hold(self) -> None:
        """Put the bill aside and take the next customer."""
        if self.stage != "customer" or self._checkout is None:
            return
        self._read_total()
        checkout = self._checkout
        with self.asking_ledger():
            held = desk.hold(checkout.till, checkout.bill, checkout.customer_id, self.session.by)
            if isinstance(held, Refused):
                self.refuse(held)
                return
            self._next_customer()
            self.tell("done", phrase("The bill is put aside. F3 brings it back."))

    def action_sales(self) -> None:
        """The till's last sales: look, print again, void."""
        if self._checkout is None:
            self.app.push_screen(SalesList(self.session))

    def action_more(self) -> None:
        """More about this customer, or about this till when there is none."""
        if self._checkout is None:
            self.app.push_screen(TillStatus(self.session))
        elif self.stage == "customer":
            menu = CustomerMenu(self.session, self._checkout.customer_id)
            self.app.push_screen(menu, self._customer_changed)

    def order_left(self, left: None) -> None:
        """Read the customer again: the order may have held or freed bonuses, or earned."""
        if self._checkout is not None and self.stage == "customer":
            self._customer_changed(None)
            self.show_bill(self._checkout)

    def _customer_changed(self, left: str | None) -> None:
        if self._checkout is not None:
            self._checkout.refresh()
            self.query_one(CustomerPane).show_customer(self._checkout.profile)

    def forget(self) -> None:
        """Begin anew, for another cashier or another ledger."""
        self._last_sale_id = ""
        self._next_customer()
        self.refresh_top()
        self.tell("info", "")
