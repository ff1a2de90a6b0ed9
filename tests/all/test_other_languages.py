"""The programs in other languages drive a served simulator, and their exit codes tell what they saw."""

from __future__ import annotations

import pytest

from tests.all.conftest import ROOT, receiving, run, serving
from tests.docs.documents import missing_lines, shown_outputs

PAGE = (ROOT / "docs" / "how-to" / "other-languages.md").read_text("utf-8")
HTTP = ROOT / "examples" / "http"
NODE = pytest.param(("node", HTTP / "drive.mjs"), marks=pytest.mark.needs_node, id="node")
RUBY = pytest.param(("ruby", "-w", HTTP / "drive.rb"), marks=pytest.mark.needs_ruby, id="ruby")
SHELL = pytest.param(("sh", HTTP / "drive.sh"), marks=pytest.mark.needs_curl, id="sh")
NOBODY = "http://127.0.0.1:9/hooks"
"""Nothing listens there."""


@pytest.mark.parametrize("program", [NODE, RUBY])
def test_program_that_receives_by_itself_passes(program, tmp_path):
    with serving(tmp_path) as served:
        done = run(*program, served.base_url, folder=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert missing_lines(shown_outputs(PAGE)["node examples/http/drive.mjs"], done.stdout) == []


@pytest.mark.parametrize("program", [NODE, RUBY, SHELL])
def test_receiver_that_is_given_is_driven(program, tmp_path):
    with serving(tmp_path) as served:
        scope = {"SCOPE_URL": served.base_url, "SCOPE_TOKEN": served.ready["token"]}
        with receiving(tmp_path, scope) as target:
            done = run(*program, served.base_url, target, folder=tmp_path)

    assert (done.returncode, done.stderr, done.stdout.splitlines()[-1]) == (0, "", "passed")


@pytest.mark.parametrize("program", [NODE, RUBY, SHELL])
def test_receiver_that_does_not_answer_fails(program, tmp_path):
    with serving(tmp_path) as served:
        done = run(*program, served.base_url, NOBODY, folder=tmp_path)

    assert (done.returncode, done.stderr, done.stdout.splitlines()[-1]) == (1, "", "failed")
    assert done.stdout.startswith("not met  finished about ")


@pytest.mark.parametrize("program", [NODE, RUBY, SHELL])
def test_no_simulator_is_told(program, tmp_path):
    done = run(*program, "http://127.0.0.1:9", NOBODY, folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("no simulator at http://127.0.0.1:9")


@pytest.mark.parametrize("program", [NODE, RUBY, SHELL])
def test_objection_of_the_simulator_is_told(program, tmp_path):
    with serving(tmp_path) as served:
        done = run(*program, served.base_url, "http://example.com/hooks", folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("a target that was not named at the start must be on this machine")


@pytest.mark.parametrize("program", [NODE, RUBY, SHELL])
def test_simulator_beyond_this_machine_is_driven_with_its_control_token(program, tmp_path):
    with serving(tmp_path, "--host", "0.0.0.0") as served:
        scope = {"SCOPE_URL": served.base_url, "SCOPE_TOKEN": served.ready["token"]}
        with receiving(tmp_path, scope) as target:
            refused = run(*program, served.base_url, target, folder=tmp_path)
            control = served.ready["control_token"]
            let_in = run(*program, served.base_url, target, folder=tmp_path, CONTROL_TOKEN=control)

    assert (refused.returncode, let_in.returncode) == (2, 0)
