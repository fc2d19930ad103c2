"""Quoting: the one pipeline from a bill to what is taken off it and what it earns.

The order is fixed: the register's rounding of the bill; offers, those that promo codes open among them; the tier's
and the memberships' discounts and free delivery; stamp cards; rewards for points; money for points; and earning on
what is left. Each step works on what the ones before it left to pay; what a rule's conditions ask of the bill is
asked of the bill as it came. The register's own discounts are in its lines: reduced prices, and lines below 0.
"""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from terminal.rules.account import Account
from terminal.rules.adjustment import Adjustment, LeftOut, Rule
from terminal.rules.applies import NOTHING_FOR_IT, ONLY_REGISTERED, why_not
from terminal.rules.bill import Bill
from terminal.rules.codes import Opened, read_codes
from terminal.rules.discounts import Counter, all_of, percent_off, percent_told
from terminal.rules.earning import NOTHING, Earned, Earner
from terminal.rules.expiry import living, lot_to_be
from terminal.rules.facts import Facts
from terminal.rules.money import Rounding, round_ratio, split
from terminal.rules.offering import Offered, apply_offers
from terminal.rules.phrase import Money, Phrase, Refused, phrase
from terminal.rules.plan import Plan, plan_of
from terminal.rules.programme import Programme
from terminal.rules.quote import Quote
from terminal.rules.reckoning import Reckoning
from terminal.rules.redeeming import Limit, worth_of
from terminal.rules.spending import Spending
from terminal.rules.stamping import Stamped, stamp
from terminal.rules.tiers import tier_of
from terminal.rules.wish import Moment, Wish


def quote_bill(programme: Programme, account: Account, bill: Bill, wish: Wish, moment: Moment) -> Quote | Refused:
    """Quote a bill for a customer (or for nobody who is known) at a moment; what can't be redeemed is refused.

    Codes and rewards that can't be had are left out, each with the reason, and the quote goes on without them.
    """
    if bill.total_minor < 0:
        return Refused(phrase("A bill can't be negative. Type the sum to pay; a return is a refund."), "amount")
    return _Quoting(plan_of(programme), account, bill, wish, moment).quote()


class _Quoting:
    """One quote while it is made; a method is a step of the pipeline."""

    def __init__(self, plan: Plan, account: Account, bill: Bill, wish: Wish, moment: Moment) -> None:
        programme = plan.programme
        self.plan, self.account, self.wish, self.moment = plan, account, wish, moment
        self.bill = _rounded(bill, programme.rounding.cash_step)
        tier = tier_of(programme, account, moment.on) if account.registered else None
        self.facts = Facts(account, self.bill, moment, tier)
        self.reckoning = Reckoning(self.bill)
        self.counter = Counter(
            self.reckoning, self.facts.shelf, programme.rounding.money, programme.delivery_category
        )
        if self.bill is not bill:
            words = phrase("Rounded by the register: {sum}", sum=Money(self.bill.total_minor))
            self.reckoning.adjustments.append(Adjustment("rounding", words))
        self.left_out: list[LeftOut] = []

    def quote(self) -> Quote | Refused:
        """Run the pipeline."""
        read = read_codes(self.plan, self.facts, self.wish.codes)
        self.left_out += read.refused
        opened = frozenset(code.opens for code in read.opened)
        offered = apply_offers(self.plan, self.facts, self.counter, opened)
        self.left_out += offered.left_out
        delivered = self._discounts() or offered.free_delivery
        stamps = self._stamps()
        discount_minor = self.bill.total_minor - self.reckoning.left_minor
        earner = Earner(self.plan, self.facts, self.reckoning, opened)
        lots = living(self.plan.programme.expiry, self.account.lots, self.account.last_purchase)
        spending = Spending(self.plan, self.facts, self.counter, earner, lots)
        for claim in self.wish.claims:
            reason = spending.claim(claim)
            if reason is not None:
                self.left_out.append(LeftOut(claim.code, reason))
        redeemed = spending.redeem(self.wish.redeem)
        if isinstance(redeemed, Refused):
            return redeemed
        earned = self._earned(earner, spent=bool(redeemed[0] or spending.claimed))
        used = self._codes(read.opened, offered, earned)
        return self._answer(discount_minor, redeemed, spending, offered, used, stamps, delivered, earned)

    def _discounts(self) -> bool:
        """The tier's and the memberships' own percents, and their free delivery; tell whether delivery is free."""
        tier = self.facts.tier
        mine = [one for one in self.plan.programme.memberships if one.code in self.facts.members]
        if tier is not None and tier.discount_percent is not None:
            told = phrase(
                "Tier “{tier}”: {percent} off", tier=tier.name, percent=percent_told(tier.discount_percent)
            )
            self._percent("tier-discount", tier.discount_percent, told, tier.code)
        for membership in mine:
            if membership.discount_percent is not None:
                percent = percent_told(membership.discount_percent)
                told = phrase("“{membership}”: {percent} off", membership=membership.name, percent=percent)
                self._percent("membership", membership.discount_percent, told, membership.code)
        givers = [one for one in (tier, *mine) if one is not None and one.free_delivery]
        if not givers:
            return False
        places = self.facts.shelf.category(self.plan.programme.delivery_category)
        parts = self.reckoning.at_most(all_of(self.counter, places), None)
        if parts:
            told = phrase("“{offer}”: delivery is free", offer=givers[0].name)
            self.reckoning.take_off("delivery", told, parts, code=givers[0].code)
        return True

    def _percent(self, rule: Rule, percent: Fraction, words: Phrase, code: str) -> None:
        parts = percent_off(self.counter, self.facts.shelf.every, percent)
        parts = self.reckoning.at_most(parts, None)
        if parts:
            self.reckoning.take_off(rule, words, parts, code=code)

    def _stamps(self) -> tuple[Stamped, ...]:
        moved = []
        for ready in self.plan.stamps:
            stamped, left_out = stamp(ready, self.facts, self.reckoning, self.counter)
            if stamped is not None and (stamped.added or stamped.used):
                moved.append(stamped)
            if left_out is not None:
                self.left_out.append(left_out)
        return tuple(moved)

    def _earned(self, earner: Earner, *, spent: bool) -> Earned:
        redeem = self.plan.programme.redeem
        if not self.account.registered:
            return NOTHING
        if spent and redeem is not None and redeem.earn_or_spend:
            reason = phrase("A bill on which bonuses are spent earns none.")
            return Earned({}, why_nothing=reason if self.plan.earn else None)
        return earner.earned(self.reckoning.paid_by_points())

    def _codes(self, opened: tuple[Opened, ...], offered: Offered, earned: Earned) -> list[Opened]:
        """The codes that opened something; the others are left out, each with the reason."""
        used: list[Opened] = []
        done = offered.applied | earned.codes
        for code in opened:
            if code.opens in done and not any(one.opens == code.opens for one in used):
                used.append(code)
            else:
                needs = next((one.needs for one in offered.left_out if one.code == code.opens), "")
                self.left_out.append(LeftOut(code.typed, self._why_closed(code, offered, done), needs))
        return used

    def _why_closed(self, code: Opened, offered: Offered, done: set[str]) -> Phrase:
        if code.opens in done:
            return phrase("Code “{code}” opens what applies already.", code=code.typed)
        reason = offered.why_not.get(code.opens)
        if reason is None:
            ready = self.plan.opened.get(code.opens)
            if ready is None:
                return phrase("Code “{code}” opens nothing any more.", code=code.typed)
            reason = why_not(ready.checks, self.facts)
        if reason is None:
            reason = NOTHING_FOR_IT if self.account.registered else ONLY_REGISTERED
        return phrase("Code “{code}”: {why}", code=code.typed, why=reason)

    def _answer(
        self,
        discount_minor: int,
        redeemed: tuple[int, Limit],
        spending: Spending,
        offered: Offered,
        used: list[Opened],
        stamps: tuple[Stamped, ...],
        delivered: bool,
        earned: Earned,
    ) -> Quote:
        reckoning, programme, on = self.reckoning, self.plan.programme, self.moment.on
        points, limit = redeemed
        if earned.why_nothing is not None:
            self.left_out.append(LeftOut("", phrase("No bonuses are earned. {why}", why=earned.why_nothing)))
        counted = [*offered.counted, *(code.code for code in used if code.counted)]
        return Quote(
            customer_id=self.account.customer_id,
            programme_number=programme.number,
            on=on,
            channel=self.moment.channel,
            bill=self.bill,
            wish=Wish(points, self.wish.codes, self.wish.claims),
            redeem_points=points,
            taken_off_minor=self.bill.total_minor - reckoning.left_minor,
            discount_minor=discount_minor,
            off_lines=tuple(map(int.__add__, reckoning.by_offers, reckoning.by_points)),
            points_lines=tuple(reckoning.by_points),
            max_redeem_points=limit.points,
            max_taken_off_minor=worth_of(self.plan, limit.points) if limit.points else 0,
            max_reason=limit.reason,
            claims=tuple(spending.claimed),
            codes=tuple(code.typed for code in used),
            uses=tuple((code, 1) for code in counted),
            stamps=stamps,
            free_delivery=delivered,
            earnings=tuple(
                lot_to_be(programme, given, on + timedelta(days=days))
                for days, given in sorted(earned.by_pending_days.items())
            ),
            adjustments=(*reckoning.adjustments, *earned.adjustments),
            left_out=tuple(self.left_out),
            moves=spending.moves(points),
        )


def _rounded(bill: Bill, step: int | None) -> Bill:
    """The bill as the register rounds it to its smallest coin, the difference spread over the lines."""
    if step is None or (total := bill.total_minor) % step == 0:
        return bill
    more = round_ratio(total, step, Rounding.HALF_UP) * step - total
    weights = [max(0, line.total_minor) for line in bill.lines]
    sign = 1 if more > 0 else -1
    shares = split(abs(more), weights)
    return Bill(
        tuple(
            replace(line, total_minor=line.total_minor + sign * share) if share else line
            for line, share in zip(bill.lines, shares, strict=True)
        )
    )
