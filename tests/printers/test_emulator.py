"""Slips printed on a printer that somebody else wrote: its text and its status, over the whole path."""

import json
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from printers.document import QR, Barcode, Columns, Cut, Document, Drawer, Rule, Text
from printers.folder_store import FolderStore
from printers.layout import Line, lay_out
from printers.ports import Port, open_port
from printers.profile import Profile, load_profile
from printers.spool import print_next
from printers.status import Status, printer_status

pytestmark = pytest.mark.skipif(
    sys.version_info < (3, 13), reason="the printer emulator emupos needs Python 3.13 or newer"
)

PAGES = {17: "PC866", 18: "PC852", 19: "PC858", 46: "WPC1251"}
CYRILLIC = load_profile("TM-T20II", {"pages": {46: "CP1251", 17: "CP866", 18: "CP852"}})

SLIPS = {
    "uk": Document(
        (
            Text("Крамниця «Ґанок»", "center", bold=True, size="double"),
            Text("м. Київ, вул. Січових Стрільців, 10", "center"),
            Rule(),
            Columns("Нараховано (доступні з 06.12.2025, згорять через 180 днів)", "+51,72"),
            Columns("Баланс, Їжакевич Є.", "1 051,72", bold=True),
            Text("Дякуємо!", "right"),
            Cut(),
        )
    ),
    "pl": Document(
        (
            Text('Sklep "Pod Żółwiem"', "center", size="double"),
            Columns("Zażółć gęślą jaźń", "12,50 zł"),
            Columns("Naliczono", "+3,10", bold=True),
            Text("Dziękujemy!", "center"),
            Cut(),
        )
    ),
    "ru": Document(
        (
            Text("Магазин «Ёлка»", "center", size="tall"),
            Columns("Съешь же ещё этих мягких булок", "№ 12"),
            Columns("К оплате", "1 234,50", bold=True),
            Cut(),
        )
    ),
    "en": Document((Text("Corner shop", "center", bold=True), Columns("Balance", "1,051.72"), Cut())),
}


@dataclass(frozen=True)
class Emulator:
    """The running emulator: where it prints, and how it is asked."""

    port: int
    api: str

    def call(self, method: str, path: str) -> bytes:
        request = urllib.request.Request(f"{self.api}/api/v1{path}", method=method)
        with urllib.request.urlopen(request, timeout=5) as answer:
            return bytes(answer.read())

    def receipts(self) -> list[str]:
        """The receipts' names, newest first."""
        return [receipt["id"] for receipt in json.loads(self.call("GET", "/devices/front/receipts"))]

    def text_after(self, known: list[str]) -> list[str]:
        """The lines of the one receipt that is not known yet."""
        for _ in range(200):
            if fresh := [name for name in self.receipts() if name not in known]:
                [name] = fresh
                return self.call("GET", f"/devices/front/receipts/{name}/text").decode().splitlines()
            time.sleep(0.02)
        raise AssertionError("nothing was printed")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    folder = tmp_path_factory.mktemp("emupos")
    port, api = free_ports(2)
    pages = ", ".join(f"{slot}: {name}" for slot, name in PAGES.items())
    (folder / "printer.yaml").write_text(
        "type: printer\nname: Test\ndpi: 203\nwidth_dots: 576\n"
        "font_a: { width: 12, height: 24 }\nfont_b: { width: 9, height: 17 }\n"
        f"code_pages: {{ {pages} }}\n"
        "default_code_page: 17\ndrawer_sensor_open_level: high\n"
    )
    (folder / "emupos.yaml").write_text(
        f"schema: 1\napi: {{ host: 127.0.0.1, port: {api} }}\n"
        "devices:\n  - id: front\n    type: printer\n    profile: ./printer.yaml\n"
        f"    connections:\n      - tcp: {{ port: {port} }}\n    job_idle_timeout_ms: 200\n"
    )
    command = [str(Path(sys.executable).parent / "emupos"), "run", "--config", str(folder / "emupos.yaml")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    emulator = Emulator(port, f"http://127.0.0.1:{api}")
    try:
        wait_until_up(emulator, process, folder / "log")
        yield emulator
    finally:
        process.terminate()
        process.wait(10)


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_until_up(emulator: Emulator, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        assert process.poll() is None, log.read_text()
        try:
            emulator.receipts()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())


@pytest.fixture
def port(emulator: Emulator) -> Port:
    return open_port(f"tcp://127.0.0.1:{emulator.port}")


def on_paper(document: Document, profile: Profile) -> list[str]:
    """The lines that must stand on the paper, blanks at their ends left out."""
    lines = [item for item in lay_out(document, profile.columns) if isinstance(item, Line)]
    return [(" " * line.indent(profile.columns) + line.text).rstrip() for line in lines]


def printed(document: Document, profile: Profile, port: Port, emulator: Emulator, folder: Path) -> list[str]:
    store = FolderStore(folder)
    store.add(document)
    known = emulator.receipts()
    assert print_next(store, port, profile).result == "done"
    return emulator.text_after(known)


@pytest.mark.parametrize("language", sorted(SLIPS))
def test_a_slip_comes_out_as_its_exact_text(language: str, port: Port, emulator: Emulator, tmp_path: Path) -> None:
    document = SLIPS[language]
    assert printed(document, CYRILLIC, port, emulator, tmp_path) == on_paper(document, CYRILLIC)


def test_ukrainian_on_a_printer_that_only_has_866(port: Port, emulator: Emulator, tmp_path: Path) -> None:
    profile = load_profile("TM-T20II", {"pages": {17: "CP866"}})
    document = Document((Text("Сума"), Text("Їжа і ґава", "center"), Columns("Каса", "5 ₴"), Text("Чек"), Cut()))
    lines = printed(document, profile, port, emulator, tmp_path)
    assert [line if not line.startswith("[") else "dots" for line in lines] == ["Сума", "dots", "dots", "Чек"]
    assert all("x30]" in line for line in lines[1:3])
    assert not any("?" in line for line in lines)


def test_codes_come_out_as_codes(port: Port, emulator: Emulator, tmp_path: Path) -> None:
    document = Document((QR("https://shop.example/щ"), Barcode("4820000000017", "ean13"), Barcode("CARD-1"), Cut()))
    lines = "\n".join(printed(document, CYRILLIC, port, emulator, tmp_path))
    assert "https://shop.example/щ" in lines
    assert "4820000000017" in lines
    assert "CARD-1" in lines


@pytest.mark.parametrize(
    ("fault", "state"), [("paper-out", "paper_out"), ("cover-open", "cover_open"), ("offline", "offline")]
)
def test_a_slip_waits_for_a_stopped_printer_and_comes_out_once(
    fault: str, state: str, port: Port, emulator: Emulator, tmp_path: Path
) -> None:
    store, known = FolderStore(tmp_path), emulator.receipts()
    store.add(SLIPS["uk"])
    emulator.call("PUT", f"/devices/front/faults/{fault}")
    try:
        outcome = print_next(store, port, CYRILLIC)
        assert outcome.result == "waiting"
        assert outcome.status is not None
        assert outcome.status.state == state
    finally:
        emulator.call("DELETE", f"/devices/front/faults/{fault}")
    assert print_next(store, port, CYRILLIC).result == "done"
    assert emulator.text_after(known) == on_paper(SLIPS["uk"], CYRILLIC)


def test_paper_near_its_end_is_seen_and_printed_on(port: Port, emulator: Emulator, tmp_path: Path) -> None:
    emulator.call("PUT", "/devices/front/faults/paper-near-end")
    try:
        assert printer_status(port) == Status("ready", paper_low=True)
        assert printed(SLIPS["en"], CYRILLIC, port, emulator, tmp_path) == on_paper(SLIPS["en"], CYRILLIC)
    finally:
        emulator.call("DELETE", "/devices/front/faults/paper-near-end")


def test_the_drawer_opens_by_profile_alone(port: Port, emulator: Emulator, tmp_path: Path) -> None:
    for allowed in (False, True):
        settings: dict[str, object] = {"drawer": allowed}
        document = Document((Drawer(), Text("x"), Cut()))
        printed(document, load_profile("TM-T20II", settings), port, emulator, tmp_path)
        devices = json.loads(emulator.call("GET", "/devices"))
        [front] = [device for device in devices if device["id"] == "front"]
        assert ("open" in json.dumps(front["state"])) is allowed
    emulator.call("POST", "/devices/front/drawer/close")
