"""Asking the site from the counter: what is known here is on the screen already, and the answer may add to it."""

from collections.abc import Callable

from textual import work

from terminal import desk
from terminal.desk import Checkout, CodesAsked, Profile, Till, Unknown
from terminal.ledger import LedgerError
from terminal.rules.phrase import phrase
from terminal.rules.quote import Quote
from terminal.screens.advantages_list import AdvantagesList
from terminal.screens.counter_frame import CounterFrame
from terminal.screens.messages import LedgerFailed, SiteAnswered


class CounterAsking(CounterFrame):
    """The questions of the counter; nobody waits for their answers but a thread."""

    def ask_who(self, unknown: Unknown) -> None:
        """Ask who an unknown phone or card belongs to."""
        with self.asking_ledger():
            request_id = desk.ask_who(self.session.till, unknown)
            if request_id is not None:
                said = self.words.say(unknown.reason) + " " + self.words.gettext("Asking the site…")
                self.tell("warn", said)
                self._wait(self.session.till, request_id, unknown)

    def ask_points(self, shown: Profile) -> None:
        """Ask for the points of a customer that are leased elsewhere."""
        if self.session.bring_points:
            with self.asking_ledger():
                request_id = desk.ask_points(self.session.till, shown)
                if request_id is not None:
                    self._wait(self.session.till, request_id, shown)

    def ask_codes(self, checkout: Checkout) -> None:
        """Ask for limited offers and codes that the quote lacks since they are not leased to this till."""
        with self.asking_ledger():
            asked = checkout.ask_codes()
            if asked is not None:
                self._wait(checkout.till, asked.request_id, asked)

    def codes_came(self, asked: CodesAsked, heard: bool) -> None:
        """Show what may be used here now; a quote that waits for the register stays as it is."""
        asked.over()
        if self.stage == "take-off":
            self.leave_codes(asked.checkout, asked.checkout.quote)
        elif self.stage == "customer":
            if heard:
                self.show_bill(asked.checkout)
            if isinstance(self.app.screen, AdvantagesList):
                self.app.screen.call_later(self.app.screen.site_answered)

    def show_bill(self, checkout: Checkout) -> None:
        """Show a checkout's bill and quote; the counter does."""
        raise AssertionError("the counter shows bills")

    def choose_advantages(self, checkout: Checkout, left: Callable[[], None]) -> None:
        """Let rewards and codes be chosen; the dialog asks the site through this screen, which outlives it."""
        self.app.push_screen(AdvantagesList(self.session, checkout, self.ask_codes), lambda nothing: left())

    def leave_codes(self, checkout: Checkout | None, quote: Quote | None) -> None:
        """Give back the limited offers that a quote does not use: another till may be asked for them next."""
        if checkout is not None and self.session.operator is not None:
            with self.asking_ledger():
                checkout.leave_codes(self.session.operator, quote)

    @work(thread=True, group="site")
    def _wait(self, till: Till, request_id: int, asked: Unknown | Profile | CodesAsked) -> None:
        try:
            self.post_message(SiteAnswered(desk.wait_for_answer(till, request_id), asked))
        except LedgerError as fault:
            self.post_message(LedgerFailed(fault.reason))

    def say_nobody(self, heard: bool) -> None:
        """Say that the site has nobody either, or did not answer."""
        words = (
            phrase("Nobody is known on the site either. F2: new customer.")
            if heard
            else phrase("The site did not answer. F2: new customer.")
        )
        self.tell("warn", words)
