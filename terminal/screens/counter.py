"""The counter: the one screen a cashier works on, from the scan to the slip."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.reactive import var
from textual.widgets import ContentSwitcher, Input, ListView

from terminal import desk
from terminal.desk import Held, Profile, Unknown
from terminal.devices.scan import CardScan, PhoneScan, ProductScan, RefusedScan, classify
from terminal.ledger import LedgerError
from terminal.rules.bill import Bill, bill_of_total
from terminal.rules.money import read_amount
from terminal.rules.phrase import Refused, phrase
from terminal.rules.quote import ALL, Quote
from terminal.rules.text import safe_text
from terminal.screens.base import TillScreen
from terminal.screens.customer_menu import CustomerMenu
from terminal.screens.customer_pane import CustomerPane
from terminal.screens.held_bills import HeldBills
from terminal.screens.help import Help
from terminal.screens.messages import DevicesChanged, LedgerFailed, SaleBooked, SaleVoided, Scanned
from terminal.screens.new_customer import RegisterCustomer
from terminal.screens.number_pad import NumberPad
from terminal.screens.paper import Paper
from terminal.screens.sales_list import SalesList
from terminal.screens.session import Session
from terminal.screens.stages import DonePane, IdlePane, MatchesPane, TakeOffPane
from terminal.screens.status_line import StatusLine
from terminal.screens.till_status import TillStatus
from terminal.screens.top_bar import TopBar
from terminal.screens.touch import Touch

_EMPTY = Bill(())
_WIDE = 110
_WIDE_FOR_PAPER = 130


class Counter(TillScreen):
    """Stages: idle, matches, customer, take-off, done. A scan starts the next customer from any of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", show=False),
        Binding("f2", "new_customer", show=False),
        Binding("f3", "held_bills", show=False),
        Binding("f4", "sales", show=False),
        Binding("f5", "take_none", show=False),
        Binding("f6", "take_all", show=False),
        Binding("f7", "take_part", show=False),
        Binding("f8", "hold", show=False),
        Binding("f9", "more", show=False),
        Binding("f12", "lock", show=False),
        Binding("ctrl+n", "toggle_pad", show=False),
        Binding("escape", "back", show=False),
    ]
    DEFAULT_CSS = """
    Counter { layers: base pad; }
    #search-row { height: 3; }
    #search { width: 1fr; border: tall $primary 60%; }
    #search:focus { border: tall $accent; }
    #search-row Touch { width: 9; }
    #body { height: 1fr; }
    #stage { height: 1fr; }
    #actions { height: 3; background: $surface; }
    #actions Touch { width: 1fr; margin: 0; }
    #pad-box {
        layer: pad; dock: right; width: 30; height: 15;
        margin: 4 0 0 0; background: $surface; display: none;
    }
    #pad-box.shown { display: block; }
    #pad-box Horizontal { height: 3; }
    #pad-box Horizontal Touch { width: 1fr; }
    """
    stage: var[str] = var("idle", init=False)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._profile: Profile | None = None
        self._bill = _EMPTY
        self._redeem = 0
        self._quote: Quote | None = None
        self._last_sale_id = ""
        self._last_name = ""
        self._unknown: Unknown | None = None
        self._booking = False
        self._pad_wanted = session.touch

    def compose(self) -> ComposeResult:
        _ = self.words.gettext
        yield TopBar(self.session)
        with Horizontal(id="search-row"):
            yield Input(placeholder=_("Card, phone, last 4 digits or name"), id="search", max_length=200)
            yield Touch(_("Find"), "screen.find")
            yield Touch("123", "screen.toggle_pad", "Ctrl+N")
        with Horizontal(id="body"):
            with ContentSwitcher(id="stage", initial="idle"):
                yield IdlePane(self.session)
                yield MatchesPane(self.session)
                yield CustomerPane(self.session)
                yield TakeOffPane(self.session)
                yield DonePane(self.session)
            if self.session.paper:
                yield Paper(_("Here the demo prints its slips (Ctrl+P)"))
        with Container(id="pad-box"):
            yield NumberPad()
            with Horizontal():
                yield Touch(_("Take all"), "screen.take_all", "F6", id="pad-all", classes="main at-customer")
                yield Touch(_("None"), "screen.take_none", "F5", id="pad-none", classes="at-customer")
                yield Touch(
                    _("Find"), "screen.find", "Enter", id="pad-find", classes="main at-idle at-matches at-done"
                )
        with Horizontal(id="actions"):
            yield from self._actions()
        yield StatusLine(self.session)

    def _actions(self) -> ComposeResult:
        _ = self.words.gettext
        rest = "at-idle at-matches at-done"
        yield Touch(_("Void sale"), "screen.void", id="void", classes="danger at-done")
        yield Touch(_("New customer"), "screen.new_customer", "F2", classes=rest)
        yield Touch(_("Put aside"), "screen.held_bills", "F3", id="held", classes="at-idle at-done")
        yield Touch(_("Sales"), "screen.sales", "F4", classes="at-idle at-done")
        yield Touch(_("Take none"), "screen.take_none", "F5", classes="at-customer")
        yield Touch(_("Take all"), "screen.take_all", "F6", id="all", classes="main at-customer")
        yield Touch(_("A part"), "screen.take_part", "F7", classes="at-customer")
        yield Touch(_("Hold bill"), "screen.hold", "F8", classes="at-customer")
        yield Touch(_("More"), "screen.more", "F9", classes="at-customer")
        yield Touch(_("Till"), "screen.more", "F9", classes="at-idle at-done")
        yield Touch(_("Help"), "screen.help", "F1", classes="at-idle")
        yield Touch(_("Lock"), "screen.lock", "F12", classes="at-idle")
        yield Touch(_("Back"), "screen.back", "Esc", classes="at-customer at-take-off at-matches")
        yield Touch(_("Done on the register"), "screen.confirm", "Enter", id="confirm", classes="main at-take-off",
                    focusable=True)  # fmt: skip

    def on_mount(self) -> None:
        """Start with nobody at the counter."""
        self._show_stage("idle")
        if self.session.till.clock_is_back():
            self.tell("warn", phrase("This machine's clock is behind the last sale. Set it right."))

    def on_resize(self) -> None:
        """Fit the pad to the width: an overlay on small screens, a column of its own on wide ones."""
        self._place_pad()
        for paper in self.query(Paper):
            paper.display = self.size.width >= _WIDE_FOR_PAPER

    # --- stages -----------------------------------------------------------------------------------------

    def _show_stage(self, stage: str) -> None:
        self.stage = stage
        self.query_one(ContentSwitcher).current = stage
        for button in self.query(Touch):
            shown = [name for name in button.classes if name.startswith("at-")]
            if shown:
                button.display = f"at-{stage}" in shown
        self._place_pad()
        match stage:
            case "customer":
                self.query_one("#amount", Input).focus()
            case "take-off":
                self.query_one("#confirm", Touch).focus()
            case _:
                self.query_one("#search", Input).focus()
        if stage == "idle":
            self._note_held()

    def _place_pad(self) -> None:
        wide = self.size.width >= _WIDE
        shown = self._pad_wanted and (self.stage == "customer" or (wide and self.stage != "take-off"))
        shown = shown or (self._pad_wanted and self.stage in ("idle", "matches") and self._pad_asked)
        self.query_one("#pad-box").set_class(shown, "shown")
        self.query_one("#body").styles.padding = (0, 31 if shown and wide else 0, 0, 0)

    _pad_asked = False

    def _note_held(self) -> None:
        held = desk.held(self.session.till)
        note = phrase("Bills put aside: {number}", number=len(held)) if held else None
        self.query_one(IdlePane).note(self.words.say(note) if note else "")

    def _clear(self) -> None:
        self._profile, self._bill, self._redeem, self._quote = None, _EMPTY, 0, None
        self._unknown = None
        for name in ("#search", "#amount", "#redeem"):
            self.query_one(name, Input).value = ""
        self.query_one("#redeem", Input).display = False

    # --- finding ----------------------------------------------------------------------------------------

    @on(Input.Submitted, "#search")
    async def _search_submitted(self) -> None:
        await self.run_action("screen.find")

    @on(Input.Changed, "#search")
    async def _search_changed(self, event: Input.Changed) -> None:
        """Offer names while they are typed; numbers wait for Enter, since every digit changes whom they find."""
        text = event.value.strip()
        if self.stage in ("idle", "matches", "done") and len(text) >= 3 and not any(map(str.isdigit, text)):
            found = desk.find(self.session.till, text)
            if isinstance(found, tuple):
                await self._offer(found)

    async def action_find(self) -> None:
        """Find what stands in the box."""
        text = self.query_one("#search", Input).value
        matches = self.query_one(MatchesPane)
        if self.stage == "matches" and len(matches.found) == 1:
            self._choose(matches.found[0].customer_id)
            return
        await self._find(text)

    async def _find(self, text: str) -> None:
        try:
            found = desk.find(self.session.till, text)
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))
            return
        match found:
            case Refused():
                self.refuse(found)
            case Unknown():
                self.app.bell()
                self._unknown = found
                self.tell("warn", self.words.say(found.reason) + " " + self.words.gettext("F2: new customer."))
            case (only,):
                self._choose(only.customer_id)
            case _:
                await self._offer(found)

    async def _offer(self, found: tuple[desk.Match, ...]) -> None:
        await self.query_one(MatchesPane).show(found)
        if self.stage != "matches":
            self._show_stage("matches")
        self.tell("info", phrase("Found: {number}. Choose the customer.", number=len(found)))

    @on(ListView.Selected, "#match-list")
    def _match_selected(self, event: ListView.Selected) -> None:
        found = self.query_one(MatchesPane).found
        if event.list_view.index is not None and event.list_view.index < len(found):
            self._choose(found[event.list_view.index].customer_id)

    def key_down(self) -> None:
        """From the box into the list of those found."""
        if self.stage == "matches":
            self.query_one(ListView).focus()

    def _choose(self, customer_id: str, bill: Bill = _EMPTY) -> None:
        profile = desk.profile(self.session.till, customer_id)
        if isinstance(profile, Refused):
            self.refuse(profile)
            return
        keep = bill or _EMPTY
        self._clear()
        self._profile, self._bill = profile, keep
        self.query_one(CustomerPane).show_customer(profile)
        self.tell("info", phrase("Type the bill's sum, or scan the goods."))
        self._show_stage("customer")
        self._show_bill()

    # --- the bill and the quote -------------------------------------------------------------------------

    def _show_bill(self) -> None:
        assert self._profile is not None
        if any(line.sku for line in self._bill.lines):
            self.query_one("#amount", Input).value = _plain(self._bill.total_minor)
        self.query_one(CustomerPane).show_bill(self._profile, self._bill)
        self._requote()

    @on(Input.Changed, "#amount")
    def _amount_changed(self, event: Input.Changed) -> None:
        if self._profile is None:
            return
        if event.value != _plain(self._bill.total_minor) or not any(line.sku for line in self._bill.lines):
            self._bill = _EMPTY
            amount = read_amount(event.value) if event.value.strip() else None
            if isinstance(amount, Refused):
                self._quote = None
                self.query_one(CustomerPane).show_quote(amount)
                return
            if amount is not None:
                self._bill = bill_of_total(amount)
            self.query_one(CustomerPane).show_bill(self._profile, self._bill)
        self._requote()

    def _requote(self, redeem: int = 0) -> Quote | Refused | None:
        assert self._profile is not None
        shown: Quote | Refused | None = None
        if self._bill.lines:
            shown = desk.quote(self.session.till, self._profile.person.customer_id, self._bill, redeem)
        self._quote = shown if isinstance(shown, Quote) else None
        self.query_one(CustomerPane).show_quote(shown)
        return shown

    @on(Input.Submitted, "#amount")
    def _amount_submitted(self) -> None:
        self.action_take_none()

    def action_take_none(self) -> None:
        """Sell without taking bonuses off; the bill earns."""
        self._take(0)

    def action_take_all(self) -> None:
        """Take off as much as the bill takes."""
        self._take(ALL)

    def action_take_part(self) -> None:
        """Ask how many bonuses to take, with the most shown."""
        if self.stage != "customer" or self._quote is None:
            self._ask_for_bill()
            return
        box = self.query_one("#redeem", Input)
        box.display = True
        box.placeholder = self.words.say(
            phrase("up to {number}", number=self.words.points_number(self._quote.max_redeem_points))
        )
        box.focus()
        self.tell("info", phrase("Type how many bonuses to take, then Enter."))

    @on(Input.Submitted, "#redeem")
    def _part_submitted(self, event: Input.Submitted) -> None:
        points = read_amount(event.value, self.words.points_decimals, zero_allowed=True)
        if isinstance(points, Refused):
            self.refuse(Refused(phrase("Type how many bonuses to take, 0 or more."), "redeem"))
            return
        self._take(points)

    def _ask_for_bill(self) -> None:
        if self.stage == "customer":
            self.refuse(Refused(phrase("Type the bill's sum first."), "amount"))

    def _take(self, redeem: int) -> None:
        if self.stage != "customer" or self._profile is None:
            return
        box = self.query_one("#amount", Input)
        typed = read_amount(box.value)
        if isinstance(typed, Refused):
            self.refuse(typed if box.value.strip() else Refused(phrase("Type the bill's sum first."), "amount"))
            return
        shown = self._requote(redeem)
        match shown:
            case Quote():
                self.query_one(TakeOffPane).show(shown, self._profile.person.name)
                self._show_stage("take-off")
                self.tell("info", phrase("When it is done on the register, confirm here."))
            case Refused():
                self.refuse(shown)
            case None:
                self._ask_for_bill()

    # --- confirming and voiding -------------------------------------------------------------------------

    def action_confirm(self) -> None:
        """The register has done it: book the sale."""
        if self.stage == "take-off" and self._quote is not None and not self._booking:
            self._booking = True
            self.query_one("#confirm", Touch).disabled = True
            self._book(self._quote, self._bill)

    @work(thread=True, exclusive=True, group="ledger")
    def _book(self, quote: Quote, bill: Bill) -> None:
        try:
            channel: desk.Channel = "store"
            self.post_message(SaleBooked(desk.complete(self.session.till, quote, bill, self.session.by, channel)))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def on_sale_booked(self, message: SaleBooked) -> None:
        """Show what was booked, or why nothing was."""
        self._ready_to_book()
        match message.outcome:
            case Refused():
                self.refuse(message.outcome)
                self._show_stage("customer")
                self._requote()
            case done:
                assert self._profile is not None
                self.session.wake_printer()
                self._last_sale_id, self._last_name = done.sale.id, safe_text(self._profile.person.name)
                self._clear()
                self.query_one(DonePane).show(done, self._last_name)
                self._show_stage("done")
                self.tell("done", phrase("Sale No. {number} is booked", number=done.sale.number))

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
        self._ready_to_book()
        super().on_ledger_failed(message)

    def _ready_to_book(self) -> None:
        self._booking = False
        self.query_one("#confirm", Touch).disabled = False

    # --- scans ------------------------------------------------------------------------------------------

    async def on_scanned(self, message: Scanned) -> None:
        """A scan, wherever the focus is: a card or phone finds, goods go on the bill."""
        message.stop()
        meaning = classify(message.scan, self.session.cards)
        match meaning:
            case CardScan(number):
                await self._scan_customer(number)
            case PhoneScan(digits):
                await self._scan_customer(digits)
            case ProductScan(barcode):
                self._scan_product(barcode)
            case RefusedScan(reason):
                self.refuse(Refused(SCAN_REFUSALS[reason]))

    async def _scan_customer(self, text: str) -> None:
        if self.stage == "take-off":
            self.refuse(Refused(phrase("Finish this sale first: confirm it, or go back with Esc.")))
            return
        await self._find(text)

    def _scan_product(self, barcode: str) -> None:
        if self.stage != "customer" or self._profile is None:
            self.refuse(Refused(phrase("These are goods. Scan the customer's card first.")))
            return
        lines = Bill(tuple(line for line in self._bill.lines if line.sku))
        bill = desk.add_product(self.session.till, lines, barcode)
        if isinstance(bill, Refused):
            self.refuse(bill)
            return
        self._bill = bill
        self._show_bill()
        self.tell("info", phrase("Added: {name}", name=bill.lines[-1].name))

    # --- other doors ------------------------------------------------------------------------------------

    def action_back(self) -> None:
        """One step back: from the register to the bill, from the bill to nobody."""
        if self._booking:
            return
        if self.stage == "take-off":
            self._show_stage("customer")
            self._requote()
            self.tell("info", phrase("Type the bill's sum, or scan the goods."))
            return
        self._clear()
        self._show_stage("idle")
        self.tell("info", "")

    def action_toggle_pad(self) -> None:
        """Show or hide the number pad."""
        if self.stage in ("idle", "matches", "done"):
            self._pad_wanted, self._pad_asked = True, not self._pad_asked
        else:
            self._pad_wanted = not self._pad_wanted
        self._place_pad()

    def action_new_customer(self) -> None:
        """Register a customer; what was searched for is filled in."""
        if self.stage == "take-off":
            return
        unknown = self._unknown
        phone, card = (unknown.phone, unknown.card) if unknown else ("", "")
        self.app.push_screen(RegisterCustomer(self.session, phone, card), self._registered)

    def _registered(self, customer_id: str | None) -> None:
        if customer_id is not None:
            self._choose(customer_id)
            self.tell("done", phrase("Registered. Now the bill."))

    def action_held_bills(self) -> None:
        """Choose a bill that was put aside."""
        if self.stage in ("idle", "done", "matches"):
            self.app.push_screen(HeldBills(self.session), self._resumed)

    def _resumed(self, held: Held | None) -> None:
        if held is None:
            self._note_held()
        elif held.customer_id is not None:
            self._choose(held.customer_id, held.bill)
            if not any(line.sku for line in held.bill.lines):
                self.query_one("#amount", Input).value = _plain(held.bill.total_minor)

    def action_hold(self) -> None:
        """Put the bill aside and take the next customer."""
        if self.stage != "customer" or self._profile is None:
            return
        held = desk.hold(self.session.till, self._bill, self._profile.person.customer_id, self.session.by)
        if isinstance(held, Refused):
            self.refuse(held)
            return
        self._clear()
        self._show_stage("idle")
        self.tell("done", phrase("The bill is put aside. F3 brings it back."))

    def action_sales(self) -> None:
        """The till's last sales: look, print again, void."""
        if self.stage in ("idle", "done", "matches"):
            self.app.push_screen(SalesList(self.session))

    def action_more(self) -> None:
        """More about this customer, or about this till when there is none."""
        if self.stage == "customer" and self._profile is not None:
            menu = CustomerMenu(self.session, self._profile.person.customer_id)
            self.app.push_screen(menu, self._customer_changed)
        elif self.stage != "take-off":
            self.app.push_screen(TillStatus(self.session))

    def _customer_changed(self, customer_id: str | None) -> None:
        if self._profile is not None:
            profile = desk.profile(self.session.till, self._profile.person.customer_id)
            if not isinstance(profile, Refused):
                self._profile = profile
                self.query_one(CustomerPane).show_customer(profile)

    def action_help(self) -> None:
        """Every key and what it does."""
        self.app.push_screen(Help(self.session))

    async def action_lock(self) -> None:
        """Lock the till; a sale that is open stays as it is."""
        await self.app.run_action("app.lock")

    def on_devices_changed(self, message: DevicesChanged) -> None:
        """Say on the status line how the printer and the scanner are."""
        message.stop()
        self.query_one(StatusLine).refresh_line()

    def toggle_paper(self) -> None:
        """Show or hide the demo's paper."""
        for paper in self.query(Paper):
            paper.display = not paper.display

    async def print_on_paper(self, text: str) -> None:
        """Print a slip on the demo's paper."""
        for paper in self.query(Paper):
            await paper.print_slip(text)

    def refresh_top(self) -> None:
        """Draw the top line again: somebody else works, or training began."""
        self.query_one(TopBar).refresh_line()

    def forget(self) -> None:
        """Begin anew, for another cashier or another ledger."""
        self._last_sale_id = ""
        self._clear()
        self._show_stage("idle")
        self.refresh_top()
        self.tell("info", "")


SCAN_REFUSALS = {
    "empty": phrase("The scanner sent nothing. Scan again."),
    "too_long": phrase("This code is too long to be a card or goods."),
    "control_character": phrase("This code holds control characters. It was not used."),
    "payment_card": phrase("This is a bank card. Scan the loyalty card; the number was not kept."),
    "check_digit": phrase("The code was not read right. Scan again."),
    "unknown": phrase("This code is neither a card nor goods of this shop."),
}


def _plain(minor: int) -> str:
    return f"{minor // 100},{minor % 100:02d}"
