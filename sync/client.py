"""The site over HTTP: one request at a time, checked certificates, and limits on everything that comes back."""

import gzip
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
import urllib3
from requests.auth import AuthBase

from sync.faults import Nonsense, NotTheSite, SiteRefused, Unreachable
from sync.protocol import (
    MAX_BODY_BYTES,
    VERSION,
    VERSION_HEADER,
    Fault,
    Malformed,
    TooLarge,
    decode,
    encode,
    gunzip,
)

_Answer = TypeVar("_Answer", bound=msgspec.Struct)

_CONNECT_S = 5.0
_ANSWER_S = 20.0
_WORTH_PACKING = 1000
_PIECE = 64 * 1024
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class _Bearer(AuthBase):
    """The token, put on the request itself: a .netrc file can't put another in its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        else:
            request.headers.pop("Authorization", None)
        return request


def check_address(url: str) -> str:
    """Return a site's address without a slash at its end; raises ValueError with the reason."""
    parts = urlsplit(url.strip())
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"“{url}” is no site's address: write https://shop.example")
    if parts.username or parts.password:
        raise ValueError("a site's address holds no password")
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise ValueError(f"“{url}” is not encrypted: write https://")
    return url.strip().rstrip("/")


class SiteClient:
    """A site at an address. Not for several threads at once; each has its own.

    `ca` names a file with the certificate authority of the site's own; without it the system's are trusted.
    Certificates are checked always.
    """

    def __init__(
        self, url: str, token: str = "", *, ca: Path | None = None, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self.url = check_address(url)
        self._auth = _Bearer(token)
        self._verify: bool | str = str(ca) if ca else True
        self._steady = steady
        self._session = requests.Session()
        self._session.headers.update(
            {"Content-Type": "application/json", "Accept-Encoding": "gzip", VERSION_HEADER: str(VERSION)}
        )
        self.sent_bytes = self.received_bytes = 0

    def close(self) -> None:
        """Close the connection."""
        self._session.close()

    def ask(self, path: str, message: msgspec.Struct, answer: type[_Answer], *, wait_s: float = 0.0) -> _Answer:
        """Send a message and return the answer; `wait_s` is how long the site was asked to wait.

        Raises a SyncFault.
        """
        return read(self.fetch(path, message, wait_s=wait_s), answer)

    def fetch(self, path: str, message: msgspec.Struct, *, wait_s: float = 0.0) -> bytes:
        """Send a message and return the answer as JSON that nobody has read yet. Raises a SyncFault."""
        body = encode(message)
        headers = {}
        if len(body) > _WORTH_PACKING:
            body = gzip.compress(body, compresslevel=1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        try:
            with self._session.post(
                self.url + path,
                data=body,
                headers=headers,
                auth=self._auth,
                timeout=(_CONNECT_S, _ANSWER_S + wait_s),
                stream=True,
                allow_redirects=False,
                verify=self._verify,
            ) as response:
                self.sent_bytes += len(body)
                return self._answer(response, self._steady() + _ANSWER_S + wait_s)
        except requests.exceptions.SSLError as fault:
            raise Unreachable(f"the certificate of {self.url} is not trusted: {_innermost(fault)}") from None
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as fault:
            raise Unreachable(f"{self.url} can't be reached: {_innermost(fault)}") from None

    def _answer(self, response: requests.Response, until: float) -> bytes:
        spoken = response.headers.get(VERSION_HEADER)
        if spoken is None:
            if response.status_code in (502, 503, 504):
                raise Unreachable(f"{self.url} is not at work: HTTP {response.status_code}")
            kind = response.headers.get("Content-Type", "nothing")[:60]
            raise NotTheSite(
                f"{self.url} is no Tillmate site: it answers HTTP {response.status_code} with {kind}."
                " Is a network's log-in page in between?"
            )
        body = self._body(response, until)
        if response.status_code != 200:
            raise SiteRefused(read(body, Fault))
        if spoken != str(VERSION):
            raise Nonsense(f"the site speaks version {spoken[:20]} of the protocol, this till {VERSION}")
        return body

    def _body(self, response: requests.Response, until: float) -> bytes:
        """Read no more than is allowed, packed or unpacked, and no longer than is reasonable."""
        packed = bytearray()
        while piece := response.raw.read(_PIECE, decode_content=False):
            packed += piece
            if len(packed) > MAX_BODY_BYTES:
                raise Nonsense(f"the answer is longer than {MAX_BODY_BYTES} bytes")
            if self._steady() > until:
                raise Unreachable(f"{self.url} answers too slowly")
        self.received_bytes += len(packed)
        match response.headers.get("Content-Encoding", "identity"):
            case "identity" | "":
                return bytes(packed)
            case "gzip":
                try:
                    return gunzip(bytes(packed))
                except TooLarge:
                    raise Nonsense(f"the answer unpacks to more than {MAX_BODY_BYTES} bytes") from None
                except Malformed as fault:
                    raise Nonsense(f"the answer can't be unpacked: {fault}") from None
            case other:
                raise Nonsense(f"the answer is packed by {other[:40]}, which nobody asked for")


def read(body: bytes, answer: type[_Answer]) -> _Answer:
    """Read the site's JSON; raises Nonsense."""
    try:
        return decode(body, answer)
    except Malformed as fault:
        raise Nonsense(f"the site's answer makes no sense: {fault}") from None


def _innermost(fault: BaseException) -> str:
    """Return what really happened, from under the layers that requests and urllib3 put around it."""
    while True:
        inner = getattr(fault, "reason", None) or next(
            (one for one in fault.args if isinstance(one, Exception)), None
        )
        if not isinstance(inner, BaseException):
            return str(fault)[:300]
        fault = inner
