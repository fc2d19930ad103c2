"""What a printer calls itself (GS I 67), and whether that can be the printer its profile tells of.

Epson's, Bixolon's and HPRT's tell their model's name; older Citizens and the cheap ones tell a bare number or
nothing, and some tell the name of the Epson that they are like.
"""

from printers.errors import PrinterUnreachable
from printers.ports import Port, opened
from printers.profile import Profile, plain_model, width_of_model
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
    """The printer's own name when the profile is of another one; "" when it fits or tells none.

    None when the printer cannot be asked now. A profile of a kind of printers, or of a maker whose printers tell no
    names, fits every printer but one that is known to be narrower. What the owner has tried is not questioned.
    """
    if profile.tried:
        return ""
    name = printer_name(port)
    if not name:
        return name
    if profile.model:
        return "" if plain_model(name) == plain_model(profile.model) else name
    width = width_of_model(name)
    return name if width is not None and width < profile.width_dots else ""
