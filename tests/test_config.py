"""The config file: what it says by default, how it is written, and how it says what is wrong."""

import os
import stat
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from terminal.config import (
    CardsConfig,
    Config,
    ConfigError,
    PrinterConfig,
    ShopConfig,
    TillConfig,
    config_text,
    default_config_path,
    load_config,
    write_config,
    write_private,
)

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
LEAST = '[shop]\nname = "Shop"\n[till]\nname = "till-1"\n'


def load(folder: Path, text: str) -> Config:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load_config(path)


def test_the_least_config_needs_only_two_names(tmp_path: Path) -> None:
    config = load(tmp_path, LEAST)
    assert (config.shop.name, config.till.name) == ("Shop", "till-1")
    assert (config.shop.language, config.shop.currency, config.shop.timezone) == ("uk", "UAH", "Europe/Kyiv")
    assert (config.key.store, config.printer.url, config.scanner.wedge) == ("file", "", True)


def test_relative_paths_start_at_the_files_folder(tmp_path: Path) -> None:
    text = LEAST + 'ledger = "data/ledger.db"\n[backup]\nfolder = "/mnt/usb"\n[printer]\nurl = "file:slips"\n'
    config = load(tmp_path, text)
    assert config.till.ledger == tmp_path / "data/ledger.db"
    assert config.key.path == tmp_path / "till.key"
    assert config.backup.folder == Path("/mnt/usb")
    assert config.printer.url == f"file:{tmp_path / 'slips'}"


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert load(tmp_path, "\ufeff" + LEAST).shop.name == "Shop"


def test_the_example_loads_and_every_key_stands_in_it_and_no_other() -> None:
    load_config(EXAMPLE)
    told = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))
    expected = {section.name: {key.name for key in fields(section.type)} for section in fields(Config)}
    assert {section: set(keys) for section, keys in told.items()} == expected


def test_the_example_is_what_would_be_written() -> None:
    shop = ShopConfig(
        "Крамниця «Приклад»", address=("вул. Хрещатик, 1", "Київ"), thank_you="Дякуємо, приходьте ще!"
    )
    text = config_text(Config(shop, TillConfig("till-1")))
    assert EXAMPLE.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[shop\n", ["is not TOML", "line 1"]),
        (
            LEAST.replace("[till]", 'langage = "pl"\n[till]'),
            ["line 3: [shop] langage", 'Is "language" meant?'],
        ),
        (LEAST + "keep = 3\n", ["line 5: [till] keep", "belongs in the section [backup]"]),
        (LEAST + "zzz = 3\n", ["[till] zzz", "Known here: name, ledger, idle_lock_s"]),
        (LEAST + '[heat]\nhot = ""\n', ["line 5: [heat]", "is not known", "Known here: shop, till"]),
        (LEAST + "[printr]\n", ['Is "printer" meant?']),
        ('[till]\nname = "till-1"\n', ["[shop] is missing", "name, address"]),
        ('[shop]\n[till]\nname = "t"\n', ["line 1: [shop] name is missing", "printed on top"]),
        (LEAST + 'idle_lock_s = "300"\n', ["line 5: [till] idle_lock_s", "a whole number", "text in quotes"]),
        (LEAST + "idle_lock_s = 1\n", ["idle_lock_s", ">= 10", "Seconds without a touch"]),
        (
            LEAST.replace("[till]", 'language = "ua"\n[till]'),
            ["line 3: [shop] language", '"uk", "pl", "ru" or "en"'],
        ),
        (LEAST.replace("[till]", 'currency = "ABC"\n[till]'), ["line 3: [shop] currency", "ISO 4217"]),
        (LEAST.replace("[till]", 'country = "uk"\n[till]'), ["line 3: [shop] country", "two letters"]),
        (LEAST.replace("[till]", 'timezone = "Kiev"\n[till]'), ["[shop] timezone", '"Kiev" is no time zone']),
        (LEAST.replace("[till]", 'timezone = "../x"\n[till]'), ["[shop] timezone", "is no time zone"]),
        (LEAST.replace("[till]", "address = [3]\n[till]"), ["line 3: [shop] address", "six lines"]),
        (LEAST.replace("till-1", "till 1"), ["line 4: [till] name", '"till 1" cannot name a till']),
        (LEAST + "ledger = 3\n", ["line 5: [till] ledger", "a path in quotes"]),
        (LEAST + 'ledger = ""\n', ["line 5: [till] ledger", "a path in quotes"]),
        (LEAST + '[printer]\nurl = "192.168.1.50"\n', ["line 6: [printer] url", "tcp://"]),
        (LEAST + "[printer]\nwidth_mm = 76\n", ["line 6: [printer] width_mm", "58 or 80"]),
        (LEAST + '[cards]\nean13_prefixes = ["482"]\n', ["line 6: [cards] ean13_prefixes", "in-store"]),
        (LEAST + '[cards]\nean13_prefixes = [""]\n', ["line 6: [cards] ean13_prefixes", "in-store"]),
        (LEAST + '[cards]\ncode128_pattern = "("\n', ["line 6: [cards] code128_pattern", "regular expression"]),
        (LEAST + '[cards]\nqr_pattern = "https://.*"\n', ["line 6: [cards] qr_pattern", "0 groups"]),
        (LEAST + '[key]\ncredential = "../x"\n', ["line 6: [key] credential", "letters, digits"]),
        ("shop = 3\n" + LEAST.replace("[shop]", "[x]"), ["[shop]", "a section"]),
    ],
)
def test_a_fault_says_where_and_what_to_write(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    assert caught.value.reason.startswith(str(tmp_path / "config.toml"))
    for words in said:
        assert words in caught.value.reason


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tillmate init"):
        load_config(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path)
    (tmp_path / "latin.toml").write_bytes(b'[shop]\nname = "\xff"\n')
    with pytest.raises(ConfigError, match="UTF-8"):
        load_config(tmp_path / "latin.toml")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("config") / "config.toml"


@given(st.one_of(st.binary(max_size=60), st.just(b"[" * 5000), st.just(b"a = " + b"9" * 5000)))
def test_any_bytes_end_in_a_clear_error(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(ConfigError):
        load_config(file)


TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


@given(TEXT.filter(bool), st.lists(TEXT, max_size=6), TEXT, st.booleans())
def test_what_is_written_is_what_is_read(
    file: Path, name: str, address: list[str], word: str, drawer: bool
) -> None:
    shop = ShopConfig(name, address=tuple(address), thank_you=word)
    config = Config(
        shop,
        TillConfig("till-1", ledger=file.parent / "my ledger.db"),
        printer=PrinterConfig(drawer=drawer),
        cards=CardsConfig(ean13_prefixes=("27", "2900"), qr_pattern=r"https://x\.y/(\w+)"),
    )
    file.unlink(missing_ok=True)
    write_config(file, config)
    loaded = load_config(file)
    assert (loaded.shop, loaded.cards, loaded.printer) == (config.shop, config.cards, config.printer)
    assert loaded.till == config.till


def test_a_config_is_never_written_over_another(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    config = Config(ShopConfig("One"), TillConfig("till-1"))
    write_config(path, config)
    with pytest.raises(ConfigError, match="stands already"):
        write_config(path, replace(config, shop=ShopConfig("Two")))
    assert load_config(path).shop.name == "One"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_config_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError):
        write_config(tmp_path / "file" / "config.toml", Config(ShopConfig("One"), TillConfig("till-1")))


def test_a_full_disk_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_private(tmp_path / "half", b"data")
    assert not (tmp_path / "half").exists()


def test_a_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        write_private(tmp_path / "link", b"data")
    assert not (tmp_path / "elsewhere").exists()


def test_the_environment_names_another_config() -> None:
    assert default_config_path({"TILLMATE_CONFIG": "/etc/till.toml"}) == Path("/etc/till.toml")
    assert default_config_path({}).name == "config.toml"
    assert "tillmate" in str(default_config_path({}))
