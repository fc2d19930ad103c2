"""What `tillmate doctor` looks at: each check is one function that answers with findings and mends nothing."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from terminal import desk
from terminal.config import BackupConfig, Config, KeyConfig
from terminal.desk.till import Till
from terminal.ledger.backup import backups_in
from terminal.ledger.contact import SITE, contact
from terminal.ledger.health import health
from terminal.ledger.queues import open_prints
from terminal.rules.phrase import Phrase, Refused, phrase

_LITTLE_ROOM_MB = 500
_NO_ROOM_MB = 50
_OLD_BACKUP_DAYS = 2
_OLDEST_CLOCK = datetime(2026, 1, 1, tzinfo=UTC)


class Mark(StrEnum):
    """How a check ended; the sign is never told by its colour alone."""

    GOOD = "✓"
    LOOK = "!"
    BAD = "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: what was looked at, how it is, and how to mend it.

    `detail` is technical, or a fault that is told already.
    """

    check: str
    mark: Mark
    words: Phrase | None
    mend: Phrase | None = None
    detail: str = ""


def check_key(settings: KeyConfig) -> Finding:
    """Say where the key, which was read, is kept."""
    match settings.store:
        case "file":
            return _good(
                "key", phrase("The key is in {path}, which its owner alone can read.", path=str(settings.path))
            )
        case "keyring":
            return _good("key", phrase("The key is in the keyring, under {service}.", service=settings.service))
        case "systemd":
            return _good("key", phrase("The key is a credential of systemd: {name}.", name=settings.credential))


def check_ledger(till: Till, name: str) -> Iterator[Finding]:
    """Look at a ledger that was opened: SQLite, pragmas, schema, name, the end of its chain."""
    found = health(till.ledger)
    yield _good("sqlite", phrase("SQLite {version} shares a file safely.", version=found.sqlite_version))
    pragmas = ", ".join(f"{pragma}={value}" for pragma, value in found.pragmas)
    yield _good("pragmas", phrase("The ledger waits for the disk."), pragmas)
    yield _good("schema", phrase("The schema is whole, version {version}.", version=found.schema_version))
    if till.ledger.terminal_id != name:
        yield Finding(
            "name",
            Mark.BAD,
            phrase("The ledger belongs to the till “{ledger}”.", ledger=till.ledger.terminal_id),
            phrase("Put that name into the config, or this till's own ledger into its place."),
        )
    if found.head_holds:
        yield _good("chain", phrase("The last entry holds. Entries: {count}.", count=found.entries))
    else:
        yield Finding(
            "chain",
            Mark.BAD,
            phrase("The last entry was changed."),
            phrase("Restore the last backup: tillmate restore."),
        )


def check_clock(till: Till) -> Finding:
    """Compare the machine's clock with the last entry."""
    now = till.clock()
    if till.clock_is_back():
        return Finding(
            "clock",
            Mark.BAD,
            phrase(
                "The clock was set back: it says {now}, the last entry is of {last}.",
                now=now,
                last=datetime.fromtimestamp(till.ledger.last_at_ms() // 1000, UTC),
            ),
            phrase("Set the clock right. Until then sales carry the time of the last entry."),
        )
    if now < _OLDEST_CLOCK:
        return Finding("clock", Mark.BAD, phrase("The clock says {now}.", now=now), phrase("Set the clock right."))
    return _good("clock", phrase("The clock says {now}, in {zone}.", now=now, zone=str(till.shop.timezone)))


def check_shop(till: Till) -> Iterator[Finding]:
    """Look for a programme in force and for somebody who may manage."""
    programme = till.programme(till.today())
    if isinstance(programme, Refused):
        yield Finding(
            "programme",
            Mark.BAD,
            phrase("No programme is in force."),
            phrase("Publish one: tillmate programme publish FILE."),
        )
    else:
        words = phrase("Programme “{name}”, version {number}.", name=programme.name, number=programme.number)
        yield _good("programme", words)
    managers = [one for one in desk.operators(till) if one.role == "manager"]
    if managers:
        yield _good("managers", phrase("Managers: {count}.", count=len(managers)))
    else:
        yield Finding(
            "managers", Mark.BAD, phrase("Nobody here is a manager."), phrase("Restore a backup that has one.")
        )


def check_site(till: Till) -> Finding:
    """Say how this till stands with its site, as the sync saw it last."""
    now = contact(till.ledger)
    state = desk.site_state(till)
    if now is None or state is None:
        return _good("site", phrase("No site: this till keeps its bonuses alone."))
    address = till.ledger.fact(SITE) or ""
    if now.for_good:
        mend = phrase("Ask the site's staff for a code, then: tillmate sync enrol {url} CODE", url=address)
        return Finding("site", Mark.BAD, state.words, mend)
    if state.trouble:
        return Finding("site", Mark.LOOK, state.words, phrase("Try it now: tillmate sync once"), address)
    return _good("site", state.words, address)


def check_prints(till: Till) -> Finding:
    """Count the slips that are not on paper for certain."""
    jobs = open_prints(till.ledger)
    unsure = sum(job.state == "unknown" for job in jobs)
    if unsure:
        return Finding(
            "prints",
            Mark.LOOK,
            phrase("Slips of which nobody knows whether they were printed: {count}.", count=unsure),
            phrase("Open the till: it asks for each of them."),
        )
    if jobs:
        return Finding(
            "prints",
            Mark.LOOK,
            phrase("Slips that wait for the printer: {count}.", count=len(jobs)),
            phrase("Open the till with the printer on, and they are printed."),
        )
    return _good("prints", phrase("No slip waits for the printer."))


def check_disk(ledger: Path) -> Finding:
    """Look at the room beside the ledger."""
    free_mb = shutil.disk_usage(ledger.parent).free // 1_000_000
    words = phrase("Room on the ledger's disk: {free} MB.", free=free_mb)
    if free_mb >= _LITTLE_ROOM_MB:
        return _good("disk", words)
    return Finding("disk", Mark.BAD if free_mb < _NO_ROOM_MB else Mark.LOOK, words, phrase("Free some room."))


def check_backups(settings: BackupConfig, ledger: Path, now: datetime) -> Finding:
    """Look for a backup of the last two days, and for its folder."""
    if settings.folder.exists() and not (settings.folder.is_dir() and os.access(settings.folder, os.W_OK)):
        return Finding(
            "backup",
            Mark.BAD,
            phrase("Nothing can be written to {path}.", path=str(settings.folder)),
            phrase("Let [backup] folder in the config name a folder of this till's own."),
        )
    mend = phrase("Make one now: tillmate backup. Let the system do it every night.")
    backups = backups_in(settings.folder, ledger) if settings.folder.is_dir() else []
    if not backups:
        words = phrase("There is no backup in {path}.", path=str(settings.folder))
        return Finding("backup", Mark.LOOK, words, mend)
    made = datetime.fromtimestamp(backups[-1].stat().st_mtime, UTC)
    words = phrase("The last backup is of {made}.", made=made)
    if now - made > timedelta(days=_OLD_BACKUP_DAYS):
        return Finding("backup", Mark.LOOK, words, mend)
    return _good("backup", words)


def check_config(config: Config, path: Path) -> Finding:
    """Say which config is in use."""
    return _good("config", phrase("Config {path}, till “{till}”.", path=str(path), till=config.till.name))


def _good(check: str, words: Phrase, detail: str = "") -> Finding:
    return Finding(check, Mark.GOOD, words, None, detail)
