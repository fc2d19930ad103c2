"""The words of a notice: standard ones in four languages, and those that an owner lays over them."""

import tomllib
from datetime import date
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

from babel.core import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from sync.site.notice_ways import NoticeError
from terminal.rules.text import safe_text

LANGUAGES = ("uk", "pl", "ru", "en")
CHANGES = ("registration", "earned", "expiring", "tier", "offer", "order", "birthday")
PLACES = frozenset({"name", "shop", "points", "balance", "day", "tier", "offer", "order", "state", "sum"})
"""What may stand in braces."""

_POINTS = {
    "uk": {"one": "бонус", "few": "бонуси", "many": "бонусів", "other": "бонуса"},
    "ru": {"one": "бонус", "few": "бонуса", "many": "бонусов", "other": "бонуса"},
    "pl": {"one": "bonus", "few": "bonusy", "many": "bonusów", "other": "bonusa"},
    "en": {"one": "bonus point", "other": "bonus points"},
}


class Words:
    """All words, by language and change; `folder` may hold files such as uk.toml that change some of them."""

    def __init__(self, folder: Path | None = None) -> None:
        self._words: dict[str, dict[str, Any]] = {}
        for language in LANGUAGES:
            text = (files("sync.site") / "words" / f"{language}.toml").read_text(encoding="utf-8")
            self._words[language] = tomllib.loads(text)
            own = folder / f"{language}.toml" if folder else None
            if own is not None and own.exists():
                self._lay_over(language, own)

    def _lay_over(self, language: str, path: Path) -> None:
        try:
            own = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
            raise NoticeError(f"{path}: {fault}") from fault
        for name, table in own.items():
            if not isinstance(table, dict) or not all(isinstance(text, str) for text in table.values()):
                raise NoticeError(f"{path}: [{name}]: write subject, email and sms as text")
            for key, text in table.items():
                _check(f"{path}: {name}.{key}", text)
            # A table of a name of its own is a template that the programme asks for by that name.
            base = self._words[language].get(name, {})
            self._words[language][name] = base | table

    def write(
        self, language: str, change: str, channel: str, template: str, values: dict[str, str]
    ) -> tuple[str, str]:
        """Return (subject, text). `values` fill the places; they are data, so no brace of theirs is a place."""
        words = self._words[language if language in LANGUAGES else "en"]
        table = words.get(template) or words[change]
        state = words["states"].get(values.get("state", ""), "")
        filled = dict.fromkeys(PLACES, "") | values | {"state": state}
        text = table.get(channel) or words[change][channel]
        subject = table.get("subject") or words[change]["subject"]
        return safe_text(subject.format_map(filled)), text.strip().format_map(filled)


def _check(place: str, text: str) -> None:
    try:
        names = {name for _, name, spec, conversion in Formatter().parse(text) if name is not None}
    except ValueError as fault:
        raise NoticeError(f"{place}: a brace is not closed") from fault
    strange = sorted(names - PLACES)
    if strange:
        raise NoticeError(f"{place}: {{{strange[0]}}} is not known; there are {', '.join(sorted(PLACES))}")


def say_points(units: int, decimals: int, language: str) -> str:
    """Return points with their word: 5 бонусів."""
    amount = Decimal(units).scaleb(-decimals)
    forms = _POINTS[language]
    form = Locale.parse(language).plural_form(amount)
    return f"{format_decimal(amount, locale=language)} {forms.get(form, forms['other'])}"


def say_money(minor: int, decimals: int, currency: str, language: str) -> str:
    """Return a sum with its currency."""
    return str(format_currency(Decimal(minor).scaleb(-decimals), currency, locale=language))


def say_day(day: str, language: str) -> str:
    """Return a day of the calendar in words."""
    return str(format_date(date.fromisoformat(day), format="long", locale=language))
