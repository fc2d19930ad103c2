"""A site on a real socket behind TLS, with certificates made for the test."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
import uvicorn

from sync.site.app import make_app
from sync.site.store import Store
from tests.site.stand import Clock, Served


@dataclass(frozen=True)
class Authority:
    """A shop's own certificate authority: its file, and certificates for a name and some days from now."""

    ca: trustme.CA
    path: Path

    def issue(self, name: str = "localhost", first: int = -1, last: int = 30) -> tuple[Path, Path]:
        """Return the files of a certificate's chain and key."""
        now = datetime.now(UTC)
        begins, ends = now + timedelta(days=first), now + timedelta(days=last)
        issued = self.ca.issue_cert(name, not_before=begins, not_after=ends)
        chain, key = (self.path.with_name(f"{name}{first}{end}") for end in (".pem", ".key"))
        chain.write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
        key.write_bytes(issued.private_key_pem.bytes())
        return chain, key


def new_authority(folder: Path, name: str) -> Authority:
    """Make an authority and write its certificate."""
    ca = trustme.CA()
    path = folder / f"{name}.pem"
    ca.cert_pem.write_to_path(str(path))
    return Authority(ca, path)


class Secured(Served):
    """The site on a socket of this machine, under the name localhost."""

    def __init__(self, store: Store, clock: Clock, certificate: tuple[Path, Path]) -> None:
        super().__init__(store, clock)
        self.url = self.url.replace("http://127.0.0.1", "https://localhost")
        chain, key = certificate
        self.server = uvicorn.Server(
            uvicorn.Config(
                make_app(store),
                log_level="warning",
                timeout_graceful_shutdown=1,
                ssl_certfile=str(chain),
                ssl_keyfile=str(key),
            )
        )
        self._thread = threading.Thread(target=self.server.run, args=([self._socket],), daemon=True)
