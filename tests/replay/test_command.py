"""`tillmate replay` as a process: what it prints, what it leaves, how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from terminal.ledger.verify import verify_ledger
from tests.replay.played import CDNOW, kept_ledger

GOOD = "date,customer,amount\n1997-01-01,anna,20\n1997-01-20,anna,20\n1997-01-20,BOB-1,0\n"
BAD = "date,customer,amount\n1997-01-01,anna,20\n1997-01-32,anna,20\n1997-01-03,,1\n"
ENVIRONMENT = {**os.environ, "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "1"}


def words(folder: Path, *args: str | Path) -> list[str]:
    config = folder / "config.toml"
    return [sys.executable, "-m", "terminal", "--config", str(config), "replay", *map(str, args)]


def run(folder: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        words(folder, *args),
        env={**ENVIRONMENT, "TMPDIR": str(folder / "temporary")},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "temporary").mkdir()
    (tmp_path / "good.csv").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.csv").write_text(BAD, encoding="utf-8")
    return tmp_path


def left(folder: Path) -> set[str]:
    """Everything in the folder that the fixture did not put there."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")} - {"temporary", "good.csv", "bad.csv"}


def test_it_prints_a_table_and_ends_with_one_line_of_json(folder: Path) -> None:
    told = run(folder, folder / "good.csv")
    assert (told.returncode, told.stderr) == (0, "")
    assert json.loads(told.stdout.splitlines()[-1]) == {
        "sales": 3,
        "customers": 2,
        "total_minor": 4000,
        "total": "40.00",
        "taken_off_minor": 0,
        "taken_off": "0.00",
        "earned": 400,
        "redeemed": 0,
        "expired": 0,
        "voided": 0,
        "outstanding": 400,
        "points_decimals": 1,
        "skipped": 0,
        "verify": "ok",
        "ok": True,
    }
    assert ["Bills", "in", "all", "$40.00"] in [line.split() for line in told.stdout.splitlines()]
    assert left(folder) == set()


def test_json_alone(folder: Path) -> None:
    told = run(folder, folder / "good.csv", "--redeem", "all", "--json")
    assert told.returncode == 0
    assert [json.loads(line)["redeemed"] for line in told.stdout.splitlines()] == [100]


def test_bad_lines_are_told_and_nothing_is_played(folder: Path) -> None:
    told = run(folder, folder / "bad.csv", "--ledger", folder / "kept.db")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.splitlines() == [
        "Line 3: “1997-01-32” is no day. Write 1997-01-31 or 19970131.",
        "Line 4: The customer is missing.",
        "Nothing was replayed. Mend these lines, or leave them out with --skip-bad.",
    ]
    assert left(folder) == set()


def test_bad_lines_are_left_out_when_asked(folder: Path) -> None:
    told = run(folder, folder / "bad.csv", "--skip-bad", "--json")
    assert told.returncode == 0
    figures = json.loads(told.stdout)
    assert (figures["sales"], figures["skipped"]) == (1, 2)
    assert "Line 3:" in told.stderr


def test_a_kept_ledger_has_its_slips_and_opens_with_the_key_beside_it(folder: Path) -> None:
    kept = folder / "kept.db"
    assert run(folder, folder / "good.csv", "--ledger", kept).returncode == 0
    with kept_ledger(kept) as ledger:
        assert verify_ledger(ledger).ok
        assert ledger.row("SELECT count(*) FROM print_job WHERE document LIKE '%Record Club%'") == (3,)
        assert ledger.rows("SELECT number FROM card") == [("REPLAY-BOB-1",)]
    if os.name == "posix":
        assert (folder / "kept.db.key").stat().st_mode & 0o777 == 0o600


def test_a_file_that_stands_there_is_left_alone(folder: Path) -> None:
    for name in ("kept.db", "other.db.key"):
        (folder / name).write_text("mine", encoding="utf-8")
    assert run(folder, folder / "good.csv", "--ledger", folder / "kept.db").returncode == 5
    assert run(folder, folder / "good.csv", "--ledger", folder / "other.db").returncode == 4
    assert left(folder) == {"kept.db", "other.db.key"}
    assert (folder / "kept.db").read_text(encoding="utf-8") == "mine"


def test_the_shops_own_ledger_is_refused_though_it_is_not_made_yet(folder: Path) -> None:
    config = f'[shop]\nname = "Shop"\n[till]\nname = "till-1"\nledger = {json.dumps(str(folder / "shop.db"))}\n'
    (folder / "config.toml").write_text(config, encoding="utf-8")
    assert run(folder, folder / "good.csv", "--ledger", folder / "shop.db").returncode == 5
    assert left(folder) == {"config.toml"}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"date,customer,amount\n", "There is no purchase in the file."),
        (b"date,customer,amount\n1997-01-01,\xff,1\n", "The file is no UTF-8 text."),
        (b"a,b,c\n", "The first line names no column “date”."),
    ],
)
def test_a_file_without_purchases(folder: Path, content: bytes, reason: str) -> None:
    (folder / "good.csv").write_bytes(content)
    told = run(folder, folder / "good.csv")
    assert told.returncode == 1
    assert told.stderr.startswith(reason)


def test_a_wrong_programme_exits_7_and_a_missing_file_2(folder: Path) -> None:
    (folder / "bad.csv").write_text("name = 1", encoding="utf-8")
    assert run(folder, folder / "good.csv", "--programme", folder / "bad.csv").returncode == 7
    assert run(folder, folder / "no.csv").returncode == 2


def test_ctrl_c_says_how_far_it_came_and_leaves_the_ledger_whole(folder: Path) -> None:
    kept = folder / "kept.db"
    with subprocess.Popen(
        words(folder, CDNOW, "--ledger", kept), env=ENVIRONMENT, stderr=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            while sum(path.stat().st_size for path in folder.glob("kept.db*")) < 4_000_000:
                assert process.poll() is None
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130
    done = int(told.split(" of 69659 purchases were replayed.")[0])
    with kept_ledger(kept) as ledger:
        assert verify_ledger(ledger).ok
        found = ledger.row("SELECT count(*) FROM sale")
    assert found is not None
    # Ctrl-C may come between a batch's end and its telling.
    assert done <= found[0] < 69_659
    assert found[0] > 0
