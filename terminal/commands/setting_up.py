"""Making a till: config, key, ledger, programme and first manager, all of them or none."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from random import Random

from terminal import desk
from terminal.commands.faults import Declined
from terminal.config import Config, ConfigError, KeyConfig, load_config, write_config
from terminal.desk.till import Till, shop_of
from terminal.ledger.errors import LedgerError
from terminal.ledger.key import KEY_BYTES, forget_key, pepper, read_key, store_key
from terminal.ledger.opening import create_ledger
from terminal.rules.phrase import Refused, phrase


@contextmanager
def setting_up(
    path: Path,
    config: Config,
    *,
    programme: str,
    manager: str,
    pin: str,
    clock: Callable[[], datetime],
    chance: Random,
) -> Iterator[bytes]:
    """Make a till and hand out its key; when that or the caller's block fails or is stopped, nothing is left of it.

    Nothing that stands is touched: raises ConfigError, KeyUnavailable, LedgerError, ProgrammeError, Declined.
    """
    with ExitStack() as undo:
        made = _write_config(path, config, undo)
        key = _make_key(made.key, undo)
        ledger_path = made.till.ledger
        if ledger_path.exists():
            raise LedgerError(
                phrase("There is a ledger at {path} already. Move it away first.", path=str(ledger_path))
            )
        undo.callback(_remove_ledger, ledger_path)
        _remember_folder(ledger_path.parent, undo)
        with create_ledger(ledger_path, key, made.till.name) as ledger:
            till = Till(ledger, clock, chance, shop_of(made.shop), pepper(key))
            desk.publish_programme(till, programme)
            added = desk.add_operator(till, manager, "manager", pin)
            if isinstance(added, Refused):
                raise Declined(added.reason)
        yield key
        undo.pop_all()


def refuse_existing(path: Path) -> None:
    """Raise ConfigError when there is a config already."""
    if path.exists():
        raise ConfigError(f"{path}: stands already. Move it away to write a new one.")


def _write_config(path: Path, config: Config, undo: ExitStack) -> Config:
    refuse_existing(path)
    _remember_folder(path.parent, undo)
    undo.callback(path.unlink, missing_ok=True)
    write_config(path, config)
    return load_config(path)


def _make_key(settings: KeyConfig, undo: ExitStack) -> bytes:
    if settings.store == "systemd":
        return read_key(settings)
    key = os.urandom(KEY_BYTES)
    if settings.store == "file":
        _remember_folder(settings.path.parent, undo)
    undo.callback(forget_key, settings, key)
    store_key(settings, key)
    return key


def _remove_ledger(path: Path) -> None:
    for part in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + part).unlink(missing_ok=True)


def _remember_folder(folder: Path, undo: ExitStack) -> None:
    """Take a folder away again that is not there yet, if nothing else was put into it."""
    if not folder.exists():
        undo.callback(_remove_folder, folder)


def _remove_folder(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
