"""The till's own slips, in every language and width, on a printer that somebody else wrote."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Canvas

from printers.document import QR, Document, document_from_json, document_to_json
from printers.folder_store import FolderStore
from printers.layout import Line, lay_out
from printers.ports import open_port
from printers.profile import load_profile
from printers.spool import print_next
from terminal import desk
from terminal.desk.demo_shop import SELLER, make_demo_till
from terminal.desk.slip import sale_slip
from terminal.desk.till import Till
from tests.printers.emulator import Emulator, needs_emulator, running_emulator
from tests.shop import Clock

pytestmark = needs_emulator

PAGES = {"46": "CP1251", "18": "CP852", "17": "CP866"}
WIDTHS = {58: 32, 80: 48}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with running_emulator(tmp_path_factory.mktemp("emupos")) as emulator:
        yield emulator


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Till]:
    till, _ = make_demo_till(tmp_path_factory.mktemp("shop"), "uk", 1, Clock())
    with till.ledger:
        yield till


def slip_in(till: Till, language: str) -> Document:
    last = desk.last_sale(till)
    assert last is not None
    return document_from_json(document_to_json(sale_slip(till, last, SELLER, language=language)))


@pytest.mark.parametrize("language", ["uk", "pl", "ru", "en"])
@pytest.mark.parametrize("width_mm", sorted(WIDTHS))
def test_the_slip_of_a_sale_comes_out_as_its_exact_text(
    language: str, width_mm: int, shop: Till, emulator: Emulator, tmp_path: Path
) -> None:
    document, columns = slip_in(shop, language), WIDTHS[width_mm]
    profile = load_profile(f"{width_mm}mm", {"pages": PAGES, "cut": "part"})
    store, known = FolderStore(tmp_path), emulator.receipts()
    store.add(document)
    assert print_next(store, open_port(emulator.address), profile).result == "done"
    [name] = emulator.new_after(known, 1)
    lines = [item for item in lay_out(document, columns) if isinstance(item, Line)]
    expected = [(" " * line.indent(columns) + line.text).rstrip() for line in lines]
    printed = emulator.text(name)
    # The QR is drawn in bands of dots; what stands around it is text.
    [place] = [place for place, item in enumerate(lay_out(document, columns)) if isinstance(item, QR)]
    bands = printed[place : place + len(printed) - len(expected)]
    assert bands
    assert all(band.startswith("[image") for band in bands)
    del printed[place : place + len(bands)]
    for line, text in zip(printed, expected, strict=True):
        # The shop's name, its customers and its staff are Ukrainian: on a Polish page their lines are dots.
        assert line == text or (language in ("pl", "en") and line.startswith("[") and not text.isascii())
    assert "?" not in "".join(printed)
    picture = emulator.call("GET", f"/devices/front/receipts/{name}/image")
    with Canvas.open(io.BytesIO(picture)) as image:
        assert image.width == 576
        assert image.height > 24 * len(expected)
