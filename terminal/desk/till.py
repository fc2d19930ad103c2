"""What every use-case works with: this till's ledger, clock, chance and shop."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from terminal.config import ShopConfig
from terminal.ledger.ledger import Ledger
from terminal.ledger.shop import programme_in_force
from terminal.locale.words import Words
from terminal.rules.account import Account
from terminal.rules.bill import Bill
from terminal.rules.document import read_programme
from terminal.rules.entry import Draft, Payload, canonical_json, uuid7
from terminal.rules.phrase import Refused, phrase
from terminal.rules.programme import Programme
from terminal.rules.quote import Quote
from terminal.rules.watch import WatchLimits
from terminal.rules.wish import Moment, Wish

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_CLOCK_BACK_MS = 5 * 60 * 1000
_QUARTER_MS = 15 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop as slips and screens show it; `country` (ISO 3166) says how phones are typed."""

    name: str
    address: tuple[str, ...]
    language: str
    currency: str
    country: str
    timezone: tzinfo
    thank_you: str = ""


def shop_of(config: ShopConfig) -> Shop:
    """Return the shop that a config describes."""
    return Shop(
        name=config.name,
        address=config.address,
        language=config.language,
        currency=config.currency,
        country=config.country,
        timezone=ZoneInfo(config.timezone),
        thank_you=config.thank_you,
    )


class Asked(NamedTuple):
    """All that a quote depends on."""

    programme: Programme
    account: Account
    bill: Bill
    wish: Wish
    moment: Moment


class ClockWatch:
    """Notices that the machine's clock was set, beside a time that nobody can set."""

    def __init__(self, clock: Callable[[], datetime], steady_ms: Callable[[], int]) -> None:
        self._clock, self._steady_ms = clock, steady_ms
        self._apart_ms = self._now_apart_ms()

    def moved_ms(self) -> int:
        """How far the clock was moved since the start, or since it was accepted; forward is positive."""
        return self._now_apart_ms() - self._apart_ms

    def accept(self) -> None:
        """Take the clock as it stands for right."""
        self._apart_ms = self._now_apart_ms()

    def _now_apart_ms(self) -> int:
        return milliseconds(self._clock()) - self._steady_ms()


@dataclass(slots=True)
class Till:
    """One till. `clock` returns aware times; `pepper` is mixed into PINs before they are hashed.

    `watch` says what a manager has to let pass; None watches nothing (a replay, a scenario). `offline_days` is how
    long it takes bonuses off without hearing of its site, where it has one; the site may allow fewer.
    `last_quote` is what was asked last, as the confirmation asks it again, and the answer.
    """

    ledger: Ledger
    clock: Callable[[], datetime]
    chance: Random
    shop: Shop
    pepper: bytes = b""
    training: bool = False
    watch: WatchLimits | None = None
    clock_watch: ClockWatch | None = None
    offline_days: int = 14
    last_quote: tuple[Asked, Quote] | None = None

    def now_ms(self) -> int:
        """The time in UTC ms, never before the last entry or the site's time: a clock set back opens nothing."""
        return max(milliseconds(self.clock()), self.ledger.not_before_ms())

    def clock_is_back(self) -> bool:
        """Tell whether the machine's clock is more than five minutes behind the last entry or the site."""
        return milliseconds(self.clock()) + _CLOCK_BACK_MS < self.ledger.not_before_ms()

    def day_of(self, at_ms: int) -> date:
        """The day of the shop's calendar at a time in UTC ms."""
        return _day_of(at_ms // _QUARTER_MS, self.shop.timezone)

    def start_ms(self, day: date) -> int:
        """The time in UTC ms at which a day of the shop's calendar begins."""
        return milliseconds(datetime.combine(day, time(), self.shop.timezone))

    def today(self) -> date:
        """The shop's day now."""
        return self.day_of(self.now_ms())

    def new_id(self, at_ms: int) -> str:
        """A new UUIDv7."""
        return uuid7(at_ms, self.chance.getrandbits(74))

    def draft(
        self,
        kind: str,
        operator_id: str,
        at_ms: int,
        payload: Payload,
        *,
        points: int = 0,
        customer_id: str | None = None,
        sale_id: str | None = None,
    ) -> Draft:
        """An entry ready for the journal."""
        text = canonical_json(payload)
        return Draft(self.new_id(at_ms), kind, at_ms, operator_id, points, customer_id, sale_id, text)

    def programme(self, on: date) -> Programme | Refused:
        """The programme in force on a day."""
        found = programme_in_force(self.ledger, on)
        if found is None:
            return Refused(phrase("No programme is in force. A manager can load one: tillmate init."))
        return read_programme(found[1])

    def words(self, language: str | None = None, on: date | None = None) -> Words:
        """Words in a language (the shop's when None), with the points' decimals of the programme in force."""
        programme = self.programme(on or self.today())
        decimals = 0 if isinstance(programme, Refused) else programme.points_decimals
        return Words(language or self.shop.language, self.shop.currency, self.shop.timezone, decimals)


@lru_cache(maxsize=4096)
def _day_of(quarter: int, timezone: tzinfo) -> date:
    """The day at a quarter of an hour since 1970: in no zone of today a day begins within one."""
    return (_EPOCH + timedelta(milliseconds=quarter * _QUARTER_MS)).astimezone(timezone).date()


def milliseconds(moment: datetime) -> int:
    """Whole milliseconds since 1970 of an aware time."""
    return (moment - _EPOCH) // _MILLISECOND
