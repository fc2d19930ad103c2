"""Facts: what is known of one bill, its customer and its moment, for every rule to ask."""

from datetime import date

from terminal.rules.account import Account
from terminal.rules.bill import Bill, Line
from terminal.rules.conditions import Tax
from terminal.rules.money import Rounding, round_ratio
from terminal.rules.programme import Tier
from terminal.rules.scope import Scope, Shelf
from terminal.rules.wish import Moment

_WHOLE_BP = 10_000
_LEAP_DAY = (2, 29)
_NOBODY: frozenset[str] = frozenset()


class Facts:
    """Sums are of the bill as it came, before anything is taken off: no rule's conditions hang on another rule."""

    def __init__(self, account: Account, bill: Bill, moment: Moment, tier: Tier | None) -> None:
        self.account = account
        self.moment = moment
        self.on = moment.on
        self.weekday = moment.on.weekday()
        self.tier = tier
        self.tier_code = tier.code if tier else ""
        self.members = _members(account, moment.on) if account.memberships else _NOBODY
        self.shelf = Shelf(bill.lines)
        self.total_minor = bill.total_minor

    def bill_minor(self, tax: Tax) -> int:
        """The whole bill in minor units."""
        return self.total_minor if tax == "with" else sum(map(net_of_line, self.shelf.lines))

    def goods_minor(self, scope: Scope, tax: Tax) -> int:
        """The sum of a scope's goods in minor units."""
        lines, places = self.shelf.lines, self.shelf.places(scope)
        if tax == "with":
            return sum(lines[place].total_minor for place in places)
        return sum(net_of_line(lines[place]) for place in places)

    def goods_pieces(self, scope: Scope) -> int:
        """Pieces of a scope's goods."""
        lines = self.shelf.lines
        return sum(lines[place].pieces for place in self.shelf.places(scope) if lines[place].total_minor >= 0)


def _members(account: Account, on: date) -> frozenset[str]:
    return frozenset(member.code for member in account.memberships if on <= member.until)


def net_of_line(line: Line) -> int:
    """A line's price without the tax in it, in minor units."""
    return without_tax(line.total_minor, line.tax_bp)


def without_tax(minor: int, tax_bp: int) -> int:
    """What is left of a sum without the tax of that rate in it, halves up, as invoices round it."""
    return round_ratio(minor * _WHOLE_BP, _WHOLE_BP + tax_bp, Rounding.HALF_UP) if tax_bp else minor


def near_birthday(birthday: date, on: date, days_before: int, days_after: int) -> bool:
    """Tell whether a day is so near to a birthday; 29 February is kept on the 28th of other years."""
    return birthday_near(birthday, on, days_before, days_after) is not None


def birthday_near(birthday: date, on: date, days_before: int, days_after: int) -> date | None:
    """Return the day of the birthday that a day is so near to, which may be of the year before or after."""
    for year in (on.year - 1, on.year, on.year + 1):
        kept = birthday_in(birthday, year)
        if kept is not None and -days_before <= (on - kept).days <= days_after:
            return kept
    return None


def birthday_in(birthday: date, year: int) -> date | None:
    """Return the day a birthday is kept on in a year; None outside of the calendar."""
    if not date.min.year <= year <= date.max.year:
        return None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    day = 28 if (birthday.month, birthday.day) == _LEAP_DAY and not leap else birthday.day
    return date(year, birthday.month, day)
