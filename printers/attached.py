"""The printers that this machine knows: on USB, of CUPS and of Windows; and how each is addressed."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_USB_PRINTERS = Path("/sys/class/usbmisc")
_DEVICES = Path("/dev/usb")
_PARALLEL = Path("/dev")
_ASK_S = 3.0


@dataclass(frozen=True, slots=True)
class AttachedPrinter:
    """A printer that was found: its name, the address that prints on it, its device file ("" without one)."""

    name: str
    address: str
    device: str = ""


def attached_printers() -> list[AttachedPrinter]:
    """Every printer that can be found without asking the network."""
    return [*usb_printers(), *_parallel_printers(), *cups_queues(), *_windows_printers()]


def usb_printers(classes: Path = _USB_PRINTERS, devices: Path = _DEVICES) -> list[AttachedPrinter]:
    """The printers of Linux's USB printer driver, by their device."""
    found = []
    for entry in sorted(classes.glob("lp*")):
        usb = (entry / "device").resolve().parent
        numbers = f"{_read(usb / 'idVendor')}:{_read(usb / 'idProduct')}"
        name = f"{_read(usb / 'manufacturer')} {_read(usb / 'product')}".strip() or entry.name
        device = str(devices / entry.name)
        found.append(AttachedPrinter(name, f"usb:{numbers}" if len(numbers) == 9 else f"file:{device}", device))
    return found


def device_of_usb(numbers: str, classes: Path = _USB_PRINTERS, devices: Path = _DEVICES) -> str:
    """The device file of the USB printer "vid:pid", where the system's own driver has it; "" otherwise."""
    wanted = f"usb:{numbers.lower()}"
    return next((one.device for one in usb_printers(classes, devices) if one.address == wanted), "")


def cups_queues() -> list[AttachedPrinter]:
    """The queues of CUPS, where its client is installed and its server answers."""
    program = shutil.which("lpstat")
    if program is None:
        return []
    try:
        told = subprocess.run(  # noqa: S603 - the system's own program, without words from outside
            [program, "-e"],
            capture_output=True,
            text=True,
            timeout=_ASK_S,
            check=False,
            env=os.environ | {"LC_ALL": "C"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [AttachedPrinter(name, f"cups:{name}") for name in told.stdout.split()] if told.returncode == 0 else []


def _parallel_printers() -> list[AttachedPrinter]:
    if sys.platform == "win32":
        return []
    return [AttachedPrinter(path.name, f"file:{path}", str(path)) for path in sorted(_PARALLEL.glob("lp[0-9]"))]


def _windows_printers() -> list[AttachedPrinter]:
    try:
        import win32print
    except ImportError:
        return []
    return [AttachedPrinter(each[2], f"windows:{each[2]}") for each in win32print.EnumPrinters(2)]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
