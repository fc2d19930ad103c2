"""The ledger's key: 256 random bits, kept in the one place the config names, and never anywhere else.

No fallback: when that place does not hold a key, nothing is opened and the reason is said.
"""

import hashlib
import hmac
import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from terminal.config import KeyConfig, write_private

KEY_BYTES = 32
"""Length of the raw SQLCipher key."""

_ACCOUNT = "ledger-key"


class KeyUnavailable(Exception):
    """The key cannot be read, made or restored; `reason` says why and what to do."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_key(settings: KeyConfig, environ: Mapping[str, str] = os.environ) -> bytes:
    """The ledger's key from where the config keeps it; raises KeyUnavailable."""
    match settings.store:
        case "file":
            return _from_hex(_file_text(settings.path), f"the key file {settings.path}")
        case "keyring":
            told = _keyring_get(settings.service)
            if told is None:
                raise KeyUnavailable(f'The keyring holds no key under "{settings.service}".')
            return _from_hex(told, f'the keyring entry "{settings.service}"')
        case "systemd":
            folder = environ.get("CREDENTIALS_DIRECTORY")
            if not folder:
                raise KeyUnavailable(
                    "systemd gave no credentials. Start the till as a service whose unit says "
                    f"LoadCredentialEncrypted={settings.credential}."
                )
            path = Path(folder) / settings.credential
            return _from_hex(_credential_text(path), f"the credential {settings.credential}")


def create_key(settings: KeyConfig, random: Callable[[int], bytes]) -> bytes:
    """Make a new key and keep it where the config says; raises KeyUnavailable when one is there already."""
    key = random(KEY_BYTES)
    store_key(settings, key)
    return key


def store_key(settings: KeyConfig, key: bytes) -> None:
    """Keep a key (a new one, or one typed from its recovery text), never over an existing one."""
    assert len(key) == KEY_BYTES
    match settings.store:
        case "file":
            _store_in_file(settings.path, key)
        case "keyring":
            if _keyring_get(settings.service) is not None:
                raise KeyUnavailable(f'The keyring holds a key under "{settings.service}" already.')
            _keyring_set(settings.service, key.hex())
            if _keyring_get(settings.service) != key.hex():
                raise KeyUnavailable("The keyring did not keep the key. Name another store in the config.")
        case "systemd":
            name = settings.credential
            raise KeyUnavailable(
                "A systemd credential is made by the administrator: openssl rand -hex 32 | sudo "
                f"systemd-creds encrypt --name={name} - /etc/credstore.encrypted/{name}"
            )


def forget_key(settings: KeyConfig, key: bytes) -> None:
    """Take a key that was just made out of its place again; a different one that stands there is left alone."""
    match settings.store:
        case "file":
            if settings.path.exists() and read_key(settings) == key:
                settings.path.unlink()
        case "keyring":
            if _keyring_get(settings.service) == key.hex():
                _keyring_delete(settings.service)
        case "systemd":
            pass


def pepper(key: bytes) -> bytes:
    """The secret that PIN hashes are mixed with, so that they are worth nothing without the key (32 bytes)."""
    return hmac.digest(key, b"tillmate pin pepper", hashlib.sha256)


def _from_hex(text: str, source: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnavailable(f"What stands in {source} is no key: it should be 64 hexadecimal digits.")
    return key


def _store_in_file(path: Path, key: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(path, key.hex().encode() + b"\n")
    except FileExistsError:
        raise KeyUnavailable(f"A key file stands at {path} already; it is left as it is.") from None
    except OSError as error:
        raise KeyUnavailable(f"The key file {path} cannot be written ({error.strerror}).") from None


def _file_text(path: Path) -> str:
    """The key file's text, if its owner alone can have read or changed it."""
    try:
        with path.open("rb") as file:
            seen = os.fstat(file.fileno())
            if not stat.S_ISREG(seen.st_mode):
                raise KeyUnavailable(f"{path} is no file.")
            if os.name == "posix" and seen.st_uid != os.geteuid():
                raise KeyUnavailable(f"The key file {path} belongs to another user. Say: chown $USER {path}")
            if os.name == "posix" and seen.st_mode & 0o077:
                raise KeyUnavailable(f"The key file {path} can be read by others. Say: chmod 600 {path}")
            return file.read(1024).decode("latin-1")
    except FileNotFoundError:
        raise KeyUnavailable(f"There is no key file at {path}. Put it back, or restore the key.") from None
    except OSError as error:
        raise KeyUnavailable(f"The key file {path} cannot be read ({error.strerror}).") from None


def _credential_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(1024).decode("latin-1")
    except OSError as error:
        raise KeyUnavailable(f"The credential {path.name} cannot be read ({error.strerror}).") from None


def _keyring_get(service: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(service, _ACCOUNT)
    except (KeyringError, OSError) as error:
        raise KeyUnavailable(f"The keyring does not answer ({error}). Is its user logged in?") from None


def _keyring_set(service: str, told: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(service, _ACCOUNT, told)
    except (KeyringError, OSError) as error:
        raise KeyUnavailable(f"The keyring does not keep the key ({error}).") from None


def _keyring_delete(service: str) -> None:
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(service, _ACCOUNT)
    except (KeyringError, OSError) as error:
        raise KeyUnavailable(f"The keyring does not let go of the key ({error}).") from None
