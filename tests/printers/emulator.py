"""The emulator that somebody else wrote: a receipt printer on TCP and serial, scanners that type and on serial."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PAGES = {17: "PC866", 18: "PC852", 19: "PC858", 46: "WPC1251"}
MODEL = "TM-T20II"

needs_emulator = pytest.mark.skipif(
    sys.version_info < (3, 13), reason="the printer emulator emupos needs Python 3.13 or newer"
)

_PRINTER = """
type: printer
name: Test
dpi: 203
width_dots: 576
font_a: {{ width: 12, height: 24 }}
font_b: {{ width: 9, height: 17 }}
code_pages: {{ {pages} }}
default_code_page: 17
drawer_sensor_open_level: high
printer_id: {{ model: 1, autocutter: true, maker: EPSON, name: {model} }}
serial: {{ baud: 115200, data_bits: 8, parity: none, stop_bits: 1 }}
"""
_DEVICES = """
schema: 1
api: {{ host: 127.0.0.1, port: {api} }}
devices:
  - id: front
    type: printer
    profile: {profile}
    receipts_dir: ./receipts
    connections:
      - tcp: {{ port: {port} }}
      - serial: {{ pty: true, link: front }}
    job_idle_timeout_ms: 200
  - id: lane
    type: scanner
    mode: serial
    connections:
      - serial: {{ pty: true, link: lane }}
  - id: keys
    type: scanner
    mode: keyboard
    typed_by: client
"""


@dataclass(frozen=True)
class Emulator:
    """The running emulator: where it prints, and how it is asked."""

    folder: Path
    port: int
    api: str

    @property
    def address(self) -> str:
        """The printer on the network."""
        return f"tcp://127.0.0.1:{self.port}"

    @property
    def serial(self) -> str:
        """The printer's serial port."""
        return str(self.folder / "emupos" / "front")

    @property
    def scanner(self) -> str:
        """The serial scanner's port."""
        return str(self.folder / "emupos" / "lane")

    def call(self, method: str, path: str, body: object = None) -> bytes:
        """Do what a person at the device does."""
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(
            f"{self.api}/api/v1{path}", data, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return bytes(answer.read())

    @contextmanager
    def fault(self, name: str) -> Iterator[None]:
        """The printer has a fault, until it is cleared."""
        self.call("PUT", f"/devices/front/faults/{name}")
        try:
            yield
        finally:
            self.call("DELETE", f"/devices/front/faults/{name}")

    def receipts(self) -> list[str]:
        """The receipts' names, newest first."""
        return [receipt["id"] for receipt in json.loads(self.call("GET", "/devices/front/receipts"))]

    def text(self, name: str) -> list[str]:
        """The lines of a receipt."""
        return self.call("GET", f"/devices/front/receipts/{name}/text").decode().splitlines()

    def text_after(self, known: Sequence[str]) -> list[str]:
        """The lines of the one receipt that is not known yet."""
        [name] = self.new_after(known, 1)
        return self.text(name)

    def new_after(self, known: Sequence[str], count: int) -> list[str]:
        """The receipts that are not known yet, once there are so many."""
        for _ in range(2_000):
            if len(fresh := [name for name in self.receipts() if name not in known]) >= count:
                return fresh
            time.sleep(0.02)
        raise AssertionError("nothing was printed")

    def scan(self, data: str) -> None:
        """Pull the serial scanner's trigger."""
        self.call("POST", "/devices/lane/scans", {"data": data, "countdown_seconds": 0})

    def keys_of(self, data: str) -> list[dict[str, Any]]:
        """Pull the typing scanner's trigger: the keys that it presses, in order."""
        told = json.loads(self.call("POST", "/devices/keys/scans", {"data": data, "countdown_seconds": 0}))
        self.call("POST", f"/devices/keys/scans/{told['id']}/typed", {"outcome": "delivered"})
        return list(told["keys"])


@contextmanager
def running_emulator(folder: Path, model: str = MODEL, profile: str = "./printer.yaml") -> Iterator[Emulator]:
    """Run the emulator in a folder, as a process of its own; `profile` is one that comes with it, or ours."""
    port, api = free_ports(2)
    pages = ", ".join(f"{slot}: {name}" for slot, name in PAGES.items())
    (folder / "printer.yaml").write_text(_PRINTER.format(pages=pages, model=model))
    (folder / "emupos.yaml").write_text(_DEVICES.format(port=port, api=api, profile=profile))
    command = [str(Path(sys.executable).parent / "emupos"), "run", "--config", str(folder / "emupos.yaml")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, stdout=log, stderr=log, env=os.environ | {"TMPDIR": str(folder)}
        )
    emulator = Emulator(folder, port, f"http://127.0.0.1:{api}")
    try:
        _wait_until_up(emulator, process, folder / "log")
        yield emulator
    finally:
        process.terminate()
        process.wait(60)


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens at."""
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [int(each.getsockname()[1]) for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _wait_until_up(emulator: Emulator, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            emulator.receipts()
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())
