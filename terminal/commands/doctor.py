"""`tillmate doctor`: everything the till needs, a line each, and how to mend what is not right."""

import json
import textwrap
from collections.abc import Callable, Iterator
from datetime import datetime
from random import SystemRandom

import click

from terminal.commands import checks, device_checks
from terminal.commands.checks import Finding, Mark
from terminal.commands.faults import FAULTS, Fault, told
from terminal.commands.invocation import Invocation
from terminal.config import Config, ConfigError
from terminal.desk.till import Till, shop_of
from terminal.ledger.key import KeyUnavailable, pepper, read_key
from terminal.ledger.opening import open_ledger
from terminal.rules.phrase import phrase
from terminal.rules.text import safe_text
from terminal.wiring import system_clock

_STATES = {Mark.GOOD: "ok", Mark.LOOK: "look", Mark.BAD: "bad"}
_COLOURS = {Mark.GOOD: "green", Mark.LOOK: "yellow", Mark.BAD: "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_obj
def doctor(invocation: Invocation, as_json: bool) -> None:
    """Check config, key, ledger, clock, programme, staff, site, disk, backups, printer and scanner.

    A line each: ✓ is good, ! is worth a look, ✗ is to be mended, with how to do it. Exit 1 when there is a ✗.

    Example: tillmate doctor
    """
    findings = []
    for finding in examined(invocation, system_clock):
        findings.append(finding)
        if not as_json:
            _show(invocation, finding)
    ok = all(finding.mark is not Mark.BAD for finding in findings)
    if as_json:
        click.echo(json.dumps({"checks": [_figures(invocation, one) for one in findings], "ok": ok}))
    elif ok:
        invocation.echo(phrase("The till can work."))
    else:
        invocation.echo(phrase("Mend what is marked ✗, then ask again: tillmate doctor."))
    raise click.exceptions.Exit(0 if ok else 1)


def examined(invocation: Invocation, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """Run every check that can be run; one that fails does not stop the others."""
    try:
        config = invocation.config
    except ConfigError as fault:
        yield _failed("config", fault, invocation)
        return
    yield checks.check_config(config, invocation.config_path)
    try:
        yield from _ledger_findings(invocation, config, clock)
    except FAULTS as fault:
        yield _failed("ledger", fault, invocation)
    yield _tried("disk", invocation, lambda: checks.check_disk(config.till.ledger))
    yield _tried("backup", invocation, lambda: checks.check_backups(config.backup, config.till.ledger, clock()))
    yield _tried("printer", invocation, lambda: device_checks.check_printer(config.printer))
    yield _tried("scanner", invocation, lambda: device_checks.check_scanner(config.scanner))


def _ledger_findings(invocation: Invocation, config: Config, clock: Callable[[], datetime]) -> Iterator[Finding]:
    try:
        key = read_key(config.key)
    except KeyUnavailable as fault:
        yield _failed("key", fault, invocation)
        return
    yield checks.check_key(config.key)
    with open_ledger(config.till.ledger, key) as ledger:
        till = Till(ledger, clock, SystemRandom(), shop_of(config.shop), pepper(key))
        yield from checks.check_ledger(till, config.till.name)
        yield checks.check_clock(till)
        yield from checks.check_shop(till)
        yield checks.check_site(till)
        yield checks.check_prints(till)


def _tried(check: str, invocation: Invocation, run: Callable[[], Finding]) -> Finding:
    try:
        return run()
    except FAULTS as fault:
        return _failed(check, fault, invocation)


def _failed(check: str, fault: Fault, invocation: Invocation) -> Finding:
    """Return a finding whose words already say how to mend it, as every named fault does."""
    return Finding(check, Mark.BAD, None, None, told(fault, invocation)[1])


def _says(invocation: Invocation, finding: Finding) -> str:
    parts = (
        invocation.words.say(finding.words) if finding.words else "",
        safe_text(finding.detail, max_length=1000),
    )
    return " ".join(part for part in parts if part)


def _show(invocation: Invocation, finding: Finding) -> None:
    mark = click.style(finding.mark.value, fg=_COLOURS[finding.mark], bold=True)
    click.echo(f"{mark} {_says(invocation, finding)}")
    if finding.mend is not None:
        click.echo(textwrap.indent(invocation.words.say(finding.mend), "    → "))


def _figures(invocation: Invocation, finding: Finding) -> dict[str, str]:
    return {
        "check": finding.check,
        "state": _STATES[finding.mark],
        "says": _says(invocation, finding),
        "mend": invocation.words.say(finding.mend) if finding.mend else "",
    }
