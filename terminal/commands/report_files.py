"""The report for programs: one CSV file a table, and one line of JSON."""

import csv
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from terminal.desk.figures import Figures
from terminal.desk.sections import Cell, Report
from terminal.locale.words import Words
from terminal.rules.phrase import Counted, Factor, Listed, Money, Percent, Phrase, Points, Weekday
from terminal.rules.reporting import Bought, OfferGroup, share
from terminal.rules.text import safe_text

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(folder: Path, words: Words, report: Report, currency_decimals: int) -> list[Path]:
    """Write figures.csv, with every figure beside its definition, and a file for each table; return their paths.

    Numbers are plain, with a dot; UTF-8 with a mark by which spreadsheets know it.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def plain(cell: Cell) -> str:
        return _plain(words, cell, currency_decimals)

    head = ("section", "figure", "value", "definition", "source", "url")
    figures = [
        (
            section.definition.name,
            words.say(label),
            plain(cell),
            words.say(section.definition.says),
            section.definition.source,
            section.definition.url,
        )
        for section in report.sections
        for label, cell in section.facts
    ]
    written = [_write(folder / "figures.csv", [head, *figures])]
    for table in (table for section in report.sections for table in section.tables):
        rows = [[plain(cell) for cell in row] for row in (table.head, *table.rows)]
        written.append(_write(folder / f"{table.name}.csv", rows))
    return written


def _write(path: Path, rows: Iterable[Iterable[str]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def _plain(words: Words, cell: Cell, currency_decimals: int) -> str:
    match cell:
        case None:
            return ""
        case Phrase() | Counted() | Weekday() | Listed():
            return words.say(Phrase("{value}", (("value", cell),)))
        case Money():
            return str(Decimal(cell.minor).scaleb(-currency_decimals))
        case Points():
            return str(Decimal(cell.units).scaleb(-words.points_decimals))
        case Percent():
            return str(Decimal(cell.basis_points).scaleb(-2))
        case Factor():
            return cell.decimal
        case datetime() | date():
            return cell.isoformat()
        case int() | str():
            return _no_formula(safe_text(cell)) if isinstance(cell, str) else str(cell)


def _no_formula(text: str) -> str:
    """Keep a spreadsheet from running a name as a formula; "+3" of a head is a number to it anyway."""
    return f"'{text}" if text.startswith(_FORMULA) and not text[1:].isdigit() else text


def figures_in_json(figures: Figures) -> dict[str, object]:
    """Return the figures as they stand in the documentation: sums in minor units, points in units, shares in
    hundredths of a percent.
    """
    asked, bought, moved, out = figures.asked, figures.bought, figures.moved, figures.outstanding
    return {
        "from": asked.period.first.isoformat(),
        "to": asked.period.last.isoformat(),
        "on": figures.on.isoformat(),
        **_bought(bought),
        "repeated": figures.repeated,
        "repeat_share_bp": share(figures.repeated, bought.customers),
        "new_customers": figures.new_customers,
        "months": [
            {"month": f"{one.month:%Y-%m}", **_bought(one.bought), "new": one.new} for one in figures.months
        ],
        "cohorts": [
            {"month": f"{one.month:%Y-%m}", "customers": one.customers, "bought": one.bought}
            for one in figures.cohorts
        ],
        "churn": {
            "days": figures.churn.days,
            "customers": figures.churn.customers,
            "lost": figures.churn.lost,
            "share_bp": share(figures.churn.lost, figures.churn.customers),
        },
        "points": {
            "issued": moved.issued,
            "redeemed": moved.redeemed,
            "expired": moved.expired,
            "redeemed_share_bp": share(moved.redeemed, moved.issued),
        },
        "outstanding": {
            "points": out.points,
            "worth_minor": out.worth_minor,
            "by_age": [band.points for band in out.by_age],
            "by_expiry": [band.points for band in out.by_expiry],
        },
        "expiring": {
            "month": f"{figures.expiring.month.first:%Y-%m}",
            "customers": figures.expiring.customers,
            "points": figures.expiring.points,
            "worth_minor": figures.expiring.worth_minor,
        },
        "spend_minor": asked.spend_minor,
        "register_bills": asked.register.bills if asked.register else None,
        "register_paid_minor": asked.register.paid_minor if asked.register else None,
        "offers": [
            {
                "id": offer.id,
                "from": offer.period.first.isoformat(),
                "to": offer.period.last.isoformat(),
                "with": _group(offer.having),
                "without": _group(offer.others),
                "extra_minor": offer.extra_minor,
            }
            for offer in figures.offers
        ],
        "tiers": [
            {"name": tier.name, "customers": tier.customers, "active": tier.active} for tier in figures.tiers
        ],
        "till": _till(figures),
    }


def _bought(bought: Bought) -> dict[str, int]:
    return {
        "sales": bought.sales,
        "customers": bought.customers,
        "total_minor": bought.total_minor,
        "paid_minor": bought.paid_minor,
    }


def _group(group: OfferGroup) -> dict[str, int]:
    return {
        "customers": group.customers,
        "bought": group.buyers,
        "sales": group.sales,
        "paid_minor": group.paid_minor,
        "paid_before_minor": group.paid_before_minor,
    }


def _till(figures: Figures) -> dict[str, object]:
    state, backup = figures.health.state, figures.asked.last_backup
    return {
        "entries": state.last_seq,
        "last_entry_ms": state.last_entry_ms,
        "last_entry_holds": figures.health.head_holds,
        "unsent": state.unsent if state.has_site else None,
        "slips_waiting": state.slips_waiting,
        "slips_unknown": state.slips_unknown,
        "last_backup": backup.isoformat() if backup else None,
    }
