"""`tillmate devices`: the printers and scanners that this machine sees, and the config line that would use each."""

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import click

from printers.attached import AttachedPrinter, attached_printers
from printers.refusal import group_of
from terminal.commands.invocation import Invocation
from terminal.config import Config, ConfigError
from terminal.config.write import toml_value
from terminal.devices.keyboards import SCANNER_MAKERS, TypingScanner, typing_scanners
from terminal.devices.serial_scanner import SerialPort, serial_ports
from terminal.rules.phrase import Phrase, phrase
from terminal.rules.text import safe_text


@dataclass(frozen=True, slots=True)
class Device:
    """One device: what it is, where, the config lines that would use it, the group to join first ("" for none)."""

    kind: str
    name: str
    place: str
    lines: tuple[str, ...]
    group: str = ""


_HEADS: dict[str, Phrase] = {
    "printer": phrase("Printers:"),
    "serial": phrase("Serial ports, for a printer or a scanner:"),
    "scanner": phrase("Scanners:"),
}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One line of JSON for a program.")
@click.pass_obj
def devices(invocation: Invocation, as_json: bool) -> None:
    """List the printers, serial ports and scanners that are plugged in, each with its config line.

    Example: tillmate devices
    """
    found = seen_devices(attached_printers(), serial_ports(), typing_scanners())
    used = _used(invocation)
    if as_json:
        told = [asdict(one) | {"used": bool(used & set(one.lines))} for one in found]
        click.echo(json.dumps({"devices": told}, ensure_ascii=False))
        return
    for kind, head in _HEADS.items():
        these = [one for one in found if one.kind == kind]
        if these:
            invocation.echo(head)
        for one in these:
            _show(invocation, one, used)
    if not found:
        invocation.echo(phrase("No printer and no scanner is seen."))
    invocation.echo(phrase("A printer on the network is not seen from here: {line}", line=_NETWORK))
    invocation.echo(phrase("A scanner that types needs no more than this: {line}", line=_WEDGE))


_NETWORK = '[printer] url = "tcp://ADDRESS:9100"'
_WEDGE = "[scanner] wedge = true"


def seen_devices(
    printers: Iterable[AttachedPrinter], ports: Iterable[SerialPort], keyboards: Iterable[TypingScanner]
) -> list[Device]:
    """Put together what was found; a USB device goes by its numbers, which stay its own in any socket."""
    found = [
        Device(
            "printer",
            one.name,
            one.device or one.address,
            (_line("printer", "url", one.address),),
            _missing(one.device),
        )
        for one in printers
    ]
    listed = list(ports)
    often = Counter(port.usb_numbers for port in listed)
    for port in listed:
        named = port.usb_numbers if often[port.usb_numbers] == 1 and port.usb_numbers else port.path
        scanner = _line("scanner", "port", named)
        is_scanner = port.usb_numbers[:4] in SCANNER_MAKERS
        lines = (scanner,) if is_scanner else (_line("printer", "url", f"serial:{named}"), scanner)
        name = SCANNER_MAKERS.get(port.usb_numbers[:4], "") if port.description in ("", "n/a") else port.description
        kind = "scanner" if is_scanner else "serial"
        found.append(Device(kind, f"{name} {port.usb_numbers}".strip(), port.path, lines, _missing(port.path)))
    found += [Device("scanner", one.name, one.usb_numbers, (_WEDGE,)) for one in keyboards]
    return found


def _line(section: str, key: str, value: str) -> str:
    return f"[{section}] {key} = {toml_value(value)}"


def _missing(device: str) -> str:
    """The group that the user must join to use a device; "" when nothing is missing."""
    return (
        "" if not device or not Path(device).exists() or os.access(device, os.R_OK | os.W_OK) else group_of(device)
    )


def _used(invocation: Invocation) -> set[str]:
    """The lines that stand in the config already."""
    try:
        config: Config = invocation.config
    except ConfigError:
        return set()
    lines = {_line("printer", "url", config.printer.url), _line("scanner", "port", config.scanner.port)}
    return lines | ({_WEDGE} if config.scanner.wedge else set())


def _show(invocation: Invocation, one: Device, used: set[str]) -> None:
    click.echo("  " + "  ".join(safe_text(part) for part in (one.name, one.place) if part))
    for line in one.lines:
        mark = f"   ✓ {invocation.words.gettext('in the config')}" if line in used else ""
        click.echo(f"      {line}{mark}")
    if one.group:
        told = phrase("No permission: add the user to the group {group} and sign in again.", group=one.group)
        click.echo(f"      ! {invocation.words.say(told)}")
