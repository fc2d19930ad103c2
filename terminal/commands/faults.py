"""Operating faults as a user meets them: one line in their language, and an exit code by kind."""

import errno
from enum import IntEnum

from printers.errors import PrinterError
from terminal.commands.invocation import Invocation
from terminal.config import ConfigError
from terminal.ledger.errors import LedgerError
from terminal.ledger.key import KeyUnavailable
from terminal.locale.words import Words
from terminal.rules.document import ProgrammeError
from terminal.rules.phrase import Phrase, phrase
from terminal.rules.text import safe_text

_LONGEST_DETAIL = 1000


class Exit(IntEnum):
    """The exit codes of `tillmate`."""

    OK = 0
    FAILED = 1
    USAGE = 2
    CONFIG = 3
    KEY = 4
    LEDGER = 5
    PRINTER = 6
    PROGRAMME = 7
    SITE = 8
    INTERRUPTED = 130


class Declined(Exception):
    """A command that does not do what was asked; `reason` says why and what to do."""

    def __init__(self, reason: Phrase, code: Exit = Exit.FAILED) -> None:
        self.reason = reason
        self.code = code
        super().__init__(reason.text)


Fault = Declined | ConfigError | KeyUnavailable | LedgerError | PrinterError | ProgrammeError | OSError
FAULTS = (Declined, ConfigError, KeyUnavailable, LedgerError, PrinterError, ProgrammeError, OSError)


def told(fault: Fault, invocation: Invocation) -> tuple[Exit, str]:
    """Return the exit code and the line for a fault. A closed pipe is nobody's fault and is raised again."""
    words = invocation.words
    match fault:
        case BrokenPipeError():
            raise fault
        case Declined():
            return fault.code, words.say(fault.reason)
        case LedgerError():
            return Exit.LEDGER, words.say(fault.reason)
        case ConfigError():
            return Exit.CONFIG, _with_detail(words, phrase("The config can't be used."), fault.reason)
        case KeyUnavailable():
            return Exit.KEY, _with_detail(words, phrase("The ledger's key can't be used."), fault.reason)
        case PrinterError():
            return Exit.PRINTER, _with_detail(words, phrase("The printer can't be used."), str(fault))
        case ProgrammeError():
            return Exit.PROGRAMME, _mistakes(words, fault)
        case OSError():
            return Exit.FAILED, _with_detail(words, _of_the_system(fault), _os_detail(fault))


def _mistakes(words: Words, fault: ProgrammeError) -> str:
    """Say each mistake on a line of its own, below how many there are."""
    said = [words.say(one.told) for one in fault.mistakes]
    return "\n".join([words.say(phrase("The programme is wrong. Mistakes: {count}.", count=len(said))), *said])


def _of_the_system(fault: OSError) -> Phrase:
    match fault.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            return phrase("The disk is full. Free some room and try again.")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return phrase("There is no permission for this file.")
        case _:
            return phrase("The system refuses.")


def _os_detail(fault: OSError) -> str:
    return ": ".join(part for part in (str(fault.filename or ""), fault.strerror or str(fault)) if part)


def _with_detail(words: Words, headline: Phrase, detail: str) -> str:
    return f"{words.say(headline)} {safe_text(detail, max_length=_LONGEST_DETAIL)}"
