"""An operating system's refusal to open a port, in words that say what to do."""

import errno
import os

from printers.errors import PortFault, PrinterRefused, PrinterUnreachable


def why_not_opened(place: str, fault: OSError) -> PortFault:
    """The fault of this package that an `OSError` at opening stands for; nothing was sent yet."""
    match fault.errno:
        case errno.EACCES | errno.EPERM:
            group = group_of(place)
            hint = f"; add the user to the group {group} and sign in again" if group else ""
            return PrinterRefused(f"no permission to open {place}{hint}", "no_permission", group)
        case errno.EBUSY | errno.EAGAIN | errno.ETXTBSY:
            return PrinterRefused(f"{place} is taken by another program", "taken")
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return PrinterUnreachable(f"there is no {place}", "missing")
        case errno.ECONNREFUSED:
            return PrinterUnreachable(f"nobody prints at {place}: the connection is refused")
        case errno.ENOSPC | errno.EROFS:
            return PrinterRefused(f"{place} cannot be written: {fault.strerror}", "not_writable")
        case _:
            return PrinterUnreachable(f"{place} does not answer: {fault.strerror or fault}")


def group_of(place: str) -> str:
    """The group that may use a device; "" where the system has no groups or does not tell."""
    try:
        import grp

        return grp.getgrgid(os.stat(place).st_gid).gr_name  # noqa: PTH116 - a port's name is no path of ours
    except (ImportError, OSError, KeyError):
        return ""
