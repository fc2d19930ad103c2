"""A network cable that can be pulled: a wire between one till and a site on this machine."""

import socket
import threading
from contextlib import suppress

_PIECE = 64 * 1024
_END_WITHIN_S = 2.0


class Cable:
    """Passes bytes between a till and its site; pulled, it breaks what is open and takes nothing in."""

    def __init__(self, port: int) -> None:
        """`port` is where the site listens on this machine."""
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock = threading.Lock()
        self._plugged = True
        self._open: set[socket.socket] = set()
        self._thread = threading.Thread(target=self._accept, name="cable", daemon=True)
        self._thread.start()

    @property
    def plugged(self) -> bool:
        """Tell whether bytes pass."""
        return self._plugged

    def pull(self) -> None:
        """Break everything that is open, and let nothing through."""
        with self._lock:
            self._plugged = False
            for end in self._open:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)

    def plug(self) -> None:
        """Let bytes through again."""
        with self._lock:
            self._plugged = True

    def close(self) -> None:
        """Pull it for good."""
        self.pull()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for a till
        self._listener.close()
        self._thread.join(_END_WITHIN_S)

    def _accept(self) -> None:
        while True:
            try:
                till, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(till,), name="cable", daemon=True).start()

    def _carry(self, till: socket.socket) -> None:
        with till:
            try:
                site = socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                return
            with site:
                if not self._took(till, site):
                    return
                back = threading.Thread(target=_pass_on, args=(site, till), name="cable", daemon=True)
                back.start()
                _pass_on(till, site)
                back.join()
                with self._lock:
                    self._open -= {till, site}

    def _took(self, *ends: socket.socket) -> bool:
        """Count a connection as open, unless the cable is out: no moment lies between looking and counting."""
        with self._lock:
            if self._plugged:
                self._open |= set(ends)
            return self._plugged


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Pass bytes on until one end is gone, then end both ways."""
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
