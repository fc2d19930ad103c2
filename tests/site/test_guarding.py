"""What guards the site: limits on what could be guessed, roles, hashes in place of secrets, and the audit log."""

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from sqlalchemy import select

from sync.protocol import LOOK_UP, PULL, PUSH, Code, Enrol, Enrolled, Fault, LookUp, Pull, decode
from sync.site.cli import site as site_command
from sync.site.losing import revoke
from sync.site.setting_up import enrol, new_code, new_key, revoke_keys
from sync.site.shop_messages import FindCustomer
from sync.site.staff import add as take_on
from sync.site.store import Store
from sync.site.tables import metadata
from tests.site.stand import PLAIN, Served, Site

FIND = "/v1/shop/customers/find"
NOBODY = FindCustomer(by="phone", value="0671234567")


def code_of(response: Any) -> tuple[int, str]:
    return response.status_code, decode(response.content, Fault).code.value if response.status_code != 200 else ""


def limits(served: Served) -> Any:
    """What the application counts tries by."""
    app: Any = served.server.config.app
    return app.state


def look_up(served: Served, name: str) -> tuple[int, str]:
    asked = LookUp(terminal_id=name, by="phone", values=("380671234567",))
    return code_of(served.post(LOOK_UP, asked, served.site.tokens[name]))


def test_a_till_looks_up_so_many_a_minute_and_others_are_not_kept_waiting(served: Served) -> None:
    served.site.till("till-1")
    served.site.till("till-2")
    limit = limits(served).look_up_limit
    assert [limit.wait_s("till-1") for _ in range(118)] == [None] * 118
    answers = [look_up(served, "till-1") for _ in range(4)]
    assert answers == [(200, "")] * 2 + [(429, "rate_limited")] * 2
    assert look_up(served, "till-2") == (200, "")
    served.site.clock.now_ms += 60_000
    assert look_up(served, "till-1") == (200, "")


def test_a_key_finds_so_many_a_minute(served: Served) -> None:
    key = new_key(served.site.store, "web", "shop")
    limit = limits(served).find_limit
    while limit.wait_s("web") is None:
        pass
    told = served.post(FIND, NOBODY, key)
    assert code_of(told) == (429, "rate_limited")
    assert 0 < int(told.headers["Retry-After"]) <= 61
    assert code_of(served.post(FIND, NOBODY, new_key(served.site.store, "other", "shop"))) == (200, "")


def test_each_role_may_do_its_own_alone(served: Served) -> None:
    store = served.site.store
    journal = served.site.till("till-1")
    served.site.till("till-2")
    till, gone = served.site.tokens["till-1"], served.site.tokens["till-2"]
    shop, manager, old = (
        new_key(store, name, role) for name, role in (("w", "shop"), ("m", "manager"), ("o", "shop"))
    )
    revoke(store, "till-2", "test")
    revoke_keys(store, "o")
    pull = Pull(terminal_id="till-1")
    cases: dict[tuple[int, str], list[tuple[str, Any, str | None]]] = {
        (200, ""): [(PULL, pull, till), (FIND, NOBODY, shop), (FIND, NOBODY, manager)],
        (403, "forbidden"): [
            (FIND, NOBODY, till),
            (PULL, pull, shop),
            (PUSH, journal.push_after(0), manager),
            (PULL, Pull(terminal_id="till-2"), till),
        ],
        (403, "revoked"): [(PULL, Pull(terminal_id="till-2"), gone)],
        (401, "unauthorised"): [(FIND, NOBODY, old), (FIND, NOBODY, None), (PULL, pull, "tm_guess")],
    }
    for expected, tries in cases.items():
        assert [code_of(served.post(*one)) for one in tries] == [expected] * len(tries)


def stored(store: Store) -> str:
    """All that the database holds, as one text."""
    with store.reading() as connection:
        return "\n".join(
            str(cell)
            for table in metadata.sorted_tables
            for row in connection.execute(select(table))
            for cell in row
        )


def test_codes_tokens_keys_and_pins_are_stored_as_hashes_alone(site: Site) -> None:
    code = new_code(site.store, "till-1")
    unused = new_code(site.store, "till-2")
    enrolled = enrol(site.store, Enrol(code=code))
    assert isinstance(enrolled, Enrolled)
    key = new_key(site.store, "web", "shop")
    take_on(site.store, "Оксана", "manager", "2580147", "test")
    everything = stored(site.store)
    assert "till-1" in everything
    assert "argon2id" in everything
    for secret in (code, unused, enrolled.token, key, "2580147"):
        for form in (secret, secret.replace("-", ""), secret.removeprefix("tm_")):
            assert form not in everything


def test_the_audit_log_says_who_did_what(database_url: str, tmp_path: Path) -> None:
    programme = tmp_path / "p.toml"
    programme.write_text(PLAIN, encoding="utf-8")
    goods = tmp_path / "g.csv"
    goods.write_text("sku,name,price\n1,Хліб,30\n", encoding="utf-8")

    def run(*words: str) -> str:
        result = CliRunner().invoke(site_command, ["--database", database_url, *words])
        assert result.exit_code == 0, result.output
        return result.stdout

    run("init", "--name", "Shop", "--currency", "UAH", "--country", "UA", "--timezone", "Europe/Kyiv")
    run("programme", "publish", str(programme))
    run("till", "enrol", "till-1")
    run("key", "make", "web")
    run("key", "revoke", "web")
    run("staff", "add", "Оксана", "--pin", "2580")
    run("catalogue", "import", str(goods))
    lines = json.loads(run("audit", "--json"))["audit"]
    assert [(one["who"], one["what"], one["about"]) for one in lines if one["what"] != "staff: cashier added"] == [
        ("console", "catalogue imported", ""),
        ("console", "keys revoked", "web"),
        ("console", "key made", "web"),
        ("console", "code made", "till-1"),
        ("console", "programme published", "1"),
    ]
    assert "staff: cashier added" in run("audit", "--limit", "2")
    assert len(run("audit", "--limit", "2").splitlines()) == 2


def test_what_is_refused_is_in_the_audit_log(site: Site) -> None:
    assert isinstance(enrol(site.store, Enrol(code="AAAA-BBBB-CCCC", machine="stranger")), Fault)
    till = site.till("till-1")
    till.register()
    site.push(till)
    other = type(till)("till-1", site.clock, site.chance)
    refused = site.send(other, other.push_after(0))
    assert isinstance(refused, Fault)
    assert refused.code is Code.HELD
    everything = stored(site.store)
    for what in ("enrolment refused", "stranger", "push refused", "enrolled"):
        assert what in everything
