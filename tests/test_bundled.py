"""Schemas and scripts are found by name, wherever they lie."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator import bundled
from simulator.errors import NotFoundError

ROOT = Path(__file__).parent.parent


def test_contract_names_are_paths_without_their_ending():
    expected = sorted(
        str(path.relative_to(ROOT / "schemas")).removesuffix(".schema.json")
        for path in ROOT.glob("schemas/**/*.schema.json")
    )

    assert bundled.contract_names() == tuple(expected)
    assert "webhook/resource" in expected


def test_contract_text_is_the_file():
    path = ROOT / "schemas" / "webhook" / "resource.schema.json"

    assert bundled.read_contract_text("webhook/resource") == path.read_text(encoding="utf-8")


def test_sdl_holds_every_graphql_file():
    sdl = bundled.read_sdl()

    parts = [path.read_text(encoding="utf-8") for path in ROOT.glob("schemas/**/*.graphql")]
    assert parts
    assert all(part in sdl for part in parts)


def test_scenarios_are_named_after_their_files():
    names = bundled.scenario_names()

    assert names == tuple(sorted(path.stem for path in ROOT.glob("scenarios/*.yaml")))
    assert names
    assert bundled.read_scenario(names[0]) == (ROOT / "scenarios" / f"{names[0]}.yaml").read_text("utf-8")


def test_unknown_contract_names_the_nearest():
    with pytest.raises(NotFoundError) as caught:
        bundled.read_contract_text("webhook/resorce")

    assert str(caught.value).startswith(
        "there is no contract 'webhook/resorce'. Did you mean webhook/resource"
    )


def test_unknown_script_lists_those_there_are():
    with pytest.raises(NotFoundError) as caught:
        bundled.read_scenario("../pyproject")

    assert str(caught.value) == (
        f"there is no bundled script '../pyproject'. There are: {', '.join(bundled.scenario_names())}."
    )


def test_wheel_layout_comes_before_the_checkout(tmp_path, monkeypatch):
    shipped = tmp_path / "_bundled" / "scenarios"
    shipped.mkdir(parents=True)
    (tmp_path / "_bundled" / "schemas").mkdir()
    (shipped / "only.yaml").write_text("title: Only\n", encoding="utf-8")
    (shipped / "notes.txt").write_text("not a script", encoding="utf-8")
    monkeypatch.setattr(bundled.resources, "files", lambda _: tmp_path)
    bundled._files.cache_clear()

    try:
        assert bundled.scenario_names() == ("only",)
        assert bundled.read_scenario("only") == "title: Only\n"
        with pytest.raises(NotFoundError, match=r"^there is no contract 'webhook/resource'\.$"):
            bundled.read_contract_text("webhook/resource")
    finally:
        bundled._files.cache_clear()


def test_example_is_a_file_that_can_be_run():
    with bundled.example_file("receiver/receiver.py") as path:
        assert path == ROOT / "examples" / "receiver" / "receiver.py"
        assert path.is_file()
