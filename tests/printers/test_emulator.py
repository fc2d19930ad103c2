"""Slips printed on a printer that somebody else wrote: its text and its status, over the whole path."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from printers.document import QR, Barcode, Columns, Cut, Document, Drawer, Rule, Text
from printers.folder_store import FolderStore
from printers.identity import other_model, printer_name
from printers.layout import Line, lay_out
from printers.ports import Port, open_port
from printers.profile import Profile, load_profile
from printers.spool import Job, print_next
from printers.status import Status, printer_status
from tests.printers.emulator import MODEL, Emulator, needs_emulator, running_emulator
from tests.printers.faults import SerialProxy

pytestmark = needs_emulator

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


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_emulator(tmp_path_factory.mktemp("emupos")) as emulator:
        yield emulator


@pytest.fixture
def port(emulator: Emulator) -> Port:
    return open_port(emulator.address)


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
    with emulator.fault(fault):
        outcome = print_next(store, port, CYRILLIC)
        assert outcome.result == "waiting"
        assert outcome.status is not None
        assert outcome.status.state == state
    assert print_next(store, port, CYRILLIC).result == "done"
    assert emulator.text_after(known) == on_paper(SLIPS["uk"], CYRILLIC)


def test_paper_near_its_end_is_seen_and_printed_on(port: Port, emulator: Emulator, tmp_path: Path) -> None:
    with emulator.fault("paper-near-end"):
        assert printer_status(port) == Status("ready", paper_low=True)
        assert printed(SLIPS["en"], CYRILLIC, port, emulator, tmp_path) == on_paper(SLIPS["en"], CYRILLIC)


def test_the_drawer_opens_by_profile_alone(port: Port, emulator: Emulator, tmp_path: Path) -> None:
    for allowed in (False, True):
        settings: dict[str, object] = {"drawer": allowed}
        document = Document((Drawer(), Text("x"), Cut()))
        printed(document, load_profile("TM-T20II", settings), port, emulator, tmp_path)
        devices = json.loads(emulator.call("GET", "/devices"))
        [front] = [device for device in devices if device["id"] == "front"]
        assert ("open" in json.dumps(front["state"])) is allowed
    emulator.call("POST", "/devices/front/drawer/close")


class StoreOfAMoment(FolderStore):
    """A queue whose printer gets a fault between its answer and the first byte."""

    def __init__(self, folder: Path, emulator: Emulator, fault: str) -> None:
        super().__init__(folder)
        self._emulator, self._fault = emulator, fault

    def sending(self, job_id: int) -> None:
        super().sending(job_id)
        self._emulator.call("PUT", f"/devices/front/faults/{self._fault}")


@pytest.mark.parametrize("fault", ["paper-out", "cover-open", "offline"])
def test_a_slip_sent_into_a_printer_that_just_stopped_is_left_to_a_person(
    fault: str, port: Port, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("printers.status._FINISH_S", 0.2)
    store, known = StoreOfAMoment(tmp_path, emulator, fault), emulator.receipts()
    number = store.add(SLIPS["uk"])
    try:
        outcome = print_next(store, port, CYRILLIC)
        assert (outcome.result, outcome.job_id) == ("unknown", number)
        assert fault.replace("-", "_") in outcome.why
        assert emulator.receipts() == known
    finally:
        emulator.call("DELETE", f"/devices/front/faults/{fault}")
    # The printer had taken it and prints it now: sent again without asking, it would be there twice.
    assert emulator.text_after(known) == on_paper(SLIPS["uk"], CYRILLIC)
    assert print_next(store, port, CYRILLIC).result == "idle"
    store.again(number)
    assert store.next() == Job(number, SLIPS["uk"], copy=True)


@pytest.mark.parametrize("language", sorted(SLIPS))
def test_over_a_serial_line_too(language: str, emulator: Emulator, tmp_path: Path) -> None:
    serial = open_port(f"serial:{emulator.serial}?baud=115200")
    assert printed(SLIPS[language], CYRILLIC, serial, emulator, tmp_path) == on_paper(SLIPS[language], CYRILLIC)


def test_a_stopped_printer_on_a_serial_line(emulator: Emulator, tmp_path: Path) -> None:
    serial, store, known = (
        open_port(f"serial:{emulator.serial}?baud=115200"),
        FolderStore(tmp_path),
        emulator.receipts(),
    )
    store.add(SLIPS["pl"])
    with emulator.fault("paper-out"):
        outcome = print_next(store, serial, CYRILLIC)
        assert (outcome.result, outcome.status) == ("waiting", Status("paper_out", paper_low=True))
    assert print_next(store, serial, CYRILLIC).result == "done"
    assert emulator.text_after(known) == on_paper(SLIPS["pl"], CYRILLIC)


def test_a_plug_pulled_in_a_job_leaves_it_to_a_person(emulator: Emulator, tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    first, second = store.add(SLIPS["uk"]), store.add(SLIPS["pl"])
    with SerialProxy(emulator.serial, after=150) as line:
        serial = open_port(f"serial:{line.device}?baud=115200")
        outcome = print_next(store, serial, CYRILLIC)
        assert line.pulled.is_set()
        assert (outcome.result, outcome.job_id) == ("unknown", first)
        waiting = print_next(store, serial, CYRILLIC)
        assert (waiting.result, waiting.job_id, waiting.reason) == ("waiting", second, "missing")
    with SerialProxy(emulator.serial) as line:
        assert print_next(store, open_port(f"serial:{line.device}?baud=115200"), CYRILLIC).job_id == second
    assert [number for number, _ in store.doubtful()] == [first]


def test_the_printer_says_which_model_it_is(port: Port, emulator: Emulator) -> None:
    assert printer_name(port) == MODEL
    assert other_model(port, load_profile(MODEL)) == ""
    assert other_model(port, load_profile("80mm")) == ""
    assert other_model(port, load_profile("TM-T88V")) == MODEL
    assert other_model(port, load_profile("TM-T88V", {"columns": 42})) == "", "its owner has tried it"
    assert other_model(port, load_profile("58mm")) == "", "narrow slips come out whole on wide paper"
    assert other_model(port, load_profile("CT-S651")) == MODEL, "640 dots are more than it has"
    assert other_model(port, load_profile("KR-306")) == "", "its own name is not known, and the paper is as wide"
    with emulator.fault("paper-out"):
        assert other_model(port, load_profile("TM-T88V")) is None


@pytest.mark.parametrize(
    ("known", "name", "wrong", "right"),
    [
        ("epson-tm-t20iii", "TM-T20III", ["TM-T20II", "TM-T88V"], ["80mm", "58mm", "NT-80-V-UL", "CT-S651"]),
        ("rongta-rp326", "", ["TM-T20II"], ["80mm", "58mm", "RP326", "CT-S651"]),
        ("xprinter-xp80t", "", ["TM-T20II"], ["80mm", "58mm", "RP326"]),
    ],
)
def test_the_emulators_own_models(
    known: str, name: str, wrong: list[str], right: list[str], tmp_path: Path
) -> None:
    """An Epson tells its name; a cheap printer tells none, and is believed to be what the config says."""
    with running_emulator(tmp_path, profile=known) as emulator:
        port = open_port(emulator.address)
        assert printer_name(port) == name
        assert [each for each in wrong if other_model(port, load_profile(each)) == name] == wrong
        assert [each for each in right if other_model(port, load_profile(each)) == ""] == right


def test_slips_that_are_wider_than_the_printer_are_not_printed(tmp_path: Path) -> None:
    with running_emulator(tmp_path, "TM-T88V") as emulator:
        port = open_port(emulator.address)
        assert other_model(port, load_profile("80mm")) == "TM-T88V", "42 letters on a line, not 48"
        for profile in (load_profile("58mm"), load_profile("80mm", {"columns": 42}), load_profile("TM-T88V")):
            assert other_model(port, profile) == ""
