"""A bad network and bad sites on real sockets: a proxy that cuts, delays and repeats, and a server that lies."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


class Proxy:
    """Between a till and its site: passes all on, until it is told to be bad.

    `cut_after` closes a connection after so many bytes of an answer; `deaf` takes no connection in; `delay_s` holds
    answers back; `repeat` sends each request to the site a second time, whose answer nobody gets; `before_answer`
    is called when the site has answered, and the till has not heard it.
    """

    def __init__(self, target: str) -> None:
        host, _, port = target.removeprefix("http://").partition(":")
        self._target = (host, int(port))
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.cut_after: int | None = None
        self.deaf = False
        self.delay_s = 0.0
        self.repeat = False
        self.before_answer: Callable[[], None] | None = None
        self.answered = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return
            if self.deaf:
                client.close()
            else:
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, suppress(ConnectionError), socket.create_connection(self._target) as site:
            while request := _read_request(client):
                if self.deaf:
                    return
                site.sendall(request)
                if self.repeat:
                    self._send_again(request)
                answer = _read_answer(site)
                time.sleep(self.delay_s)
                if self.before_answer:
                    self.before_answer()
                self.answered.set()
                if self.cut_after is not None:
                    client.sendall(answer[: self.cut_after])
                    return
                client.sendall(answer)

    def _send_again(self, request: bytes) -> None:
        with socket.create_connection(self._target) as again:
            again.sendall(request)
            _read_answer(again)


def _read_request(stream: socket.socket) -> bytes:
    try:
        return _read_message(stream)
    except OSError:
        return b""


def _read_answer(stream: socket.socket) -> bytes:
    return _read_message(stream)


def _read_message(stream: socket.socket) -> bytes:
    """One HTTP message that says its length."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = stream.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    length = int(lengths[0]) if lengths else 0
    while len(body) < length:
        piece = stream.recv(65536)
        if not piece:
            break
        body += piece
    return head + b"\r\n\r\n" + body


Answer = tuple[int, dict[str, str], bytes]


class Liar:
    """A server that answers every request with what it is told to."""

    def __init__(self) -> None:
        self.answer: Callable[[str, bytes], Answer] = lambda path, body: (500, {}, b"")
        liar = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, headers, answer = liar.answer(self.path, body)
                self.send_response(status)
                for name, value in {"Content-Length": str(len(answer)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
