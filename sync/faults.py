"""Operating faults between a till and its site.

SyncFault
├── Unreachable    no network, no answer in time, a certificate that is not trusted
├── NotTheSite     something else answers there: a log-in page, another program
├── NotEnrolled    there is no site for this till yet
├── Nonsense       an answer that makes no sense; nothing of it is applied
└── SiteRefused    the site says no, with a code of the protocol
"""

from sync.protocol import Code, Fault


class SyncFault(Exception):
    """A fault of the sync; its text says what was found, in English, for a log and for `tillmate sync`."""


class Unreachable(SyncFault):
    """The site could not be reached, or did not answer in time."""


class NotTheSite(SyncFault):
    """What answers at the address is no Tillmate site."""


class NotEnrolled(SyncFault):
    """This till has joined no site yet."""


class Nonsense(SyncFault):
    """The site's answer can't be right."""


class SiteRefused(SyncFault):
    """The site refused; `fault` is what it said."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.code.value}: {fault.text}")
        self.fault = fault

    @property
    def code(self) -> Code:
        """The protocol's code."""
        return self.fault.code

    @property
    def trouble(self) -> str:
        """What to remember it by: why the journal is held where it is, otherwise the code."""
        return self.fault.held.why.value if self.fault.held else self.fault.code.value
