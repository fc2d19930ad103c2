"""What a printer calls itself (GS I 67), and whether that is the model its profile names."""

from printers.errors import PrinterUnreachable
from printers.ports import Port, opened
from printers.profile import Profile
from printers.status import ask

_ANSWER_S = 1.0
_LONGEST_NAME = 80


def printer_name(port: Port) -> str | None:
    """The model's name as the printer tells it; "" when it tells none, None when it cannot be asked now."""
    with opened(port) as link:
        if ask(port, link).state != "ready":
            return None
        if not port.two_way:
            return ""
        try:
            link.write(b"\x1dI\x43")
            heard = link.read(_ANSWER_S)
            while heard and b"\x00" not in heard and len(heard) < _LONGEST_NAME and (more := link.read(_ANSWER_S)):
                heard += more
        except OSError as fault:
            raise PrinterUnreachable(f"{port.name} broke off: {fault}") from fault
    _, mark, name = heard.partition(b"\x00")[0].partition(b"_")
    return name.decode("ascii", "ignore") if mark and name.isascii() else ""


def other_model(port: Port, profile: Profile) -> str | None:
    """The printer's own name when it is another model than the profile names; "" when it fits or tells none.

    None when the printer cannot be asked now. A profile that names no model fits every printer.
    """
    if not profile.model:
        return ""
    name = printer_name(port)
    return "" if name and _plain(name) == _plain(profile.model) else name


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, name.upper())).removesuffix("SERIES")
