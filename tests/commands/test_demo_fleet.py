"""The demo at a site: three tills on real sockets, their cables pulled, and all agree; nothing outlives it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from terminal.cli import main
from terminal.commands import demo_fleet
from terminal.demo_site import WiredTill
from terminal.desk.demo_shop import CUSTOMERS
from tests.sync.installed import until

COMMAND = [sys.executable, "-m", "terminal", "demo", "--headless"]


def test_tills_whose_cables_were_pulled_agree_with_the_site_in_the_end() -> None:
    told = CliRunner().invoke(main, ["demo", "--headless", "--sales", "12", "--tills", "3", "--offline", "0.5"])
    assert told.exit_code == 0, told.output
    found = json.loads(told.stdout.splitlines()[-1])
    assert found["earned"] > 0
    assert {name: value for name, value in found.items() if name not in ("earned", "redeemed")} == {
        "sales": 12,
        "balances_checked": CUSTOMERS,
        "tills": 3,
        "offline": 6,
        "unsent": 0,
        "site_agrees": True,
        "ok": True,
    }
    assert {line.split()[-1] for line in told.stdout.splitlines() if " demo-" in line} == {
        "demo-1",
        "demo-2",
        "demo-3",
    }


def test_a_till_that_stays_offline_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WiredTill, "plug", lambda wired: None)
    monkeypatch.setattr(demo_fleet, "PATIENCE_S", 2.0)
    told = CliRunner().invoke(main, ["demo", "--headless", "--sales", "2", "--offline", "1"])
    assert told.exit_code == 1
    found = json.loads(told.stdout.splitlines()[-1])
    assert (found["site_agrees"], found["ok"]) == (False, False)
    assert found["unsent"] > 0
    assert told.stderr.strip()


@pytest.mark.parametrize("option", [("--tills", "2"), ("--offline", "0.5")])
def test_tills_and_cables_are_for_the_headless_demo(option: tuple[str, str]) -> None:
    told = CliRunner().invoke(main, ["demo", *option])
    assert told.exit_code == 2
    assert "--headless" in told.stderr


def test_without_the_site_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("terminal.commands.demo.site_starter", lambda: None)
    told = CliRunner().invoke(main, ["demo", "--headless", "--tills", "2"])
    assert told.exit_code == 1
    assert "pip install 'tillmate[site]'" in told.stderr


def children(pid: int) -> set[int]:
    found: set[int] = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        found |= {int(child) for child in (task / "children").read_text().split()}
    return found


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_nothing_outlives_it_however_it_ends(end: signal.Signals, tmp_path: Path) -> None:
    demo = subprocess.Popen(
        [*COMMAND, "--sales", "100000", "--tills", "2"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert demo.stdout is not None
    with demo.stdout:
        assert demo.stdout.readline()  # it sells: the site and both syncs are at work
        beside = children(demo.pid)
        demo.send_signal(end)
        while demo.stdout.read(65536):
            time.sleep(0)
    demo.wait()
    assert len(beside) == 3
    until(lambda: not any(alive(child) for child in beside))
    assert end is signal.SIGKILL or not list(tmp_path.iterdir())
