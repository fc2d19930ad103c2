"""The socket that the site's processes share: answers leave it at once."""

import socket

import uvicorn

from sync.site.listening import listener


def test_what_several_processes_accept_waits_for_no_acknowledgement() -> None:
    with listener(uvicorn.Config("sync.site.serving:app", host="127.0.0.1", port=0, workers=2)) as listening:
        listening.listen()
        with socket.create_connection(listening.getsockname(), timeout=60):
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
