"""Keys set in a config that stands: in their lines, and nowhere else; whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from terminal.config import ConfigError, change_config, load_config
from terminal.config.change import changed

LEAST = '[shop]\nname = "Shop"\n\n[till]\nname = "till-1"\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # In its own line, with what stands around it.
        (
            '[printer]\n# where\nurl = "a:"\ndrawer = true # mine\n',
            '[printer]\n# where\nurl = "tcp://x"\ndrawer = true # mine\n',
        ),
        # Below the header when the key is not there yet, above the next section.
        ("[printer]\ndrawer = true\n[scanner]\n", '[printer]\nurl = "tcp://x"\ndrawer = true\n[scanner]\n'),
        # In a section of its own when there is none.
        ("[scanner]\nbaud = 9600\n", '[scanner]\nbaud = 9600\n\n[printer]\nurl = "tcp://x"\n'),
        # Not in another section's key of that name.
        ('[site]\nurl = "b:"\n[printer]\nurl = "a:"\n', '[site]\nurl = "b:"\n[printer]\nurl = "tcp://x"\n'),
        ('[ "printer" ]  # x\n"url" = "a:"', '[ "printer" ]  # x\nurl = "tcp://x"\n'),
    ],
)
def test_one_key_is_set(before: str, after: str) -> None:
    assert changed(before, "printer", {"url": "tcp://x"}) == after


def test_a_list_over_several_lines_is_replaced_whole() -> None:
    before = '[printer]\npages = [\n  "46:CP1251", # ours\n  "18:CP852",\n]\ndrawer = true\n'
    assert (
        changed(before, "printer", {"pages": ("17:CP866",)}) == '[printer]\npages = ["17:CP866"]\ndrawer = true\n'
    )
    assert changed(before, "printer", {"pages": ()}) == "[printer]\npages = []\ndrawer = true\n"


def test_what_is_set_is_read_back_and_the_files_rights_stay(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("\ufeff" + LEAST, encoding="utf-8")
    path.chmod(0o600)
    settings = {"url": 'file:a"b\\c', "columns": 42, "pages": ("46:CP1251", "18:CP852"), "answers": "yes"}
    change_config(path, "printer", settings)
    change_config(path, "printer", settings)
    printer = load_config(path).printer
    assert (printer.url, printer.columns, printer.pages) == (
        f'file:{tmp_path}/a"b\\c',
        42,
        ("46:CP1251", "18:CP852"),
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    ("text", "settings", "said"),
    [
        (LEAST, {"columns": 99}, "[printer] columns"),
        (LEAST, {"colour": "red"}, "is not known"),
        (LEAST + 'printer = { url = "" }\n', {"columns": 42}, "is not known"),
        ('printer = { url = "" }\n' + LEAST, {"columns": 42}, "is not TOML"),
        ("[shop\n", {"columns": 42}, "is not TOML"),
    ],
)
def test_what_cannot_be_leaves_the_file_as_it_was(
    tmp_path: Path, text: str, settings: dict[str, object], said: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        change_config(path, "printer", settings)
    assert said in caught.value.reason
    assert str(path) in caught.value.reason
    assert path.read_text(encoding="utf-8") == text
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.toml"]


def test_a_disk_that_refuses_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    path.write_text(LEAST, encoding="utf-8")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ConfigError, match="No space left"):
        change_config(path, "printer", {"columns": 42})
    assert path.read_text(encoding="utf-8") == LEAST
    assert [entry.name for entry in tmp_path.iterdir()] == ["config.toml"]


def test_a_config_that_is_none_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        change_config(tmp_path / "none.toml", "printer", {"columns": 42})
    (tmp_path / "latin.toml").write_bytes(b'[shop]\nname = "\xff"\n')
    with pytest.raises(ConfigError, match="UTF-8"):
        change_config(tmp_path / "latin.toml", "printer", {"columns": 42})
