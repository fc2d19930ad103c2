"""A device file, or plain files that keep the jobs' bytes."""

import os
import select
import stat
import threading
from pathlib import Path

from printers.refusal import why_not_opened

_STALL_S = 2.0
_WRITE = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)


class FilePort:
    """A device file is asked and written; a plain file is appended to; a folder gets one file a job."""

    def __init__(self, place: str) -> None:
        self.name = place
        self.answers: bool | None = None
        self.lock = threading.Lock()
        self._path = Path(place)
        self._is_folder = place.endswith(("/", os.sep)) or self._path.is_dir()

    @property
    def two_way(self) -> bool:
        """Only a device can answer."""
        return self._is_device()

    @property
    def assumed_ready(self) -> bool:
        """A plain file takes what it is given."""
        return not self._is_device()

    def open(self, within_s: float = 2.0) -> "FileLink | FolderLink":
        """Open without waiting for the device."""
        try:
            if self._is_device():
                return open_device(str(self._path))
            if self._is_folder:
                self._path.mkdir(parents=True, exist_ok=True)
                return FolderLink(self._path)
            return FileLink(os.open(self._path, _WRITE | os.O_APPEND, 0o600), device=False)
        except OSError as fault:
            raise why_not_opened(self.name, fault) from fault

    def _is_device(self) -> bool:
        try:
            return stat.S_ISCHR(self._path.stat().st_mode)
        except OSError:
            return False


def open_device(path: str) -> "FileLink":
    """Open a device file without waiting for the device; raises `OSError`."""
    return FileLink(os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY), device=True)


def _next_file(folder: Path) -> int:
    """A new file, numbered after the last; `x` in the mode settles a race with another process."""
    numbers = [int(path.stem) for path in folder.glob("*.bin") if path.stem.isdigit()]
    number = max(numbers, default=0) + 1
    while True:
        try:
            return os.open(folder / f"{number:06}.bin", _WRITE | os.O_EXCL, 0o600)
        except FileExistsError:
            number += 1


class FolderLink:
    """A folder; its next file is made with the first byte, for a port is also opened to look at it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: FileLink | None = None

    def write(self, data: bytes) -> None:
        """Write all."""
        self._file = self._file or FileLink(_next_file(self._folder), device=False)
        self._file.write(data)

    def read(self, timeout_s: float) -> bytes:
        """A file says nothing."""
        return b""

    def drain(self) -> None:
        """Write through to the disk."""
        if self._file is not None:
            self._file.drain()

    def close(self) -> None:
        """Let go."""
        if self._file is not None:
            self._file.close()


class FileLink:
    """The open file."""

    def __init__(self, descriptor: int, *, device: bool) -> None:
        self._descriptor = descriptor
        self._device = device

    def write(self, data: bytes) -> None:
        """Write all; a device that takes nothing for 2 s is a failure."""
        left = memoryview(data)
        while left:
            if self._device and not select.select([], [self._descriptor], [], _STALL_S)[1]:
                raise TimeoutError(f"{len(left)} bytes were not taken")
            try:
                left = left[os.write(self._descriptor, left) :]
            except OSError as fault:
                if len(left) < len(data):
                    raise TimeoutError(f"{len(left)} bytes were not taken: {fault}") from fault
                raise

    def read(self, timeout_s: float) -> bytes:
        """What the device says."""
        if not select.select([self._descriptor], [], [], timeout_s)[0]:
            return b""
        return os.read(self._descriptor, 64)

    def drain(self) -> None:
        """A plain file is written through to the disk; a device has what it took."""
        if not self._device:
            os.fsync(self._descriptor)

    def close(self) -> None:
        """Let go."""
        os.close(self._descriptor)
