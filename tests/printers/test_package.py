"""What the package costs to import, and that its page says all there is to set."""

import subprocess
import sys
from pathlib import Path

import pytest

import printers
from printers import ports, profile

HOME = Path(printers.__file__).parent
DOCS = HOME.parent / "docs" / "printers.md"
LATE = ("escpos", "PIL", "serial", "qrcode", "barcode", "usb", "yaml")


def test_importing_the_package_loads_nothing_heavy() -> None:
    modules = ", ".join(f"printers.{path.stem}" for path in sorted(HOME.glob("*.py")) if path.stem != "__init__")
    code = f"import sys, {modules}; print([name for name in {LATE!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME.parent)
    assert done.stdout.strip() == "[]"


def test_the_tills_start_loads_nothing_that_prints() -> None:
    """A slip as data is all that a till needs until its counter is painted."""
    code = (
        "import sys, terminal.cli, terminal.app, terminal.running;"
        f"print(sorted(n for n in sys.modules if n.split('.')[0] in ('printers', *{LATE!r})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME.parent)
    assert done.stdout.strip() == "['printers', 'printers.document', 'printers.errors']"


def test_the_fonts_come_with_their_licence() -> None:
    assert "Bitstream Vera Fonts Copyright" in (HOME / "fonts" / "LICENSE").read_text()
    assert sorted(path.name for path in (HOME / "fonts").glob("*.ttf")) == [
        "DejaVuSansMono-Bold.ttf",
        "DejaVuSansMono.ttf",
    ]


@pytest.mark.parametrize("name", profile.profile_names())
def test_the_page_lists_every_profile_as_it_is(name: str) -> None:
    found = profile.load_profile(name)
    pages = {page.codec.upper() for page in found.pages}
    ours = ", ".join(page for page in ("CP1251", "CP866", "CP852", "KZ1048") if page in pages) or "-"
    row = f"| `{name}` | {found.columns} | {found.width_dots} | {found.cut} | {ours} |"
    assert row in DOCS.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("word", sorted([*profile._FIELDS, *(f"{scheme}:" for scheme in ports._SCHEMES)]))
def test_the_page_names_every_setting_and_address(word: str) -> None:
    assert f"`{word}" in DOCS.read_text()
