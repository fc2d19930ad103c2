"""What `tillmate doctor` says of the printer and the scanner."""

from printers.errors import PortFault, PrinterError
from printers.identity import other_model
from printers.ports import Port
from printers.profile import Profile
from printers.status import Status, printer_status
from terminal.commands.checks import Finding, Mark
from terminal.config import PrinterConfig, ScannerConfig
from terminal.devices.serial_scanner import ScannerState, look_at_port
from terminal.printing import logo_of, printer_of
from terminal.rules.phrase import Phrase, phrase


def check_printer(settings: PrinterConfig) -> Finding:
    """Look at the printer's settings, then ask the printer how it is and which one it is."""
    if not settings.url:
        return Finding(
            "printer",
            Mark.LOOK,
            phrase("No printer is set: slips are shown, not printed."),
            phrase("Put its address into the config: [printer] url."),
        )
    try:
        port, profile = printer_of(settings)
        logo_of(settings, profile)
    except PrinterError as fault:
        return _bad(
            phrase("The printer's settings are wrong."),
            phrase("Correct the section [printer] of the config. Slips wait until then."),
            str(fault),
        )
    try:
        return _answered(port, profile, settings)
    except PortFault as fault:
        return _closed(settings.url, fault)


def _answered(port: Port, profile: Profile, settings: PrinterConfig) -> Finding:
    status = printer_status(port)
    match status.state:
        case "ready":
            return _ready(port, profile, status)
        case "paper_out":
            return _bad(phrase("The printer has no paper."), phrase("Put in a new roll."))
        case "cover_open":
            return _bad(phrase("The printer's cover is open."), phrase("Close it."))
        case "offline":
            return _bad(phrase("The printer is offline."), phrase("Press its feed button."))
        case "unknown" if settings.answers == "yes":
            return _bad(
                phrase("The printer does not answer: {url}.", url=settings.url),
                phrase("Switch it off and on. Another printer than before? tillmate printer test."),
            )
        case "unknown":
            mark = Mark.GOOD if settings.answers == "no" or not port.two_way else Mark.LOOK
            return Finding(
                "printer",
                mark,
                phrase("The printer is there and does not tell how it is."),
                phrase("Find out whether it prints: tillmate printer test.") if mark is Mark.LOOK else None,
            )


def _ready(port: Port, profile: Profile, status: Status) -> Finding:
    if name := other_model(port, profile):
        return _bad(
            phrase(
                "The printer says that it is {name}; the profile in the config is {profile}.",
                name=name,
                profile=profile.name,
            ),
            phrase("Find out what it does: tillmate printer test. Slips wait until then."),
        )
    words = phrase("The printer is ready.")
    if status.paper_low:
        return Finding("printer", Mark.LOOK, words, phrase("Its paper is nearly out: put in a new roll."))
    return Finding("printer", Mark.GOOD, words)


def _closed(url: str, fault: PortFault) -> Finding:
    """Say why the port cannot be used, and what helps against that."""
    match fault.reason:
        case "no_permission":
            return _bad(
                phrase("There is no permission for the printer: {url}.", url=url), _join(fault.group), str(fault)
            )
        case "taken":
            return _bad(
                phrase("Another program uses the printer: {url}.", url=url),
                phrase("End that program, or give it another port."),
                str(fault),
            )
        case "missing":
            return _bad(
                phrase("The printer is not plugged in: {url}.", url=url),
                phrase("Plug it in, or correct its address: tillmate devices lists what is there."),
                str(fault),
            )
        case _:
            return _bad(
                phrase("The printer does not answer: {url}.", url=url),
                phrase("Switch it on, check its cable and its address in the config."),
                str(fault),
            )


def check_scanner(settings: ScannerConfig) -> Finding:
    """Look whether the serial scanner is plugged in and may be opened."""
    if not settings.port:
        return Finding("scanner", Mark.GOOD, phrase("No serial scanner is set; one that types is always heard."))
    state = look_at_port(settings)
    match state.status:
        case "connected":
            return Finding("scanner", Mark.GOOD, phrase("The scanner is plugged in: {port}.", port=state.port))
        case "busy":
            return Finding(
                "scanner",
                Mark.LOOK,
                phrase("Another program uses the scanner: {port}.", port=state.port),
                phrase("When the till is open, that is the till. Otherwise end that program."),
            )
        case "no_permission":
            words, mend = (
                phrase("There is no permission for the scanner: {port}.", port=state.port),
                _join(state.group),
            )
        case "missing":
            words = phrase("The scanner is not plugged in: {port}.", port=state.port)
            mend = phrase("Plug it in, or correct [scanner] port in the config.")
        case "failed":
            words = phrase("This is no scanner's port: {port}.", port=state.port)
            mend = phrase("Correct [scanner] port in the config: tillmate devices lists what is there.")
    return Finding("scanner", Mark.BAD, words, mend, _detail(state))


def _detail(state: ScannerState) -> str:
    return state.detail if state.status == "failed" else ""


def _join(group: str) -> Phrase:
    if group:
        return phrase("Add the user to the group {group} and sign in again.", group=group)
    return phrase("Let an administrator give the permission.")


def _bad(words: Phrase, mend: Phrase, detail: str = "") -> Finding:
    return Finding("printer", Mark.BAD, words, mend, detail)
