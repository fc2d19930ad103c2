"""The faults of printing, one small tree.

PrinterError
├── DocumentError       the document cannot be what it says
├── BadProfile          the printer's description is wrong or cannot be served
├── BadLogo             the logo is no picture or too wide
├── BadPort             the port's address cannot be understood
├── PortFault           nothing was sent
│   ├── PrinterUnreachable  no such port, nobody answers, the cable is out
│   └── PrinterRefused      the operating system does not let us
└── PrinterInterrupted  bytes were sent, and nobody can know how many came out on paper
"""

from typing import Literal

Reason = Literal["missing", "silent", "no_permission", "taken", "not_writable", "no_driver", "other_model"]
"""Why nothing can be sent: no such port; nobody answers; the system or another program refuses; another printer."""


class PrinterError(Exception):
    """Any fault of this package; its text tells a person what is wrong."""


class DocumentError(PrinterError, ValueError):
    """A document, or its JSON, that cannot be printed by any printer."""


class BadProfile(PrinterError, ValueError):
    """A printer profile with an unknown name, page or figure."""


class BadLogo(PrinterError, ValueError):
    """A logo that is no picture, or wider than the paper."""


class BadPort(PrinterError, ValueError):
    """A port address of an unknown scheme or form."""


class PortFault(PrinterError):
    """The port cannot be used now and nothing was sent; `group` is the one to join where permission is missing."""

    def __init__(self, told: str, reason: Reason = "silent", group: str = "") -> None:
        super().__init__(told)
        self.reason: Reason = reason
        self.group = group


class PrinterUnreachable(PortFault):
    """The printer cannot be opened now; nothing was sent."""


class PrinterRefused(PortFault):
    """The operating system refuses the port; nothing was sent."""


class PrinterInterrupted(PrinterError):
    """The connection broke after the first byte."""
