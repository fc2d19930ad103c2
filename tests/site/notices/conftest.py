"""A till whose programme tells every change, a real SMTP server and an SMS gateway."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from sync.site.notice_ways import Gateway, Mail, Sms, Smtp
from sync.site.shop import publish
from tests.site.notices.stand import NOTICES, SENDER, Postbox
from tests.site.stand import Journal, Site


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def mail(postbox: Postbox) -> Iterator[Mail]:
    """Mail by a real SMTP server on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(postbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield Mail(Smtp(host="127.0.0.1", port=port, security="none", sender=SENDER))
    controller.stop()


@pytest.fixture
def gateway() -> Iterator[tuple[Gateway, list[dict[str, Any]], list[int]]]:
    """An SMS provider's address: what it took, and the statuses that it answers with, the last one for ever."""
    taken: list[dict[str, Any]] = []
    statuses = [200]

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
            if status < 300:
                taken.append(body | {"token": self.headers.get("Authorization", "")})
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Gateway(Sms(url=f"http://127.0.0.1:{server.server_port}/send")), taken, statuses
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def till(site: Site) -> Journal:
    published = publish(site.store, NOTICES)
    assert not isinstance(published, str), published
    return site.till("Каса 1")
