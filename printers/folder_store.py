"""A queue of jobs as files in a folder; each change is on the disk when it returns."""

import json
import os
from pathlib import Path
from typing import Any

from printers.document import Document, document_from_json, document_to_json
from printers.errors import DocumentError
from printers.spool import Job


class FolderStore:
    """A `JobStore`: one file a job, named by its number, removed when it is on paper."""

    def __init__(self, folder: Path) -> None:
        """Open the queue in `folder`; what was being sent when the power went is unknown from now on."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for path in self._paths():
            if self._read(path)["state"] == "sending":
                self._move(int(path.stem), "unknown", "the program ended while it was being sent")

    def add(self, document: Document, *, copy: bool = False) -> int:
        """Queue a slip; its number."""
        numbers = [int(path.stem) for path in self._paths()]
        number = max([*numbers, self._last_number()]) + 1
        self._write(number, {"state": "queued", "copy": copy, "document": document_to_json(document), "why": ""})
        self._replace("last", str(number))
        return number

    def next(self) -> Job | None:
        """The oldest job that waits."""
        for path in self._paths():
            entry = self._read(path)
            if entry["state"] != "queued":
                continue
            try:
                return Job(int(path.stem), document_from_json(entry["document"]), entry["copy"])
            except DocumentError as fault:
                self.unknown(int(path.stem), str(fault))
        return None

    def sending(self, job_id: int) -> None:
        """The first byte is about to leave."""
        self._move(job_id, "sending", "")

    def done(self, job_id: int) -> None:
        """On paper: the file goes."""
        self._path(job_id).unlink()
        self._sync()

    def unknown(self, job_id: int, why: str) -> None:
        """A person decides, with `again` or `drop`."""
        self._move(job_id, "unknown", why)

    def failed(self, job_id: int, why: str) -> None:
        """Back into the queue."""
        self._move(job_id, "queued", why)

    def doubtful(self) -> list[tuple[int, str]]:
        """The jobs a person is to decide on, and why."""
        entries = [(int(path.stem), self._read(path)) for path in self._paths()]
        return [(number, entry["why"]) for number, entry in entries if entry["state"] == "unknown"]

    def again(self, job_id: int) -> None:
        """Queue a doubtful job once more, as a copy."""
        entry = self._read(self._path(job_id))
        self._write(job_id, entry | {"state": "queued", "copy": True})

    def drop(self, job_id: int) -> None:
        """Give a job up."""
        self.done(job_id)

    def _move(self, job_id: int, state: str, why: str) -> None:
        self._write(job_id, self._read(self._path(job_id)) | {"state": state, "why": why})

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.json"))

    def _path(self, job_id: int) -> Path:
        return self._folder / f"{job_id:09}.json"

    def _read(self, path: Path) -> dict[str, Any]:
        entry: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return entry

    def _write(self, job_id: int, entry: dict[str, Any]) -> None:
        self._replace(self._path(job_id).name, json.dumps(entry, ensure_ascii=False))

    def _last_number(self) -> int:
        last = self._folder / "last"
        return int(last.read_text()) if last.exists() else 0

    def _replace(self, name: str, text: str) -> None:
        """Whole or not at all, and on the disk: a new file, then a rename."""
        fresh = self._folder / f"{name}.new"
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._folder / name)
        self._sync()

    def _sync(self) -> None:
        if os.name != "posix":
            return
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
