"""One customer's checkout: who it is, the bill so far, and the quote that was last shown."""

from dataclasses import dataclass, field, replace

from terminal.desk.bills import add_product
from terminal.desk.customers import Profile, profile
from terminal.desk.leases import give_back_codes
from terminal.desk.quotes import quote
from terminal.desk.site import ask_codes, can_ask
from terminal.desk.till import Till
from terminal.ledger.shop import Operator
from terminal.rules.adjustment import LeftOut
from terminal.rules.bill import Bill, bill_of_total
from terminal.rules.conditions import Channel
from terminal.rules.money import read_amount
from terminal.rules.offer import Reward
from terminal.rules.phrase import Refused, phrase
from terminal.rules.quote import Quote
from terminal.rules.text import safe_text
from terminal.rules.wish import Claim

NO_BILL = Bill(())


@dataclass(slots=True)
class Checkout:
    """Begun with a customer; the bill is a total that was typed, or lines that were scanned.

    `asked` are the limited offers and codes that the site was asked for, `awaited` those that it may yet lease.
    """

    till: Till
    profile: Profile
    bill: Bill = NO_BILL
    channel: Channel = "store"
    codes: tuple[str, ...] = field(default=(), init=False)
    claims: tuple[Claim, ...] = field(default=(), init=False)
    quote: Quote | None = field(default=None, init=False)
    asked: set[str] = field(default_factory=set, init=False)
    awaited: set[str] = field(default_factory=set, init=False)

    @property
    def customer_id(self) -> str:
        """Whose bill it is."""
        return self.profile.person.customer_id

    @property
    def scanned(self) -> bool:
        """Tell whether the bill is made of goods."""
        return any(line.sku for line in self.bill.lines)

    def refresh(self) -> None:
        """Read the customer again: a phone, a card or the balance has changed."""
        again = profile(self.till, self.customer_id)
        if not isinstance(again, Refused):
            self.profile = again

    def type_total(self, text: str) -> Quote | Refused | None:
        """Make the bill what was typed; None when nothing was."""
        self.bill, self.quote = NO_BILL, None
        if not text.strip():
            return None
        total_minor = read_amount(text)
        if isinstance(total_minor, Refused):
            return total_minor
        self.bill = bill_of_total(total_minor)
        return self.requote()

    def scan(self, barcode: str) -> str | Refused:
        """Put goods on the bill, in the place of a total that was typed; return their name."""
        lines = self.bill if self.scanned else NO_BILL
        bill = add_product(self.till, lines, barcode)
        if isinstance(bill, Refused):
            return bill
        changed = next(new for new in bill.lines if new not in lines.lines)
        self.bill = bill
        return changed.name

    def requote(self, redeem: int = 0) -> Quote | Refused | None:
        """Quote the bill with `redeem` points (units; `ALL` for the most); None without a bill."""
        self.quote = None
        if not self.bill.lines:
            return None
        answer = quote(self.till, self.customer_id, self.bill, redeem, self.codes, self.claims, self.channel)
        if isinstance(answer, Quote):
            self.quote = answer
        return answer

    def ask_codes(self) -> "CodesAsked | None":
        """Ask the site for limited offers and codes that the quote lacks, each once; None where it is not asked."""
        lacking = {one.needs for one in self.quote.left_out if one.needs} if self.quote else set()
        codes = tuple(sorted(lacking - self.asked))
        request_id = ask_codes(self.till, self.customer_id, codes) if self.channel == "store" else None
        if request_id is None:
            return None
        self.asked.update(codes)
        self.awaited.update(codes)
        return CodesAsked(self, codes, request_id)

    def lacks(self, code: str) -> LeftOut | None:
        """Return why a promo code that is kept is left out of the quote; None when it is in it."""
        left_out = self.quote.left_out if self.quote else ()
        return next((one for one in left_out if one.code == code), None)

    def leave_codes(self, by: Operator, quote: Quote | None) -> None:
        """Give back the limited offers and codes that a quote does not use; all that are here if there is none."""
        uses = {code for code, _ in quote.uses} if quote else set()
        stamps = {card.code for card in quote.stamps if card.used} if quote else set()
        give_back_codes(self.till, self.customer_id, by, frozenset(uses | stamps))

    def use_code(self, typed: str) -> Quote | Refused:
        """Use a promo code on the bill; one that opens nothing now is not kept, and the reason is returned.

        One that the site has to lease first, and can be asked for, is kept: the quote leaves it out until then.
        """
        code = safe_text(typed)
        if not code:
            return Refused(phrase("Type the promo code."), "line")
        return self._with((*self.codes, code), self.claims, code)

    def claim(self, reward: Reward) -> Quote | Refused:
        """Take a reward, once more if it was taken already; one that can't be had is not kept."""
        times = 1 + sum(claim.times for claim in self.claims if claim.code == reward.code)
        others = tuple(claim for claim in self.claims if claim.code != reward.code)
        return self._with(self.codes, (*others, Claim(reward.code, times)), reward.code)

    def put_back(self, reward: Reward) -> None:
        """Take a reward once less; the last one is taken no more."""
        taken = tuple(replace(one, times=one.times - (one.code == reward.code)) for one in self.claims)
        self.claims = tuple(one for one in taken if one.times)
        self.requote()

    def drop_code(self, code: str) -> None:
        """Use a promo code no more; what it opened goes with it."""
        self.codes = tuple(one for one in self.codes if one != code)
        self.requote()

    def give_up_advantages(self) -> None:
        """Use no code and take no reward after all."""
        self.codes, self.claims = (), ()
        self.requote()

    def rewards(self) -> tuple[Reward, ...]:
        """All that the programme gives for points."""
        programme = self.till.programme(self.till.today())
        return () if isinstance(programme, Refused) else programme.rewards

    @property
    def has_advantages(self) -> bool:
        """Tell whether the programme has rewards, or something that a code opens."""
        programme = self.till.programme(self.till.today())
        if isinstance(programme, Refused):
            return False
        coded = any(rule.needs_code for rule in (*programme.earn, *programme.offers))
        return coded or bool(programme.rewards or programme.promo_codes)

    def _with(self, codes: tuple[str, ...], claims: tuple[Claim, ...], asked: str) -> Quote | Refused:
        before = self.codes, self.claims
        self.codes, self.claims = codes, claims
        answer = self.requote()
        if isinstance(answer, Quote):
            left = self.lacks(asked)
            if left is None:
                return answer
            if left.needs and self.channel == "store" and can_ask(self.till):
                self.asked.discard(left.needs)
                return answer
            answer = Refused(left.reason, "line")
        self.codes, self.claims = before
        self.requote()
        return answer or NO_SUM


@dataclass(frozen=True, slots=True)
class CodesAsked:
    """A question to the site for codes that a checkout lacks."""

    checkout: Checkout
    codes: tuple[str, ...]
    request_id: int

    def over(self) -> None:
        """It was answered, or given up."""
        self.checkout.awaited.difference_update(self.codes)


def begin_checkout(till: Till, customer_id: str, bill: Bill = NO_BILL) -> Checkout | Refused:
    """Begin with a customer who was found, and with a bill that was put aside, if there was one."""
    found = profile(till, customer_id)
    return found if isinstance(found, Refused) else Checkout(till, found, bill)


NO_SUM = Refused(phrase("Type the bill's sum first."), "amount")
"""What is said when something needs a bill and there is none."""
