"""The serial scanner's thread, over a pseudo-terminal and over an emulated scanner."""

import asyncio
import os
import queue
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from terminal.config import ScannerConfig
from terminal.devices.scan import Scan
from terminal.devices.serial_scanner import (
    ScannerState,
    ScannerStatus,
    SerialPort,
    SerialScanner,
    find_port,
    serial_ports,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX's")

WAIT_S = 10.0


@dataclass
class Listener:
    """Collects what a scanner's thread posts."""

    scans: "queue.Queue[Scan]" = field(default_factory=queue.Queue)
    states: "queue.Queue[ScannerState]" = field(default_factory=queue.Queue)

    def scan(self) -> Scan:
        return self.scans.get(timeout=WAIT_S)

    def await_status(self, status: ScannerStatus) -> ScannerState:
        while (state := self.states.get(timeout=WAIT_S)).status != status:
            pass
        return state


class Plug:
    """A pseudo-terminal that a scanner writes to; pulling it out closes the scanner's end."""

    def __init__(self) -> None:
        self.scanner, self.till = os.openpty()
        self.path = os.ttyname(self.till)

    def write(self, data: bytes) -> None:
        os.write(self.scanner, data)

    def pull(self) -> None:
        os.close(self.scanner)
        os.close(self.till)


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def plug() -> Iterator[Plug]:
    plug = Plug()
    yield plug
    for handle in (plug.scanner, plug.till):
        try:
            os.close(handle)
        except OSError:
            continue  # pulled by the test


def started(listener: Listener, port: str, ports: list[SerialPort] | None = None) -> SerialScanner:
    scanner = SerialScanner(
        ScannerConfig(port=port),
        listener.scans.put,
        listener.states.put,
        ports=serial_ports if ports is None else lambda: list(ports),
        retry_s=0.01,
    )
    scanner.start()
    return scanner


def test_scans_arrive_as_the_scanner_sends_them(listener: Listener, plug: Plug) -> None:
    scanner = started(listener, plug.path)
    assert listener.await_status("connected").detail == plug.path
    plug.write(b"]E02900000000001\r\n]C0SHOP")
    assert listener.scan() == Scan("2900000000001", "ean13", "serial")
    plug.write(b"000001\r")
    assert listener.scan() == Scan("SHOP000001", "code128", "serial")
    plug.write(b"4820000000017")
    assert listener.scan() == Scan("4820000000017", None, "serial")
    scanner.stop()
    assert listener.scans.empty()


def test_a_scanner_plugged_in_again_at_another_port_is_found(listener: Listener, plug: Plug) -> None:
    ports = [SerialPort(plug.path, "0c2e:0cc1", "Scanner")]
    scanner = started(listener, "0C2E:0CC1", ports)
    listener.await_status("connected")
    plug.write(b"half a sc")
    other = Plug()
    ports[:] = []
    plug.pull()
    listener.await_status("missing")
    ports[:] = [SerialPort(other.path, "0c2e:0cc1", "Scanner")]
    assert listener.await_status("connected").detail == other.path
    other.write(b"2900000000001\r")
    texts = [listener.scan().text]
    while texts[-1] != "2900000000001":
        texts.append(listener.scan().text)
    assert "half a sc2900000000001" not in texts
    scanner.stop()
    other.pull()


def test_a_scanner_that_is_not_there_yet_is_waited_for(listener: Listener, plug: Plug, tmp_path: Path) -> None:
    link = tmp_path / "ttyACM0"
    scanner = started(listener, str(link))
    assert "No such file" in listener.await_status("missing").detail
    link.symlink_to(plug.path)
    listener.await_status("connected")
    plug.write(b"SHOP000001\r")
    assert listener.scan().text == "SHOP000001"
    scanner.stop()


def test_a_port_that_another_program_holds_is_said(listener: Listener, plug: Plug) -> None:
    first = started(listener, plug.path)
    listener.await_status("connected")
    second_listener = Listener()
    second = started(second_listener, plug.path)
    second_listener.await_status("busy")
    first.stop()
    second_listener.await_status("connected")
    second.stop()


def test_a_file_in_the_ports_place_is_said_once(listener: Listener, tmp_path: Path) -> None:
    file = tmp_path / "port"
    file.write_text("")
    scanner = started(listener, str(file))
    listener.await_status("failed")
    time.sleep(0.1)
    scanner.stop()
    assert listener.states.empty()


def test_a_fault_in_the_listener_does_not_end_the_scanner(plug: Plug) -> None:
    listener = Listener()

    def fail_once(scan: Scan) -> None:
        listener.scans.put(scan)
        if scan.text == "bad":
            raise LookupError(scan.text)

    scanner = SerialScanner(ScannerConfig(port=plug.path), fail_once, listener.states.put, retry_s=0.01)
    scanner.start()
    listener.await_status("connected")
    plug.write(b"bad\r")
    assert listener.await_status("failed").detail == "LookupError"
    listener.await_status("connected")
    plug.write(b"good\r")
    assert [listener.scan().text, listener.scan().text] == ["bad", "good"]
    scanner.stop()


def test_a_scanner_that_was_never_started_can_be_stopped(listener: Listener) -> None:
    SerialScanner(ScannerConfig(port="/dev/none"), listener.scans.put, listener.states.put).stop()


def test_usb_numbers_name_a_device_and_anything_else_a_path() -> None:
    ports = [SerialPort("/dev/ttyS0", "", "ttyS0"), SerialPort("/dev/ttyACM3", "0c2e:0cc1", "Scanner")]
    assert find_port("0C2E:0cc1", lambda: ports) == "/dev/ttyACM3"
    assert find_port("0c2e:0cc2", lambda: ports) is None
    assert find_port("COM3", lambda: ports) == "COM3"


def test_the_machines_own_ports_can_be_listed() -> None:
    paths = [port.path for port in serial_ports()]
    assert paths == sorted(paths)


@pytest.mark.parametrize("suffix", ["enter", "tab", "none"])
async def test_an_emulated_scanner_is_read(suffix: str, listener: Listener, tmp_path: Path) -> None:
    config = pytest.importorskip("emupos.config", reason="the emulator needs Python 3.13")
    pty = pytest.importorskip("emupos.transports.pty")
    emulator = pytest.importorskip("emupos.scanner.scanner")
    framing = config.SerialFraming(baud=9600, data_bits=8, parity="none", stop_bits=1)
    port = await pty.open_pty("scanner", framing, tmp_path / "links")
    emulated = emulator.Scanner("lane1", "serial", suffix, 0)
    scanner = started(listener, str(port.link_path))
    await asyncio.to_thread(listener.await_status, "connected")
    for text in ("]E02900000000001", "4820000000017", "https://shop.example/c/Ґ17"):
        accepted = emulated.request(text, 0, unicode=True, now=0.0)
        port.writer.write(accepted.serial_bytes)
        await port.writer.drain()
        emulated.finished(accepted.id)
        scan = await asyncio.to_thread(listener.scan)
        assert scan.text == text.removeprefix("]E0")
    await asyncio.to_thread(scanner.stop)
    await port.close()


def test_no_permission_names_the_group_to_join(
    listener: Listener, plug: Plug, monkeypatch: pytest.MonkeyPatch
) -> None:
    import grp

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("serial.Serial", refused)
    scanner = started(listener, plug.path)
    state = listener.await_status("no_permission")
    scanner.stop()
    assert state.group == grp.getgrgid(Path(plug.path).stat().st_gid).gr_name
