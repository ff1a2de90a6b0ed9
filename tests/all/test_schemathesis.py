"""The control side is what its description says: Schemathesis asks what nobody would think of."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simulator.control import OPERATIONS
from tests.all.conftest import CLIENTS, run, serving
from tests.all.test_clients import SESSION, installed

CHECKS = "not_a_server_error,status_code_conformance,response_schema_conformance,content_type_conformance"
WAITING = ["wait_requests", "wait_deliveries", "wait_expectations", "settle", "play"]
ENDLESS = ["journal_stream"]


@pytest.fixture(scope="module")
def schemathesis(tmp_path_factory) -> Path:
    return installed(tmp_path_factory, "control", "schemathesis==4.32.5").parent / "schemathesis"


@pytest.mark.parametrize(
    ("chosen", "phases", "many"),
    [
        (
            [one.name for one in OPERATIONS if one.name not in WAITING + ENDLESS],
            "examples,coverage,fuzzing",
            "15",
        ),
        # What is left out of a body here would be waited for as long as is usual, so that these get none that lacks it.
        (WAITING, "fuzzing", "8"),
    ],
    ids=["all", "waits"],
)
def test_no_server_error_and_no_undocumented_status(schemathesis, tmp_path, chosen, phases, many):
    with serving(tmp_path, "--speed", "max") as served:
        url = f"{served.base_url}/_simulator/openapi.json"
        flags = [flag for name in chosen for flag in ("--include-operation-id", name)]
        done = run(
            *(schemathesis, "run", url, "-n", many, "--phases", phases, "--checks", CHECKS, *flags),
            *("--seed", "1", "--continue-on-failure", "--no-color", "--request-timeout", "30"),
            folder=tmp_path,
            PYTHONPATH=str(CLIENTS),
            SCHEMATHESIS_HOOKS="control_hooks",
            SCOPE_IDS=SESSION,
        )

    found = re.search(r"(\d+) generated, (\d+) passed", done.stdout)
    assert found is not None, done.stdout + done.stderr
    assert done.returncode == 0, done.stdout[-6000:]
    assert found[1] == found[2]
    assert int(found[1]) >= len(chosen)
