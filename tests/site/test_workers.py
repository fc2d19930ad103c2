"""`tillmate site serve` as it is run: several processes over one PostgreSQL, behind TLS, for many tills at once."""

import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import msgspec
import pytest
import requests
import trustme

from sync.protocol import (
    ENROL,
    PULL,
    PUSH,
    VERSION,
    VERSION_HEADER,
    Enrol,
    Enrolled,
    Page,
    Pull,
    Pushed,
    decode,
    encode,
)
from sync.site.opening import now_ms
from sync.site.setting_up import enrol, new_code
from sync.site.store import Store
from sync.site.verify import verify
from tests.site.stand import Clock, Journal

TILLS = 6
WITHIN_S = 60


class Client:
    """One way in; each request is a new connection, so that any of the processes may take it."""

    def __init__(self, url: str, ca: Path) -> None:
        self.url = url
        self.ca = ca

    def post(self, path: str, message: msgspec.Struct, token: str = "") -> requests.Response:
        headers = {VERSION_HEADER: str(VERSION), "Connection": "close"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return requests.post(
            self.url + path, data=encode(message), headers=headers, verify=str(self.ca), timeout=WITHIN_S
        )


@pytest.fixture
def client(store: Store, database_url: str, tmp_path: Path) -> Iterator[Client]:
    """The site, served by two processes."""
    ca = trustme.CA()
    issued = ca.issue_cert("localhost")
    files = {name: tmp_path / name for name in ("ca.pem", "site.pem", "site.key")}
    ca.cert_pem.write_to_path(str(files["ca.pem"]))
    issued.cert_chain_pems[0].write_to_path(str(files["site.pem"]))
    issued.private_key_pem.write_to_path(str(files["site.key"]))
    command = [sys.executable, "-m", "terminal", "site", "--database", database_url, "serve", "--host", "localhost"]
    command += ["--port", "0", "--workers", "2"]
    command += ["--tls-cert", str(files["site.pem"]), "--tls-key", str(files["site.key"])]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        yield Client(_address(process), files["ca.pem"])
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(5 * WITHIN_S)
        process.stderr.close()


def _address(process: "subprocess.Popen[str]") -> str:
    """Wait until both processes have started, and read the address from what is said; the rest is read away."""
    assert process.stderr is not None
    address, started, said = "", 0, []
    for line in process.stderr:
        said.append(line)
        found = re.search(r"running on (https://\S+)", line)
        address = found[1].replace("127.0.0.1", "localhost") if found else address
        started += "Application startup complete" in line
        if address and started == 2:
            threading.Thread(target=process.stderr.read, daemon=True).start()
            return address
    raise AssertionError("".join(said))


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_two_processes_serve_many_tills_and_hear_of_each_other(client: Client, store: Store, clock: Clock) -> None:
    def join(number: int) -> tuple[Journal, str]:
        enrolled = enrol(store, Enrol(code=new_code(store, f"till-{number}")))
        assert isinstance(enrolled, Enrolled)
        return Journal(enrolled.terminal_id, clock, Random(number)), enrolled.token

    def trade(joined: tuple[Journal, str]) -> str:
        journal, token = joined
        customer = journal.register()
        for points in range(1, 11):
            journal.earn(customer, points)
            sent = journal.push_after(len(journal.entries) - (2 if points == 1 else 1))
            pushed = decode(client.post(PUSH, sent, token).content, Pushed)
            assert pushed.applied_seq == len(journal.entries)
        return customer

    *joined, late = [join(number) for number in range(1, TILLS + 1)]
    code = new_code(Store(store.engine, now_ms, store.chance), "till-0")
    token = decode(client.post(ENROL, Enrol(code=code)).content, Enrolled).token
    with ThreadPoolExecutor(TILLS) as pool:
        customers = set(pool.map(trade, joined))
        cursor, caught_up, known = "", False, set[str]()
        while not caught_up:
            asked = Pull(terminal_id="till-0", cursor=cursor)
            page = decode(client.post(PULL, asked, token).content, Page)
            known |= {one.customer_id for one in page.accounts}
            cursor, caught_up = page.cursor, not page.more
        assert known == customers
        waiting = [
            pool.submit(client.post, PULL, Pull(terminal_id="till-0", cursor=cursor, wait_s=30), token)
            for _ in range(4)
        ]
        trade(late)
        heard = [decode(one.result(WITHIN_S).content, Page) for one in waiting]
    assert all(page.accounts for page in heard)
    found = verify(store)
    assert found.ok, found
    assert found.balances == TILLS * sum(range(1, 11))
