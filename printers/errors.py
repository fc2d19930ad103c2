"""The faults of printing, one small tree.

PrinterError
├── DocumentError       the document cannot be what it says
├── BadProfile          the printer's description is wrong or cannot be served
├── BadPort             the port's address cannot be understood
├── PrinterUnreachable  nothing was sent: no such port, nobody answers, the cable is out
├── PrinterRefused      nothing was sent: the operating system does not let us
└── PrinterInterrupted  bytes were sent, and nobody can know how many came out on paper
"""


class PrinterError(Exception):
    """Any fault of this package; its text tells a person what is wrong."""


class DocumentError(PrinterError, ValueError):
    """A document, or its JSON, that cannot be printed by any printer."""


class BadProfile(PrinterError, ValueError):
    """A printer profile with an unknown name, page or figure."""


class BadPort(PrinterError, ValueError):
    """A port address of an unknown scheme or form."""


class PrinterUnreachable(PrinterError):
    """The printer cannot be opened now; nothing was sent."""


class PrinterRefused(PrinterError):
    """The operating system refuses the port; nothing was sent."""


class PrinterInterrupted(PrinterError):
    """The connection broke after the first byte."""
