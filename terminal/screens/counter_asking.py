"""Asking the site from the counter: what is known here is on the screen already, and the answer may add to it."""

from textual import work

from terminal import desk
from terminal.desk import Profile, Till, Unknown
from terminal.ledger import LedgerError
from terminal.rules.phrase import phrase
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

    @work(thread=True, group="site")
    def _wait(self, till: Till, request_id: int, asked: Unknown | Profile) -> None:
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
