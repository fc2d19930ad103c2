"""Quotes for tables of cases: a programme's tables in, what came of one bill out."""

from datetime import date

from terminal.rules.account import Account
from terminal.rules.bill import Bill, Line
from terminal.rules.document import read_programme
from terminal.rules.lots import Lot
from terminal.rules.phrase import in_english
from terminal.rules.programme import Programme
from terminal.rules.quote import Quote
from terminal.rules.quoting import quote_bill
from terminal.rules.wish import Moment, Wish

MONDAY = date(2026, 5, 4)
NOW = Moment(MONDAY)
HEAD = 'name = "T"\nnumber = 1\nvalid_from = 2020-01-01\ncurrency = "UAH"\n'
NOBODY = Account()
SOMEBODY = Account("a")
NO_WISH = Wish()


def shop(rules: str, head: str = "") -> Programme:
    """A programme of these tables."""
    return read_programme(f"{HEAD}{head}\n{rules}")


def having(points: int, **more: object) -> Account:
    """Somebody with so many points."""
    return Account("a", (Lot("lot", points, points, date(2026, 1, 1), None),), **more)  # type: ignore[arg-type]


def lines(*told: str) -> Bill:
    """Lines such as "pen 2 x 50 office", prices in coins of 100: product, pieces, price of one, category."""
    return Bill(tuple(_line(*one.split()) for one in told))


def _line(sku: str, pieces: str, _x: str, price: str, category: str = "", brand: str = "") -> Line:
    total = round(float(pieces) * float(price) * 100)
    return Line(sku, total, round(float(pieces) * 1000), sku, category, brand)


def quoted(
    programme: Programme, bill: Bill, account: Account = SOMEBODY, wish: Wish = NO_WISH, moment: Moment = NOW
) -> Quote:
    """The quote, which must not be refused."""
    quote = quote_bill(programme, account, bill, wish, moment)
    assert isinstance(quote, Quote), quote
    return quote


def why(quote: Quote) -> str:
    """All that was left out, in English."""
    return " | ".join(in_english(one.reason) for one in quote.left_out)
