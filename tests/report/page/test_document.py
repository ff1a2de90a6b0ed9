"""The runs of a command as a page."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from simulator.audit.findings import Audited
from simulator.journal import Noted
from simulator.report.page.document import as_html
from simulator.report.record import record_of
from simulator.report.summary import refused
from tests.audit.test_findings import FINDING
from tests.expect.story import NOW, Story
from tests.report.page.drawing import Film
from tests.report.page.test_picture import everything
from tests.report.test_results import STOPPED
from tests.report.test_summary import CURL, GIVEN_UP, GOOD, MET, UNMET

HOSTILE = '</title></script><script>alert(1)</script><img src="//evil.example/x" onerror=alert(1)>\u202e\x00'


class Reader(HTMLParser):
    """Reads a page: its tags, all addresses in it, and its text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.unclosed: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "input"):
            self.unclosed.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.unclosed.pop() == tag

    def handle_data(self, data):
        if self.unclosed and self.unclosed[-1] not in ("style", "script"):
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def test_page_begins_with_the_verdict_and_why():
    page = Reader(as_html([replace(GOOD, judgements=(MET, UNMET), command="scope-simulator replay a.yaml")]))

    assert page.text.startswith(
        "FAILED: A title ✗ FAILED: A title not met: finished answered 2xx; seen: 1 attempt: finished 500 Script a.yaml Seed 7 "
        "Steps 3 Simulated time 2021-03-01T08:00:00.000Z to 2021-03-01T08:12:00.000Z Took 0.000 s "
        "Webhooks 1 delivered, 0 given up; 2 requests answered To repeat this run: scope-simulator replay a.yaml "
        "Expectations: 1 of 2 met ✗ NOT MET finished answered 2xx a.yaml:10:7 seen: 1 attempt: finished 500 "
        "nearest misses: entry 4, finished to x: was answered 500, not 2xx to repeat the nearest: curl x "
        "1 expectation met ✓ met create answered 2xx a.yaml:9:7 seen: create 200 in 0.010 s"
    )
    assert page.unclosed == []


def test_of_many_unmet_expectations_the_first_stand_open():
    page = as_html([replace(GOOD, judgements=(UNMET,) * 6)]).decode()

    assert page.partition("<summary>2 more not met</summary>")[0].count("NOT MET") == 4
    assert page.count("NOT MET") == 6


def test_near_miss_leads_to_its_entry_when_that_stands_in_the_page():
    pen = Story()
    for _ in range(4):
        pen.note("a")
    misses = ("entry 4, finished to x: was answered 500", "entry 99, other", "something else")
    run = replace(GOOD, judgements=(replace(UNMET, misses=misses),), record=record_of(pen.journal))

    page = as_html([run]).decode()

    assert '<li><a href="#run-1-entry-4">entry 4</a>, finished to x: was answered 500</li>' in page
    assert "<li>entry 99, other</li><li>something else</li>" in page


def test_good_run_shows_what_was_met():
    page = Reader(as_html([GOOD]))

    assert "passed: A title ✓ passed: A title Script" in page.text
    assert "Expectations: 1 of 1 met ✓ met create answered 2xx" in page.text
    assert "details" not in page.tags


def test_what_was_not_delivered_is_told_with_the_line_that_repeats_it():
    page = Reader(as_html([GIVEN_UP])).text

    assert "Not delivered: 2 webhooks 2021-03-01T08:00:00Z create ScenarioSession A to" in page
    assert f"again: {CURL}" in page


def test_page_tells_what_an_audit_found():
    agreed = Reader(as_html([replace(GOOD, audit=Audited(9))])).text
    found = Reader(as_html([replace(GOOD, audit=Audited(9, (FINDING,)))])).text

    assert "Audit: 9 comparisons with the API: no disagreements" in agreed
    assert "✗ FAILED: A title a.yaml" in found
    assert f"Audit: 9 comparisons with the API: 1 disagreement NOT SO, {FINDING.line} again: curl x" in found


def test_run_of_several_says_which_it_is():
    page = Reader(as_html([replace(GOOD, label="n=1", tags=("smoke", "slow"))])).text

    assert "Script a.yaml Run n=1 Tags smoke, slow Seed 7" in page


def test_run_that_stopped_short_says_why():
    page = Reader(as_html([replace(STOPPED, turned_away="2 got a 401", idle=("fault 1 was idle",))])).text

    assert (
        "✗ FAILED: A title it stopped short: b.yml:3:1: it broke. Script scenarios/b.yml Steps 3 Took" in page
    )
    assert "2 got a 401 fault 1 was idle Why it stopped short b.yml:3:1: it broke. b.yml:4:1: it too." in page


def test_script_that_was_refused_says_why():
    page = Reader(as_html([refused("b.yml", "A title", "b.yml:3:1: no such verb.")])).text

    assert "✗ FAILED: A title it was refused: b.yml:3:1: no such verb. Script b.yml" in page
    assert "Why it was refused b.yml:3:1: no such verb. Nothing was played." in page


@pytest.mark.parametrize(
    ("summaries", "title"),
    [
        ([], "FAILED: nothing was played"),
        ([GOOD, GOOD], "passed: all 2 runs"),
        ([GOOD, GIVEN_UP, STOPPED], "FAILED: 2 of 3 runs"),
    ],
)
def test_page_of_many_runs_begins_with_all_of_them(summaries, title):
    written = as_html(summaries)
    page = Reader(written)

    assert page.text.startswith(title)
    linked = [value for name, value in page.attributes if name == "href"]
    assert linked == [f"#run-{number}" for number in range(1, len(summaries) + 1)]
    assert set(linked) <= {f"#{value}" for name, value in page.attributes if name == "id"}


def test_index_says_why_each_failed():
    page = Reader(as_html([GOOD, STOPPED])).text

    assert page.startswith(
        "FAILED: 1 of 2 runs FAILED: 1 of 2 runs ✓ passed A title (a.yaml) "
        "✗ FAILED A title (scenarios/b.yml): it stopped short: b.yml:3:1: it broke. ✓ passed: A title"
    )


def test_nothing_in_a_run_becomes_markup():
    pen = Story()
    pen.post(HOSTILE, HOSTILE, 500, url=HOSTILE)
    pen.ask(HOSTILE, fields=HOSTILE, operation=HOSTILE, path=HOSTILE, body=HOSTILE.encode())
    pen.journal.append(NOW, Noted(HOSTILE))
    judgement = replace(
        UNMET, expected=HOSTILE, seen=HOSTILE, misses=(HOSTILE,), curl=HOSTILE, place=f"{HOSTILE}:1:1"
    )
    given = dict.fromkeys(("file", "title", "stopped", "turned_away", "command"), HOSTILE)
    run = replace(GIVEN_UP, **given, judgements=(judgement,), idle=(HOSTILE,), record=record_of(pen.journal))

    page = Reader(as_html([run, run]))

    assert (page.tags.count("script"), page.tags.count("img"), page.unclosed) == (1, 0, [])
    assert {name for name, _ in page.attributes if name.startswith("on") or name == "src"} == set()
    assert "alert(1)" in page.text
    assert not {"\u202e", "\x00"} & set(page.text)


def test_policy_forbids_all_but_the_pages_own_style_and_script():
    page = as_html([GOOD]).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1].replace("&#x27;", "'")

    def digest(tag: str) -> str:
        content = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)[1].encode()
        return base64.b64encode(hashlib.sha256(content).digest()).decode()

    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest('style')}'; script-src 'sha256-{digest('script')}'; "
        "base-uri 'none'; form-action 'none'"
    )


def test_page_says_that_the_journal_was_too_short():
    pen = Story(1)
    pen.note("a")
    pen.note("b")

    page = Reader(as_html([replace(GOOD, record=record_of(pen.journal))])).text

    assert "The journal, oldest first: 1 in all. The journal no longer held 1 before these." in page


def test_page_has_the_picture_for_a_desk_for_paper_and_for_a_phone():
    page = Reader(as_html([replace(GIVEN_UP, record=everything().record)]))

    widths = [
        value.split()[2] for name, value in page.attributes if name == "viewbox" and value.startswith("0 0 ")
    ]
    assert widths[:3] == ["1120", "720", "360"]
    assert "What happened, and when Simulated time above" in page.text


def test_picture_of_many_marks_has_no_labels_and_of_thousands_none_alone():
    film = Film()
    for _ in range(300):
        film.step("wait: 1s")
    some = as_html([replace(GOOD, judgements=(), record=film.record)]).decode()
    for _ in range(500):
        film.step("wait: 1s")
    many = as_html([replace(GOOD, record=film.record)]).decode()

    assert (some.count('class="mark step plain"'), 'class="label"' in some) == (900, False)
    assert "800 marks stand in 134 columns, each as high as it holds many." in many
