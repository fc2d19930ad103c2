"""How a printer is, in the till's words."""

import pytest

from printers.errors import Reason
from printers.spool import Outcome
from printers.status import Status
from terminal.printing import outcome_in_words


@pytest.mark.parametrize(
    ("outcome", "words", "trouble"),
    [
        (Outcome("idle", Status("ready")), "ready", False),
        (Outcome("done", Status("ready"), 1), "ready", False),
        (Outcome("idle"), "ready", False),
        (Outcome("idle", Status("ready", paper_low=True)), "paper is nearly out", True),
        (Outcome("idle", Status("paper_out", paper_low=True)), "out of paper", True),
        (Outcome("waiting", Status("cover_open"), 1), "cover is open", True),
        (Outcome("waiting", Status("offline"), 1), "is offline", True),
        (Outcome("idle", Status("unknown")), "gives no state", False),
        (Outcome("waiting", Status("unknown"), 1), "gives no state", True),
        (Outcome("unknown", Status("ready"), 1), "ready", False),
        (Outcome("waiting", None, None, "disk full"), "the slips waiting cannot be read", True),
    ],
)
def test_how_the_printer_is_in_words(outcome: Outcome, words: str, trouble: bool) -> None:
    told, is_trouble = outcome_in_words(outcome)
    assert (told.text, is_trouble) == (words, trouble)


@pytest.mark.parametrize(
    ("reason", "group", "words"),
    [
        ("missing", "", "not plugged in"),
        ("silent", "", "does not answer"),
        ("no_permission", "", "no permission"),
        ("no_permission", "lp", "no permission: join the group lp"),
        ("taken", "", "used by another program"),
        ("not_writable", "", "cannot be written to"),
        ("no_driver", "", "its driver is not installed"),
        ("other_model", "", "not the model in the config"),
    ],
)
def test_why_nothing_can_be_printed_in_words(reason: Reason, group: str, words: str) -> None:
    told, trouble = outcome_in_words(Outcome("waiting", Status("offline"), 1, "x", reason, group))
    assert (told.text.format(**dict(told.values)), trouble) == (words, True)
