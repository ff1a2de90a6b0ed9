"""--report: each wanted file is proven before and written after, whatever ends the command."""

from __future__ import annotations

import json

import pytest

from simulator.cli.reports import reporting
from simulator.errors import UsageError
from tests.report.test_summary import GOOD


def test_reports_hold_what_was_noted(tmp_path):
    xml, other, page = tmp_path / "a.xml", tmp_path / "b.json", tmp_path / "c.html"

    with reporting([f"junit:{xml}", f"json:{other}", f"html:{page}"]) as note:
        note(GOOD)
        note(GOOD)
        assert list(tmp_path.iterdir()) == []

    assert xml.read_text().count("<testsuite ") == 2
    assert len(json.loads(other.read_text())["scripts"]) == 2
    assert page.read_text("utf-8").count("<article ") == 2


def test_reports_are_written_though_the_work_breaks(tmp_path):
    file = tmp_path / "a.json"
    file.write_text("of an earlier run")

    def work() -> None:
        with reporting([f"json:{file}"]) as note:
            note(GOOD)
            raise UsageError("it broke")

    with pytest.raises(UsageError, match="it broke"):
        work()

    assert len(json.loads(file.read_text())["scripts"]) == 1


def test_nothing_wanted_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with reporting([]) as note:
        note(GOOD)

    assert list(tmp_path.iterdir()) == []


def test_one_that_cannot_be_written_leaves_the_others_as_they_were(tmp_path):
    file = tmp_path / "a.json"
    file.write_text("of an earlier run")

    with pytest.raises(UsageError) as raised, reporting([f"json:{file}", f"junit:{tmp_path}/no/b.xml"]):
        pass

    assert str(raised.value) == (
        f"--report junit:{tmp_path}/no/b.xml: the file cannot be written; found no such file or directory. "
        "Name a file in a directory that exists."
    )
    assert file.read_text() == "of an earlier run"


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        (
            ["text:x"],
            "the report cannot be made; expected junit:PATH, json:PATH or html:PATH, found 'text:x'.",
        ),
        (
            ["report.xml"],
            "the report cannot be made; expected junit:PATH, json:PATH or html:PATH, found 'report.xml'.",
        ),
        (
            ["jnuit:a.xml"],
            "the report cannot be made; expected junit:PATH, json:PATH or html:PATH, found 'jnuit:a.xml'. "
            "Did you mean junit:a.xml?",
        ),
        (
            ["json"],
            "the report cannot be made; expected junit:PATH, json:PATH or html:PATH, found 'json'. Did you mean json:PATH?",
        ),
        (
            ["json:"],
            "the report cannot be made; expected junit:PATH, json:PATH or html:PATH, found 'json:'. Did you mean json:PATH?",
        ),
        (["json:a", "junit:a"], "two reports would be one file; found a. Give each its own."),
    ],
)
def test_report_that_cannot_be_is_told(wanted, message):
    with pytest.raises(UsageError) as raised, reporting(wanted):
        pass

    assert str(raised.value) == f"--report: {message}"
