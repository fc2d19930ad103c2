"""`python -m sync.demo_server DATABASE`: the reference site on a free port of this machine, while a demo runs.

It prints its port, and ends when its standard input does: the demo holds the other end, however it ends.
"""

import os
import socket
import sys
import threading
from random import SystemRandom

import uvicorn

from sync.site.app import make_app
from sync.site.opening import now_ms
from sync.site.store import open_store


def serve(database: str) -> None:
    """Serve the site in a database until standard input ends."""
    # asyncio lets small answers go at once only where the socket says that it is TCP; otherwise they wait 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    settings = uvicorn.Config(
        make_app(open_store(database, now_ms, SystemRandom())), log_level="warning", timeout_graceful_shutdown=1
    )
    threading.Thread(target=_end_with_parent, daemon=True).start()
    print(listener.getsockname()[1], flush=True)  # noqa: T201 - the demo reads it
    uvicorn.Server(settings).run([listener])


def _end_with_parent() -> None:
    while sys.stdin.buffer.read(1):
        pass
    # Everything that was answered is on disk, and what tills still wait for is nothing: there is no more to do.
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1])
