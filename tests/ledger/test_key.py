"""The ledger's key: from one place only, never over another, and typed back from paper."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import KeyringLocked

from terminal.config import KeyConfig
from terminal.ledger.key import KeyUnavailable, create_key, pepper, read_key, store_key
from terminal.ledger.recovery import key_from_recovery, recovery_text

KEY = bytes(range(32))


def in_file(folder: Path) -> KeyConfig:
    return KeyConfig(path=folder / "keys" / "till.key")


def chance(count: int) -> bytes:
    return KEY[:count]


def test_a_created_key_file_is_private_and_read_back(tmp_path: Path) -> None:
    settings = in_file(tmp_path)
    assert create_key(settings, chance) == KEY
    assert read_key(settings) == KEY
    if os.name == "posix":
        assert stat.S_IMODE(settings.path.stat().st_mode) == 0o600


def test_a_key_file_is_never_replaced(tmp_path: Path) -> None:
    settings = in_file(tmp_path)
    create_key(settings, chance)
    with pytest.raises(KeyUnavailable, match="left as it is"):
        create_key(settings, lambda count: b"\0" * count)
    assert read_key(settings) == KEY


def test_a_missing_key_file_is_said_and_none_is_made(tmp_path: Path) -> None:
    settings = in_file(tmp_path)
    with pytest.raises(KeyUnavailable, match="no key file"):
        read_key(settings)
    assert not settings.path.exists()


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX's")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610, 0o666])
def test_a_key_file_open_to_others_is_refused(tmp_path: Path, mode: int) -> None:
    settings = in_file(tmp_path)
    create_key(settings, chance)
    settings.path.chmod(mode)
    with pytest.raises(KeyUnavailable, match="chmod 600"):
        read_key(settings)


@pytest.mark.skipif(os.name != "posix", reason="file owners are POSIX's")
def test_a_key_file_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = in_file(tmp_path)
    create_key(settings, chance)
    stranger = os.geteuid() + 1
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    with pytest.raises(KeyUnavailable, match="another user"):
        read_key(settings)


@pytest.mark.parametrize("content", [b"", b"00" * 31, b"00" * 33, b"zz" * 32, b"\xff\xfe", b"0" * 5000])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, content: bytes) -> None:
    settings = KeyConfig(path=tmp_path / "till.key")
    settings.path.write_bytes(content)
    settings.path.chmod(0o600)
    with pytest.raises(KeyUnavailable, match="64 hexadecimal digits"):
        read_key(settings)


def test_a_folder_in_the_keys_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyUnavailable):
        read_key(KeyConfig(path=tmp_path))
    with pytest.raises(KeyUnavailable):
        create_key(KeyConfig(path=tmp_path), chance)


def test_a_key_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("a file where a folder should be")
    with pytest.raises(KeyUnavailable, match=r"left as it is|cannot be written"):
        create_key(in_file(tmp_path), chance)


def test_a_systemd_credential_is_read(tmp_path: Path) -> None:
    settings = KeyConfig(store="systemd", credential="till")
    (tmp_path / "till").write_text(KEY.hex() + "\n")
    assert read_key(settings, {"CREDENTIALS_DIRECTORY": str(tmp_path)}) == KEY
    with pytest.raises(KeyUnavailable, match="LoadCredentialEncrypted=till"):
        read_key(settings, {})
    with pytest.raises(KeyUnavailable, match="cannot be read"):
        read_key(settings, {"CREDENTIALS_DIRECTORY": str(tmp_path / "none")})


def test_a_systemd_credential_is_not_made_here() -> None:
    with pytest.raises(KeyUnavailable, match="systemd-creds encrypt --name=till "):
        create_key(KeyConfig(store="systemd", credential="till"), chance)


class MemoryKeyring(KeyringBackend):
    priority = 1

    def __init__(self, *, forgetful: bool = False, locked: bool = False) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.forgetful, self.locked = forgetful, locked
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if not self.forgetful:
            self.kept[service, username] = password


@pytest.fixture
def keyring_restored() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


NO_KEYRING: KeyringBackend = NoKeyring()  # type: ignore[no-untyped-call]
IN_KEYRING = KeyConfig(store="keyring", service="shop")


@pytest.mark.usefixtures("keyring_restored")
def test_the_keyring_keeps_the_key_and_never_replaces_it() -> None:
    keyring.set_keyring(MemoryKeyring())
    with pytest.raises(KeyUnavailable, match="holds no key"):
        read_key(IN_KEYRING)
    assert create_key(IN_KEYRING, chance) == KEY
    assert read_key(IN_KEYRING) == KEY
    with pytest.raises(KeyUnavailable, match="already"):
        create_key(IN_KEYRING, lambda count: b"\0" * count)
    assert read_key(IN_KEYRING) == KEY


@pytest.mark.usefixtures("keyring_restored")
@pytest.mark.parametrize("backend", [MemoryKeyring(locked=True), MemoryKeyring(forgetful=True), NO_KEYRING])
def test_a_keyring_that_fails_is_said(backend: KeyringBackend, tmp_path: Path) -> None:
    keyring.set_keyring(backend)
    with pytest.raises(KeyUnavailable, match="keyring"):
        create_key(KeyConfig(store="keyring", path=tmp_path / "till.key"), chance)
    assert list(tmp_path.iterdir()) == []


def test_the_pepper_is_the_keys_own_and_does_not_tell_it() -> None:
    assert pepper(KEY).hex() == "2ade2c2f6d50a3e905f4fb467899ad10badaae4d8648d1e0dd11fc1c1392e1a9"
    assert pepper(KEY) != pepper(bytes(32))


def test_the_recovery_text_is_for_paper() -> None:
    text = recovery_text(KEY)
    groups = text.split("-")
    assert [len(group) for group in groups] == [4] * 14
    assert text == "000G-40R4-0M30-E209-185G-R38E-1W81-24GK-2GAH-C5RR-34D1-P70X-3RFP-6C5S"


@given(st.binary(min_size=32, max_size=32))
def test_a_typed_recovery_text_gives_the_key_back(key: bytes) -> None:
    text = recovery_text(key)
    assert key_from_recovery(text) == key
    assert key_from_recovery(text.lower().replace("-", " ")) == key
    assert key_from_recovery(text.translate(str.maketrans("01ABCEHKMPTX", "OIАВСЕНКМРТХ"))) == key


@given(st.binary(min_size=32, max_size=32), st.integers(0, 55), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_one_wrong_letter_is_found_and_its_group_named(key: bytes, place: int, other: str) -> None:
    symbols = recovery_text(key).replace("-", "")
    typed = symbols[:place] + other + symbols[place + 1 :]
    if typed == symbols:
        assert key_from_recovery(typed) == key
    else:
        with pytest.raises(KeyUnavailable, match=rf"group {place // 4 + 1} again"):
            key_from_recovery(typed)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: "", "0 were typed"),
        (lambda text: text[:-1], "55 were typed"),
        (lambda text: text + "0", "57 were typed"),
        (lambda text: text.replace("40R4", "40U4"), "Group 2 holds a sign"),
        (lambda text: text.replace("40R4", "4R04"), "group 2 again"),
        (lambda text: "-".join(reversed(text.split("-"))), "Compare every group"),
        (lambda text: "Ж" * 100_000, "Group 1 holds a sign"),
    ],
)
def test_a_mistyped_recovery_text_says_what_is_wrong(change: Callable[[str], str], said: str) -> None:
    with pytest.raises(KeyUnavailable, match=said):
        key_from_recovery(change(recovery_text(KEY)))


def test_a_restored_key_is_kept_like_a_new_one(tmp_path: Path) -> None:
    store_key(in_file(tmp_path), key_from_recovery(recovery_text(KEY)))
    assert read_key(in_file(tmp_path)) == KEY
