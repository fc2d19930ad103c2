"""The counter's quieter panes: waiting for a customer, choosing among several, taking off, and done."""

from textual.app import ComposeResult
from textual.containers import Center, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Digits, Static

from terminal.desk import Completed, Match
from terminal.rules.phone import show_phone
from terminal.rules.phrase import Points, phrase
from terminal.rules.quote import Quote
from terminal.screens.names import short_name
from terminal.screens.rows import Rows
from terminal.screens.session import Session

_NAME_WIDTH = 40


class IdlePane(Vertical):
    """Nobody at the counter: what to do first."""

    DEFAULT_CSS = """
    IdlePane { align: center middle; height: 1fr; & Static { width: 100%; text-align: center; } }
    IdlePane #idle-title { text-style: bold; color: $primary; margin-bottom: 1; }
    IdlePane #idle-note { color: $foreground 70%; margin-top: 1; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(id="idle")
        self._session = session

    def compose(self) -> ComposeResult:
        _ = self._session.words.gettext
        yield Static(_("Scan the customer's card"), id="idle-title", markup=False)
        yield Static(_("or type a phone, its last four digits, or a name"), markup=False)
        yield Static("", id="idle-note", markup=False)

    def note(self, text: str) -> None:
        """Show a calm line below: bills put aside, what training means."""
        self.query_one("#idle-note", Static).update(Content(text))


class MatchesPane(VerticalScroll):
    """Several customers fit: choose one by touch, arrows or a longer name."""

    DEFAULT_CSS = """
    MatchesPane { height: 1fr; }
    MatchesPane Rows > .option-list--option { padding: 0 2; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(id="matches")
        self._session = session
        self.found: tuple[Match, ...] = ()

    def compose(self) -> ComposeResult:
        yield Rows(lines=1, id="match-list")

    def show(self, found: tuple[Match, ...]) -> None:
        """List the customers that were found."""
        self.found = found
        self.query_one(Rows).put(map(_match, found))


def _match(match: Match) -> Content:
    phone = show_phone(match.phone) if match.phone else ""
    return Content.assemble((short_name(match.name, _NAME_WIDTH), "bold"), (f"   {phone}", "dim"))


class TakeOffPane(Vertical):
    """The figure to take off on the register, large, and one press to say that it was done."""

    DEFAULT_CSS = """
    TakeOffPane { align: center middle; height: 1fr; }
    TakeOffPane Static { width: auto; text-align: center; }
    TakeOffPane #take-title { text-style: bold; }
    TakeOffPane Center { height: auto; }
    TakeOffPane Digits { width: auto; color: $accent; text-style: bold; margin: 1 0; }
    TakeOffPane #take-pay { text-style: bold; }
    TakeOffPane #take-earn { color: $primary; }
    TakeOffPane #take-give { color: $accent; text-style: bold; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(id="take-off")
        self._session = session

    def compose(self) -> ComposeResult:
        with Center():
            yield Static("", id="take-title", markup=False)
        with Center():
            yield Digits("", id="take-sum")
        with Center():
            yield Static("", id="take-pay", markup=False)
        with Center():
            yield Static("", id="take-earn", markup=False)
        with Center():
            yield Static("", id="take-give", markup=False)

    def show(self, quote: Quote, name: str) -> None:
        """Draw a quote that waits for the register."""
        words, _ = self._session.words, self._session.words.gettext
        if quote.taken_off_minor:
            title = phrase("Take off on the register {sum}", sum=words.money(quote.taken_off_minor))
            self.query_one("#take-title", Static).update(Content(words.say(title)))
        else:
            self.query_one("#take-title", Static).update(Content(_("Nothing to take off: sell as usual")))
        self.query_one(Digits).update(figures(words.money(quote.taken_off_minor)))
        pay = phrase("{name} pays {sum}", name=short_name(name, _NAME_WIDTH), sum=words.money(quote.pay_minor))
        self.query_one("#take-pay", Static).update(Content(words.say(pay)))
        earned = phrase("Will earn {points}", points=Points(quote.earned_points))
        self.query_one("#take-earn", Static).update(Content(words.say(earned)))
        given = [step for step in quote.adjustments if step.rule in ("offer", "reward") and not step.money_minor]
        self.query_one("#take-give", Static).update(Content("\n".join(words.say(step.words) for step in given)))


def figures(money: str) -> str:
    """Return what large digits can show of a sum."""
    return "".join(character for character in money if character.isdigit() or character in ",. ").strip()


class DonePane(Vertical):
    """What was booked; the next scan begins the next customer."""

    DEFAULT_CSS = """
    DonePane { align: center middle; height: 1fr; & Static { width: 100%; text-align: center; } }
    DonePane #done-title { text-style: bold; color: $success; margin-bottom: 1; }
    DonePane.voided #done-title { color: $warning; }
    DonePane #done-balance { text-style: bold; }
    DonePane #done-next { color: $foreground 70%; margin-top: 1; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__(id="done")
        self._session = session

    def compose(self) -> ComposeResult:
        for name in ("title", "figures", "balance", "next"):
            yield Static("", id=f"done-{name}", markup=False)

    def show(self, done: Completed, name: str) -> None:
        """Draw a completed sale."""
        words, sale = self._session.words, done.sale
        self.remove_class("voided")
        self._put("title", "✓ " + words.say(phrase("Sale No. {number} is booked", number=sale.number)))
        taken = phrase(
            "taken off {sum}, earned {points}", sum=words.money(sale.taken_off_minor), points=Points(sale.earned)
        )
        self._put("figures", words.say(taken))
        balance = phrase(
            "{name}: balance {points}", name=short_name(name, _NAME_WIDTH), points=Points(done.balance)
        )
        self._put("balance", words.say(balance))
        self._put("next", words.gettext("Scan the next customer"))

    def show_voided(self, number: int, name: str, balance: int) -> None:
        """Draw a sale that was taken back."""
        words = self._session.words
        self.add_class("voided")
        self._put("title", "! " + words.say(phrase("Sale No. {number} is voided", number=number)))
        self._put("figures", words.gettext("Bonuses are as they were before it"))
        told = phrase("{name}: balance {points}", name=short_name(name, _NAME_WIDTH), points=Points(balance))
        self._put("balance", words.say(told))
        self._put("next", words.gettext("Scan the next customer"))

    def _put(self, name: str, text: str) -> None:
        self.query_one(f"#done-{name}", Static).update(Content(text))
