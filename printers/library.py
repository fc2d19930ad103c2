"""Python-escpos, loaded when it is first needed, and quickly."""

import json
import os
import pickle
import platform
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

_PICKLE_DIR = "ESCPOS_CAPABILITIES_PICKLE_DIR"


@cache
def capabilities() -> dict[str, Any]:
    """Python-escpos's table of printers.

    Left alone it reads its JSON as YAML, in a quarter of a second on a PC. Here it finds the table ready, in the
    form of its own cache, in a private folder which is removed again.
    """
    table = json.loads((files("escpos") / "capabilities.json").read_text(encoding="utf-8"))
    before = os.environ.get(_PICKLE_DIR)
    with tempfile.TemporaryDirectory(prefix="printers-") as folder:
        ready = Path(folder) / f"{platform.python_version()}.capabilities.pickle"
        ready.write_bytes(pickle.dumps(table, protocol=2))
        os.environ[_PICKLE_DIR] = folder
        try:
            from escpos.capabilities import CAPABILITIES
        finally:
            if before is None:
                del os.environ[_PICKLE_DIR]
            else:
                os.environ[_PICKLE_DIR] = before
    loaded: dict[str, Any] = CAPABILITIES
    return loaded
