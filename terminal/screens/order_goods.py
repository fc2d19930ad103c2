"""An order's goods: scanned, found by name, or a line of one's own."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import OptionList, Static

from terminal.desk.order_making import MOST_FOUND
from terminal.devices.scan import ProductScan, classify
from terminal.ledger.shop import Product
from terminal.rules.bill import Line
from terminal.rules.money import read_amount
from terminal.rules.phrase import Money, Refused, phrase
from terminal.rules.text import safe_text
from terminal.screens.messages import Scanned
from terminal.screens.names import short_name
from terminal.screens.order_step import OrderStepScreen
from terminal.screens.rows import Rows
from terminal.screens.session import Session
from terminal.screens.table_dialog import TableDialog
from terminal.screens.text_question import TextQuestion
from terminal.screens.touch import Touch

_NAME_WIDTH = 50


class OrderGoods(OrderStepScreen):
    """The lines of the order; a scan adds a piece, the keys act on the line that is lit."""

    DEFAULT_CSS = """
    OrderGoods #none { padding: 1 2; height: 1fr; }
    OrderGoods #total { height: 1; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("f2", "find", ""),
        ("f3", "own_line", ""),
        ("f5,plus", "pieces(1)", ""),
        ("f6,minus", "pieces(-1)", ""),
        ("f8,delete", "drop", ""),
    ]
    AUTO_FOCUS = "#goods"

    def body(self) -> ComposeResult:
        """The list of lines, and their sum."""
        hint = self.words.gettext("Scan the goods. F2 finds them by name, F3 writes a line of your own.")
        yield Static(hint, id="none", markup=False)
        yield Rows(id="goods")
        yield Static(id="total", markup=False)

    def buttons(self) -> list[Touch]:
        """What may be done with goods."""
        _ = self.words.gettext
        return [
            Touch(_("Find goods"), "screen.find", "F2", id="find", focusable=True),
            Touch(_("Own line"), "screen.own_line", "F3", id="own", focusable=True),
            Touch(_("One more"), "screen.pieces(1)", "F5", id="more", focusable=True),
            Touch(_("One less"), "screen.pieces(-1)", "F6", id="less", focusable=True),
            Touch(_("Remove"), "screen.drop", "F8", id="drop", classes="danger", focusable=True),
        ]

    def on_mount(self) -> None:
        """List what was entered before."""
        self._fill()

    def draw(self) -> None:
        """List the lines anew."""
        self._fill()

    def _fill(self, lit: int | None = None) -> None:
        lines = self.making.serving.bill.lines
        view = self.query_one(Rows)
        view.put(map(self._draw, lines), (view.highlighted or 0) if lit is None else lit)
        self.query_one("#none").display = not lines
        view.display = bool(lines)
        if lines:
            view.focus()
        total = phrase("In all: {sum}", sum=Money(self.making.serving.bill.total_minor))
        self.query_one("#total", Static).update(Content.styled(self.words.say(total), "bold"))

    def _draw(self, line: Line) -> Content:
        words = self.words
        pieces = f"×{line.quantity_milli // 1000}"
        return Content.assemble(
            (short_name(line.name, _NAME_WIDTH), "bold"), (f"\n{pieces}   {words.money(line.total_minor)}", "dim")
        )

    def _lit(self) -> int | None:
        """The line that is lit; says what to do where there is none."""
        lit = self.query_one(Rows).highlighted
        if lit is not None:
            return lit
        self.refuse(Refused(phrase("There is no line yet. Scan the goods first.")))
        return None

    def action_pieces(self, more: int) -> None:
        """One piece more or less of the line that is lit."""
        place = self._lit()
        if place is not None:
            with self.kept():
                self.making.more_pieces(place, more)

    def action_drop(self) -> None:
        """Take the line that is lit off."""
        place = self._lit()
        if place is not None:
            with self.kept():
                self.making.drop_line(place)

    @work
    async def action_find(self) -> None:
        """Ask for a part of the name, and let the goods be chosen."""
        _ = self.words.gettext
        found: list[Product] = []

        def answer(typed: str) -> str | Refused:
            answered = self.making.find_goods(typed)
            if isinstance(answered, Refused):
                return answered
            found[:] = answered
            return typed

        ask = TextQuestion(
            self.session, _("Find goods"), _("A part of the name"), answer, letters=True, yes=_("Find")
        )
        if await self.app.push_screen_wait(ask) is None:
            return
        one = found[0] if len(found) == 1 else await self.app.push_screen_wait(GoodsList(self.session, found))
        if one is not None:
            self._add(one.sku)

    @work
    async def action_own_line(self) -> None:
        """Ask for a name and a price that stand in no catalogue."""
        _ = self.words.gettext

        def named(typed: str) -> str | Refused:
            return safe_text(typed) or Refused(phrase("Type what it is called."), "line")

        def priced(typed: str) -> str | Refused:
            minor = read_amount(typed)
            return minor if isinstance(minor, Refused) else typed

        asks = [
            TextQuestion(self.session, _("Own line: what is it?"), _("Name"), named, letters=True, yes=_("Next")),
            TextQuestion(self.session, _("Own line: what does it cost?"), _("Price of all of it"), priced),
        ]
        name = await self.app.push_screen_wait(asks[0])
        price = await self.app.push_screen_wait(asks[1]) if name is not None else None
        if name is not None and price is not None:
            with self.kept():
                self.making.add_line(name, price)

    def _add(self, barcode: str) -> None:
        with self.kept():
            name = self.making.scan(barcode)
            if isinstance(name, Refused):
                self.refuse(name)
            else:
                self.tell("info", phrase("Added: {name}", name=name))

    def on_scanned(self, message: Scanned) -> None:
        """Goods go on the order; nothing else is wanted here."""
        message.stop()
        match classify(message.scan, self.session.cards):
            case ProductScan(barcode):
                self._add(barcode)
            case _:
                self.refuse(Refused(phrase("Scan goods here. To change the customer, go back with Esc.")))


class GoodsList(TableDialog[Product, Product]):
    """The goods that a name found; dismisses with the one that was chosen."""

    def __init__(self, session: Session, found: list[Product]) -> None:
        super().__init__(session, session.words.gettext("Which goods?"), "")
        self._found = found

    def on_mount(self) -> None:
        """List them; where there are more, say so."""
        super().on_mount()
        if len(self._found) >= MOST_FOUND:
            self.tell(
                "info", phrase("Only the first {number} are listed. Type more of the name.", number=MOST_FOUND)
            )

    def rows(self) -> list[Product]:
        """By name."""
        return self._found

    def draw(self, row: Product) -> Content:
        """Name, and the price below it."""
        name = short_name(row.name, _NAME_WIDTH)
        return Content.assemble((name, "bold"), (f"\n{self.words.money(row.price_minor)}", "dim"))

    def buttons(self) -> list[Touch]:
        """Take it."""
        return [
            Touch(self.words.gettext("Choose"), "screen.take", "Enter", id="take", classes="main", focusable=True)
        ]

    @on(OptionList.OptionSelected)
    def action_take(self) -> None:
        """Leave with the row that is lit."""
        row = self.chosen()
        if row is not None:
            self.dismiss(row)
