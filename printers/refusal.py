"""An operating system's refusal to open a port, in words that say what to do."""

import errno
import os

from printers.errors import PrinterError, PrinterRefused, PrinterUnreachable


def why_not_opened(place: str, fault: OSError) -> PrinterError:
    """The fault of this package that an `OSError` at opening stands for; nothing was sent yet."""
    match fault.errno:
        case errno.EACCES | errno.EPERM:
            return PrinterRefused(f"no permission to open {place}{_group_hint(place)}")
        case errno.EBUSY | errno.EAGAIN | errno.ETXTBSY:
            return PrinterRefused(f"{place} is taken by another program")
        case errno.ENOENT | errno.ENODEV | errno.ENXIO:
            return PrinterUnreachable(f"there is no {place}")
        case errno.ECONNREFUSED:
            return PrinterUnreachable(f"nobody prints at {place}: the connection is refused")
        case errno.ENOSPC | errno.EROFS:
            return PrinterRefused(f"{place} cannot be written: {fault.strerror}")
        case _:
            return PrinterUnreachable(f"{place} does not answer: {fault.strerror or fault}")


def _group_hint(place: str) -> str:
    try:
        import grp

        group = grp.getgrgid(os.stat(place).st_gid).gr_name  # noqa: PTH116 - a port's name is no path of ours
    except (ImportError, OSError, KeyError):
        return ""
    return f"; add the user to the group {group} and sign in again"
