"""The nightly job: its lock, its steps, where it was when it was stopped, and what it says at the end."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from random import SystemRandom
from typing import TextIO
from zoneinfo import ZoneInfo

from filelock import FileLock, Timeout

from sync.comparing import NeverStill
from sync.faults import SyncFault
from sync.joining import client_of
from sync.link import Link
from sync.night_steps import STEPS, Night, Told
from terminal.config import Config
from terminal.ledger.contact import SITE, TOKEN
from terminal.ledger.errors import LedgerError
from terminal.ledger.key import KeyUnavailable, read_key
from terminal.ledger.ledger import Ledger
from terminal.ledger.opening import open_ledger

DONE, DIFFERENT, COULD_NOT = 0, 1, 2
"""Exit codes of the nightly job."""

_FACT = "nightly"
_TAKEN_UP_WITHIN_MS = 20 * 60 * 60 * 1000

Say = Callable[[str, Told], None]


def run_nightly(
    config: Config,
    *,
    as_json: bool,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    out: TextIO | None = None,
    after_step: Callable[[str], None] = lambda name: None,
) -> int:
    """Do the night's steps that are still to do and return the exit code; a second one meanwhile ends at once.

    A step that fails does not keep those after it from being done; it is tried again by the next start.
    """
    stream = out or sys.stdout
    say: Say = _json_to(stream) if as_json else _lines_to(stream)
    try:
        with _alone(config.till.ledger), open_ledger(config.till.ledger, read_key(config.key)) as ledger:
            return _run(config, ledger, say, clock, after_step)
    except Timeout:
        say("night", {"error": "another nightly job works on this ledger"})
    except (LedgerError, KeyUnavailable) as fault:
        say("night", {"error": str(fault)})
    return COULD_NOT


@contextmanager
def _alone(ledger: Path) -> Iterator[None]:
    with FileLock(ledger.with_name(ledger.name + ".night.lock"), timeout=0):
        yield


def _run(
    config: Config, ledger: Ledger, say: Say, clock: Callable[[], datetime], after_step: Callable[[str], None]
) -> int:
    now_ms = int(clock().timestamp() * 1000)
    done, wrong = _taken_up(ledger, now_ms)
    link = _link(config, ledger, clock)
    night = Night(config, ledger, link, clock, wrong)
    failed = 0
    for name, step in STEPS:
        if name in done:
            continue
        try:
            told = step(night)
        except (SyncFault, LedgerError, NeverStill, OSError) as fault:
            failed += 1
            say(name, {"error": str(fault) or type(fault).__name__})
            continue
        done.append(name)
        _note(ledger, now_ms, done, night.wrong)
        say(name, told)
        after_step(name)
    if link is not None:
        link.client.close()
    say("night", {"failed": failed, "wrong": night.wrong})
    if failed:
        return COULD_NOT
    with ledger.atomic():
        ledger.set_fact(_FACT, "")
    return DIFFERENT if night.wrong else DONE


def _link(config: Config, ledger: Ledger, clock: Callable[[], datetime]) -> Link | None:
    token = ledger.fact(TOKEN)
    if token is None or ledger.fact(SITE) is None:
        return None

    def now_ms() -> int:
        return int(clock().timestamp() * 1000)

    return Link(ledger, client_of(config, token), SystemRandom(), now_ms, timezone=ZoneInfo(config.shop.timezone))


def _taken_up(ledger: Ledger, now_ms: int) -> tuple[list[str], list[str]]:
    """Return what a night that was stopped has done and found wrong; nothing when it is too long ago."""
    kept = ledger.fact(_FACT)
    if not kept:
        return [], []
    facts = json.loads(kept)
    if now_ms - facts["at_ms"] > _TAKEN_UP_WITHIN_MS:
        return [], []
    return list(facts["done"]), list(facts["wrong"])


def _note(ledger: Ledger, at_ms: int, done: list[str], wrong: list[str]) -> None:
    with ledger.atomic():
        ledger.set_fact(_FACT, json.dumps({"at_ms": at_ms, "done": done, "wrong": wrong[:1000]}))


def _json_to(stream: TextIO) -> Say:
    def say(step: str, told: Told) -> None:
        stream.write(json.dumps({"step": step, **told}, ensure_ascii=False) + "\n")
        stream.flush()

    return say


def _lines_to(stream: TextIO) -> Say:
    def say(step: str, told: Told) -> None:
        sign = (
            "✗"
            if "error" in told or told.get("failed")
            else "!"
            if told.get("wrong") or told.get("faults")
            else "✓"
        )
        stream.write(f"{sign} {step}: {_plain(told)}\n")
        stream.flush()

    return say


def _plain(told: Told) -> str:
    return ", ".join(f"{name} {value}" for name, value in told.items()) or "nothing to do"
