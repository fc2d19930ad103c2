"""How a till stands with its site, in figures and in lines to read."""

from dataclasses import dataclass
from datetime import UTC, datetime

from terminal.config import Config
from terminal.ledger.contact import Contact, contact
from terminal.ledger.key import read_key
from terminal.ledger.opening import open_ledger
from terminal.ledger.sales import unsent


@dataclass(frozen=True, slots=True)
class Status:
    """Figures for a program, lines for a person; `good` when nobody needs to look."""

    figures: dict[str, object]
    lines: list[str]
    good: bool


def status_of(config: Config) -> Status:
    """Read from the ledger how the till stands with its site. Raises KeyUnavailable and LedgerError."""
    with open_ledger(config.till.ledger, read_key(config.key)) as ledger:
        now = contact(ledger)
        waiting, name = unsent(ledger), ledger.terminal_id
    if now is None:
        return Status({"site": None}, ["No site: this till gives out its own bonuses."], good=True)
    figures: dict[str, object] = {
        "site": config.site.url,
        "till": name,
        "unsent": waiting,
        "seen_ms": now.seen_ms,
        "offline_since_ms": now.lost_ms or None,
        "trouble": now.trouble or None,
        "restored": now.restored,
        "loaded": now.loaded,
        "grants": now.granted,
    }
    good = not (now.trouble or now.lost_ms or now.restored)
    return Status(figures, _lines(config, name, now, waiting), good)


def _lines(config: Config, name: str, now: Contact, waiting: int) -> list[str]:
    lines = [
        f"{name} at {config.site.url}",
        f"Entries not sent: {waiting}",
        f"Last contact: {_moment(now.seen_ms)}",
    ]
    if now.lost_ms:
        lines.append(f"! Offline since {_moment(now.lost_ms)}")
    if now.trouble:
        what = (
            "Join again with a new code: tillmate sync enrol URL CODE"
            if now.for_good
            else "The site's staff must look"
        )
        lines.append(f"! The site says: {now.trouble}. {what}.")
    if now.restored:
        lines.append("! This ledger was restored; bonuses are not taken off until the site has seen it.")
    if not now.loaded:
        lines.append("! Not everything has been loaded from the site yet.")
    return lines


def _moment(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if at_ms else "never"
