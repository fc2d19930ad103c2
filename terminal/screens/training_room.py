"""Training: the till is swapped for a scratch one, and back."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from terminal import desk
from terminal.screens.session import Session


class TrainingRoom:
    """A scratch till to practise on: the shop's programme, catalogue and staff, invented customers."""

    def __init__(self, session: Session, began: Callable[[], None]) -> None:
        self._session, self._began = session, began
        self._real: desk.Till | None = None
        self._folder: Path | None = None

    def switch(self) -> None:
        """Begin or end training. Nothing done in it touches the shop's ledger."""
        if self._real is None:
            folder = Path(tempfile.mkdtemp(prefix="tillmate-training-"))
            training = desk.training_till(self._session.till, folder)
            self._folder, self._real, self._session.till = folder, self._session.till, training
        else:
            self.close()
        self._began()

    def close(self) -> None:
        """End training, if it goes on, and forget what was done in it."""
        if self._real is not None and self._folder is not None:
            self._session.till.ledger.close()
            self._session.till, self._real = self._real, None
            shutil.rmtree(self._folder, ignore_errors=True)
