"""Signatures in other languages: the programs of the how-to, and JSON as others write it."""

from __future__ import annotations

import json
import subprocess

import pytest

from simulator.webhooks.misreadings.writing import Writer, writings
from tests.docs.signatures import FOLDER, SIGNED, verifies

NODE = pytest.param(("node", FOLDER / "verify.mjs"), marks=pytest.mark.needs_node, id="node")
RUBY = pytest.param(("ruby", "-w", FOLDER / "verify.rb"), marks=pytest.mark.needs_ruby, id="ruby")
SHELL = pytest.param(("sh", FOLDER / "verify.sh"), marks=pytest.mark.needs_openssl, id="sh")


@pytest.mark.parametrize("program", [NODE, RUBY, SHELL])
@pytest.mark.parametrize(("header", "secrets", "signed"), SIGNED)
def test_program_verifies(program, header, secrets, signed):
    assert verifies(program, header, secrets) == signed


TEXT = (
    '{"b": "a/b<é>&\\u0001\\u2028\\"\\\\", "10": [1, 2.0, 66.66666666666667, 1e20, {}, [], null, true],'
    ' "a": {"2": 0.5, "x": 9007199254740993, "1": -0.0}}'
)


def written(layout: str, numbers: str) -> str:
    wanted = Writer(layout, "raw", numbers)
    return next(one.message for one in writings(json.loads(TEXT)) if one.writer == wanted).decode()


@pytest.mark.needs_node
def test_node_writes_json_as_we_think():
    program = "const v = JSON.parse(process.argv[1]); console.log(JSON.stringify(v)); console.log(JSON.stringify(v, null, 2))"
    done = subprocess.run(["node", "-e", program, TEXT], capture_output=True, text=True, check=True)

    assert done.stdout == f"{written('compact', 'javascript')}\n{written('2', 'javascript')}\n"


@pytest.mark.needs_ruby
def test_ruby_writes_json_as_we_think():
    program = "require 'json'; v = JSON.parse(ARGV[0]); puts JSON.generate(v); puts JSON.pretty_generate(v)"
    text = TEXT.replace("1e20, ", "")
    done = subprocess.run(["ruby", "-e", program, text], capture_output=True, text=True, check=True)
    ours = [written(layout, "kept").replace("1e+20,", "") for layout in ("compact", "2")]

    assert "".join(done.stdout.split()) == "".join("".join(ours).split())
