"""The public audit of GraphQL over HTTP, against a served simulator."""

from __future__ import annotations

import json

import pytest

from docs.making.audit import AUDITS, NOTICES, SUITE
from tests.all.conftest import CLIENTS, run, serving


@pytest.mark.needs_node
def test_every_must_and_should_passes_and_the_notices_are_those_that_are_told(node_clients, tmp_path):
    with serving(tmp_path) as served:
        ready = served.ready
        done = run("node", "audit.mjs", ready["graphql_url"], ready["token"], folder=node_clients)
    assert done.returncode == 0, done.stderr
    audits = json.loads(done.stdout)

    assert [audit for audit in audits if audit["status"] not in ("ok", "notice")] == []
    noticed = [(audit["id"], audit["name"]) for audit in audits if audit["status"] == "notice"]
    assert noticed == [(notice.id, notice.name) for notice in NOTICES]
    assert len(audits) == AUDITS


def test_the_version_that_is_told_is_the_one_that_runs():
    pinned = json.loads((CLIENTS / "package.json").read_text("utf-8"))["dependencies"]

    name, version = SUITE.split()
    assert pinned[name] == version
