"""Words: a phrase, a sum, points or a day, said in one language."""

import gettext
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from terminal.rules.phrase import Counted, Factor, Listed, Money, Percent, Phrase, Points, Value, Weekday
from terminal.rules.text import safe_text

LANGUAGES = ("uk", "pl", "ru", "en")
FOLDER = Path(__file__).parent
_SPELLED = {"₴": "грн", "₸": "тг", "₽": "руб."}
_AFTER_A_CODE = re.compile("(?<=[A-Z]{3})(?=[0-9])")


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the messages of a language; English is the source and needs none."""
    if language == "en":
        return gettext.NullTranslations()
    return gettext.translation("tillmate", FOLDER, languages=[language])


@dataclass(frozen=True, slots=True)
class _Figures:
    """How a language writes numbers: between thousands, before decimals, before a negative one."""

    group: str
    point: str
    minus: str

    def write(self, count: int, places: int, least: int) -> str:
        """Write `count` (0 or more) of the smallest part, of `places` decimals, at `least` so many shown."""
        whole, part = divmod(count, 10**places)
        digits = f"{part:0{places}d}".rstrip("0").ljust(least, "0") if places else ""
        return f"{whole:,}".replace(",", self.group) + (self.point + digits if digits else "")


@dataclass(frozen=True, slots=True)
class _Sum:
    """How a language writes a sum of a currency: its decimals, and what stands around the digits."""

    places: int
    positive: tuple[str, str]
    negative: tuple[str, str]


@cache
def _figures(language: str) -> _Figures:
    """Ask Babel once a language: writing by its rules is much slower, and a slip has a dozen numbers."""
    from babel.numbers import get_decimal_symbol, get_group_symbol, get_minus_sign_symbol

    return _Figures(
        _plain(get_group_symbol(language)), get_decimal_symbol(language), get_minus_sign_symbol(language)
    )


@cache
def _sum(language: str, currency: str) -> _Sum:
    from babel.numbers import format_currency, get_currency_precision

    around = [
        re.split(r"\d.*\d|\d", _plain(format_currency(sample, currency, locale=language)))
        for sample in (Decimal("1.11"), Decimal("-1.11"))
    ]
    (before, after), (before_negative, after_negative) = around
    return _Sum(get_currency_precision(currency), (before, after), (before_negative, after_negative))


@lru_cache(maxsize=1024)
def _day(day: date, language: str) -> str:
    from babel.dates import format_date

    return format_date(day, format="dd.MM.yyyy" if language != "en" else "d MMM yyyy", locale=language)


@cache
def _weekday(number: int, language: str) -> str:
    from babel.dates import get_day_names

    return str(get_day_names("abbreviated", locale=language)[number])


def _plain(text: str) -> str:
    """Put the plain space for those that do not break."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


class Words:
    """One language with the shop's currency, points and time zone."""

    def __init__(self, language: str, currency: str, timezone: tzinfo, points_decimals: int = 0) -> None:
        assert language in LANGUAGES, language
        self.language = language
        self.currency = currency
        self.timezone = timezone
        self.points_decimals = points_decimals
        self._catalogue = catalogue(language)

    def gettext(self, message: str) -> str:
        """Translate a message without places."""
        return self._catalogue.gettext(message)

    def say(self, said: Phrase) -> str:
        """Translate a phrase and put its values in, each in the form of the language."""
        return self._catalogue.gettext(said.text).format_map(
            {name: self._value(value) for name, value in said.values}
        )

    def _value(self, value: Value) -> str:
        match value:
            case Money():
                return self.money(value.minor)
            case Points():
                return self.points(value.units, value.decimals)
            case Percent():
                return self.percent(value.basis_points)
            case Factor():
                return value.decimal.replace(".", _figures(self.language).point)
            case Counted() | Weekday() | Listed() | Phrase():
                return self._worded(value)
            case datetime():
                return self.moment(int(value.timestamp()) * 1000)
            case date():
                return self.day(value)
            case int():
                return self.number(value)
            case str():
                return safe_text(value)

    def _worded(self, value: Counted | Weekday | Listed | Phrase) -> str:
        match value:
            case Counted():
                return self._counted(value).format(n=value.count)
            case Weekday():
                return _weekday(value.number, self.language)
            case Listed():
                return ", ".join(self._value(one) for one in value.values)
            case Phrase():
                return self.say(value)

    def _counted(self, counted: Counted) -> str:
        count, ngettext = counted.count, self._catalogue.ngettext
        match counted.what:
            case "day":
                return ngettext("{n} day", "{n} days", count)
            case "month":
                return ngettext("{n} month", "{n} months", count)
            case "piece":
                return ngettext("{n} piece", "{n} pieces", count)
            case "time":
                return ngettext("{n} time", "{n} times", count)
            case "stamp":
                return ngettext("{n} stamp", "{n} stamps", count)
            case "friend":
                return ngettext("{n} friend", "{n} friends", count)

    def money(self, minor: int) -> str:
        """Say a sum: 12345 -> 123,45 ₴."""
        shape = _sum(self.language, self.currency)
        before, after = shape.negative if minor < 0 else shape.positive
        return before + _figures(self.language).write(abs(minor), shape.places, shape.places) + after

    def paper_money(self, minor: int) -> str:
        """Say a sum for paper: a sign that is on no printer's code page is spelled (123,45 грн, UAH 123.45)."""
        said = self.money(minor)
        for sign, spelled in _SPELLED.items():
            said = said.replace(sign, spelled)
        return _AFTER_A_CODE.sub(" ", said)

    def points(self, units: int, decimals: int | None = None) -> str:
        """Say points with the right plural: 21 -> 21 бонус; of other decimals than the programme's when given."""
        places = self.points_decimals if decimals is None else decimals
        count, part = divmod(abs(units), 10**places)
        # A part of a point takes the form for a few in the Slavic languages ("2,5 бонуса").
        form = self._catalogue.ngettext("{n} bonus point", "{n} bonus points", count)
        if part:
            form = self._catalogue.pgettext("a part of a point", "{n} bonus points")
        return form.format(n=self._points_number(units, places))

    def points_number(self, units: int) -> str:
        """Say points as a bare number in the language's form: 1234 -> 1 234."""
        return self._points_number(units, self.points_decimals)

    def _points_number(self, units: int, places: int) -> str:
        figures = _figures(self.language)
        return (figures.minus if units < 0 else "") + figures.write(abs(units), places, 0)

    def number(self, value: int) -> str:
        """Say a whole number."""
        return str(value)

    def percent(self, basis_points: int) -> str:
        """Say a share: 1250 -> 12,5 %."""
        from babel.numbers import format_percent

        exact = _decimal(basis_points, 4)
        return format_percent(
            exact, format="#,##0.##%" if self.language == "en" else "#,##0.## %", locale=self.language
        )

    def day(self, day: date) -> str:
        """Say a day of the shop's calendar: 22.11.2026."""
        return _day(day, self.language)

    def moment(self, at_ms: int) -> str:
        """Say a moment (UTC ms) as the shop's clock shows it: 22.11.2026 14:05."""
        local = self.local(at_ms)
        return f"{self.day(local.date())} {local.hour:02}:{local.minute:02}"

    def local(self, at_ms: int) -> datetime:
        """Return a moment (UTC ms) in the shop's time zone."""
        return datetime.fromtimestamp(at_ms // 1000, tz=UTC).astimezone(self.timezone)


def _decimal(whole: int, places: int) -> Decimal:
    return Decimal(whole).scaleb(-places)
