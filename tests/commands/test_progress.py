"""The progress bar: on a terminal, and nowhere else."""

import os
import pty
import subprocess

from terminal.commands.faults import Exit
from tests.commands.installed import Shop
from tests.commands.trade import trade


def on_a_terminal(shop: Shop, *args: str) -> tuple[int, str, str]:
    """Call with a terminal as standard error; return exit code, standard output and what the terminal showed."""
    ours, theirs = pty.openpty()
    try:
        with subprocess.Popen(shop.words(*args), stdout=subprocess.PIPE, stderr=theirs, text=True) as called:
            told = called.communicate(timeout=60)[0]
        shown = os.read(ours, 65536).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    return called.returncode, told, shown


def test_a_terminal_sees_how_far_it_is(shop: Shop) -> None:
    trade(shop, *[100_00] * 3)
    code, told, shown = on_a_terminal(shop, "verify-ledger")
    assert code == Exit.OK
    assert "Checking the ledger" in shown
    assert "Checking" not in told


def test_a_file_or_pipe_sees_no_bar(shop: Shop) -> None:
    trade(shop, 100_00)
    assert shop.spawn("verify-ledger").stderr == ""
