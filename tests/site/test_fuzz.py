"""The API fuzzed from its own OpenAPI document: whatever is sent, the answer is one that the document names."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from sync.site.migrating import migrate
from sync.site.setting_up import new_key, set_up
from sync.site.store import open_store
from tests.site.stand import SHOP, Clock, Served, Site, publish_plain


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str, str]]:
    """A site on a socket, the token of a till and the key of a shop."""
    clock = Clock()
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('fuzz') / 'site.db'}", clock, Random(3))
    migrate(store)
    set_up(store, SHOP, "home")
    publish_plain(store)
    site = Site(store, clock)
    till = site.till("till-1")
    till.earn(till.register("Олена", "380671234567"), 100)
    site.push(till)
    with Served(store, clock) as served:
        yield served, site.tokens["till-1"], new_key(store, "web", "shop")
    store.close()


@pytest.fixture(scope="module")
def api(fuzzed: tuple[Served, str, str]) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(fuzzed[0].url + "/v1/openapi.json")


schema = schemathesis.pytest.from_fixture("api")


@schema.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_answer_is_one_that_the_document_names(
    case: schemathesis.Case[Any], fuzzed: tuple[Served, str, str]
) -> None:
    _, till, shop = fuzzed
    if isinstance(case.body, dict):
        if isinstance(case.body.get("wait_s"), int | float):
            case.body["wait_s"] = 0
        if case.body.get("terminal_id"):
            case.body["terminal_id"] = "till-1"
    token = shop if case.path.startswith("/v1/shop") else till
    case.call_and_validate(
        headers={"Authorization": f"Bearer {token}"},
        checks=[not_a_server_error, status_code_conformance, response_schema_conformance],
    )


def test_the_document_is_the_one_that_the_command_prints(fuzzed: tuple[Served, str, str]) -> None:
    printed = subprocess.run(
        [sys.executable, "-c", "from sync.site.cli import site; site(['openapi'])"],
        capture_output=True,
        check=True,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert json.loads(printed.stdout) == fuzzed[0].http.get(fuzzed[0].url + "/v1/openapi.json").json()
