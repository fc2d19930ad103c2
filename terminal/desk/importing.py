"""Customers of an older programme, brought into a till without a site: all of them, or the good rows alone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from terminal.desk.customers import NewCustomer, register
from terminal.desk.gifts import open_account
from terminal.desk.till import Till
from terminal.ledger.shop import Operator
from terminal.locale.words import LANGUAGES
from terminal.rules.card import read_card
from terminal.rules.money import read_amount
from terminal.rules.phone import read_phone
from terminal.rules.phrase import Phrase, Refused, phrase
from terminal.rules.programme import Programme
from terminal.rules.text import fold

IMPORTER = Operator("import", "import", "manager")
"""Who stands in the journal for what was imported."""

_MOST_POINTS = 1_000_000_000
_DATE_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y")
_OLDEST_YEAR = 1900
_LANGUAGE_NAMES = {"ua": "uk", "ukr": "uk", "укр": "uk", "pol": "pl", "rus": "ru", "рус": "ru", "eng": "en"}


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One customer as the file has them, every column as text; `line` is the file's, from 1.

    `points` and `spend` are whole points and sums, with a comma or a dot; both may be empty.
    """

    line: int
    name: str
    phone: str
    card: str = ""
    points: str = ""
    email: str = ""
    birthday: str = ""
    language: str = ""
    spend: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that can't be imported, and why."""

    line: int
    reason: Phrase


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it: customers, their cards, opening points (units) and spending (minor units).

    `booked` tells whether they are in the ledger now; else the figures are what would have been.
    """

    customers: int
    cards: int
    points: int
    spend_minor: int
    bad: tuple[BadRow, ...]
    booked: bool


@dataclass(slots=True)
class _Import:
    """The figures so far, and the lines on which each phone and card was seen."""

    till: Till
    programme: Programme
    today: date
    customers: int = 0
    points: int = 0
    spend_minor: int = 0
    bad: list[BadRow] = field(default_factory=list)
    phones: dict[str, int] = field(default_factory=dict)
    cards: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Opening:
    """A row that was read: the customer, and the account that they begin with."""

    new: NewCustomer
    phone: str
    card: str
    points: int
    spend_minor: int


class _TakeBack(Exception):
    """Nothing of this transaction is to stay."""


def import_customers(
    till: Till, rows: Iterable[ImportRow | BadRow], *, skip_bad: bool = False, dry_run: bool = False
) -> Imported | Refused:
    """Register customers with an opening gift of points, in one transaction.

    A single bad row leaves nothing behind, unless `skip_bad`; `dry_run` books nothing at all. The import says
    that its customers agreed to the programme's terms before.
    """
    today = till.today()
    programme = till.programme(today)
    if isinstance(programme, Refused):
        return programme
    state = _Import(till, programme, today)
    booked = True
    try:
        with till.ledger.atomic():
            for row in rows:
                reason = row.reason if isinstance(row, BadRow) else _book(state, row)
                if reason is not None:
                    state.bad.append(BadRow(row.line, reason))
            if dry_run or (state.bad and not skip_bad):
                raise _TakeBack
    except _TakeBack:
        booked = False
    bad = tuple(state.bad)
    return Imported(state.customers, len(state.cards), state.points, state.spend_minor, bad, booked)


def _book(state: _Import, row: ImportRow) -> Phrase | None:
    """Register one row's customer with their opening account; return why not."""
    opening = _read(state, row)
    if isinstance(opening, Refused):
        return opening.reason
    twice = _seen(state, opening)
    if twice is not None:
        return twice
    customer_id = register(state.till, opening.new, IMPORTER)
    if isinstance(customer_id, Refused):
        return customer_id.reason
    state.phones[opening.phone] = row.line
    if opening.card:
        state.cards[opening.card] = row.line
    _open_account(state, customer_id, opening)
    state.customers += 1
    state.points += opening.points
    state.spend_minor += opening.spend_minor
    return None


def _seen(state: _Import, opening: _Opening) -> Phrase | None:
    if opening.phone in state.phones:
        return phrase("Line {line} has the same phone.", line=state.phones[opening.phone])
    if opening.card in state.cards:
        return phrase("Line {line} has the same card.", line=state.cards[opening.card])
    return None


def _open_account(state: _Import, customer_id: str, opening: _Opening) -> None:
    refused = open_account(
        state.till,
        customer_id,
        points=opening.points,
        spend_minor=opening.spend_minor,
        by=IMPORTER,
        reason="import",
    )
    assert refused is None, "the programme was in force when the import began"


def _read(state: _Import, row: ImportRow) -> _Opening | Refused:
    phone = read_phone(row.phone, state.till.shop.country)
    if isinstance(phone, Refused):
        return phone
    card = read_card(row.card) if row.card.strip() else ""
    if isinstance(card, Refused):
        return card
    points = _points(row.points, state.programme)
    if isinstance(points, Refused):
        return points
    decimals = state.programme.currency_decimals
    spend = read_amount(row.spend, decimals, zero_allowed=True) if row.spend.strip() else 0
    if isinstance(spend, Refused):
        return spend
    birthday = _birthday(row.birthday, state.today)
    if isinstance(birthday, Refused):
        return birthday
    language = _language(row.language)
    if isinstance(language, Refused):
        return language
    if row.email.strip() and not _is_email(row.email.strip()):
        return Refused(phrase("“{text}” is not an e-mail address.", text=row.email), "email")
    new = NewCustomer(
        row.name,
        "+" + phone,
        card,
        row.email,
        birthday,
        language,
        agreed=True,
    )
    return _Opening(new, phone, card, points, spend)


def _points(text: str, programme: Programme) -> int | Refused:
    compact = "".join(text.split()).replace(",", ".")
    if not compact:
        return 0
    refused = Refused(phrase("“{text}” is not a number of bonuses.", text=text), "points")
    try:
        units = Decimal(compact).scaleb(programme.points_decimals)
    except InvalidOperation:
        return refused
    if not units.is_finite() or not 0 <= units <= _MOST_POINTS * programme.units_per_point:
        return refused
    if units != units.to_integral_value():
        decimals = programme.points_decimals
        return Refused(
            phrase("“{text}” has too many decimals. Bonuses here have: {decimals}.", text=text, decimals=decimals),
            "points",
        )
    return int(units)


def _birthday(text: str, today: date) -> date | Refused | None:
    wanted = text.strip()
    if not wanted:
        return None
    for form in _DATE_FORMS:
        try:
            found = datetime.strptime(wanted, form).date()  # noqa: DTZ007 - a day of the calendar, in no zone
        except ValueError:
            continue
        if found.year >= _OLDEST_YEAR and found <= today:
            return found
    return Refused(phrase("“{text}” is not a birthday. Write it as 1990-12-31.", text=text), "birthday")


def _language(text: str) -> str | Refused:
    folded = fold(text)
    known = _LANGUAGE_NAMES.get(folded, folded)
    if known and known not in LANGUAGES:
        return Refused(phrase("“{text}” is not a language: uk, pl, ru or en.", text=text), "language")
    return known


def _is_email(text: str) -> bool:
    name, sign, domain = text.rpartition("@")
    return bool(name and sign and domain) and "@" not in name and not any(letter.isspace() for letter in text)
