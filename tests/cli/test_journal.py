"""journal: what happened at a simulator that runs elsewhere."""

from __future__ import annotations

import asyncio
import json
import socket
import urllib.request
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from simulator import __version__
from simulator.cli import journal, main
from simulator.control.views import show_entry
from simulator.report.text import entry_line
from simulator.report.tree import show_tree, tree_of
from simulator.wire import Request
from tests.cli.commanding import Command, ask
from tests.examples.example import in_thread
from tests.server.receiving import answered_by, until
from tests.server.serving import serving


@pytest.fixture
def served():
    with in_thread(lambda: serving(speed="max")) as one:
        yield one


def url(served) -> str:
    return served.here.base_url


def make(base_url: str, kind: str = "Call") -> str:
    return ask("POST", f"{base_url}/_simulator/resources/{kind}", {})["id"]


def entries(served) -> list:
    return list(served.stage.platform.journal.since(0))


def test_entries_are_shown_in_lines(served, capsys):
    make(url(served))

    assert main(["journal", "--api", url(served)]) == 0
    assert capsys.readouterr() == ("".join(f"{entry_line(entry)}\n" for entry in entries(served)), "")


def test_programs_get_them_as_the_control_side_tells_them(served, capsys):
    make(url(served))

    assert main(["journal", "--api", f"{url(served)}/_simulator/", "--json"]) == 0

    out, err = capsys.readouterr()
    assert [json.loads(line) for line in out.splitlines()] == [show_entry(entry) for entry in entries(served)]
    assert err == ""


def test_what_was_asked_by_graphql_is_shown_taken_together(served, capsys, monkeypatch):
    monkeypatch.setattr(journal, "_PIECE", 2)
    node = make(url(served))
    asked = {"query": f'query Q {{ node(id: "{node}") {{ ... on Call {{ state }} }} }}'}
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Bearer {served.stage.platform.token}",
    }
    for _ in range(3):
        urllib.request.urlopen(
            urllib.request.Request(f"{url(served)}/api/v3/graphql", json.dumps(asked).encode(), headers)
        ).close()

    assert main(["journal", "--graphql", "--about", node, "--api", url(served)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert main(["journal", "--graphql", "--json", "--api", url(served)]) == 0
    told = json.loads(capsys.readouterr().out)

    assert lines == [
        "operations  Q (3)",
        "fields      Call.state (3), Query.node (3)",
        "arguments   Query.node(id:) (3)",
        "invented    Call.state (3)",
        "one by one  Q asked 3 times for one object, 1 different ones: a page would do",
        "least role  reporting_admin: reads Call; changes nothing",
    ]
    assert (told["kind"], told["operations"]) == ("graphql", {"Q": 3})


def numbers(capsys) -> list[int]:
    return [int(line.split()[0]) for line in capsys.readouterr().out.splitlines()]


def test_entries_are_chosen_by_kind_resource_and_number(served, capsys):
    calls = [make(url(served)) for _ in range(4)]
    served.stage.note("a note")
    at = ["journal", "--api", url(served)]

    shown = []
    for argv in (
        ["--kind", "note"],
        ["--kind", "note,change", "--kind", "outcome", "--after", "2"],
        ["--about", calls[1]],
        ["--limit", "2"],
        ["--after", "1", "--limit", "2"],
        ["--after", "100"],
    ):
        assert main([*at, *argv]) == 0
        shown.append(numbers(capsys))

    assert shown == [[5], [3, 4, 5], [2], [1, 2], [2, 3], []]


def test_long_journal_is_read_piece_by_piece(served, monkeypatch, capsys):
    monkeypatch.setattr(journal, "_PIECE", 2)
    for _ in range(5):
        make(url(served))

    assert main(["journal", "--api", url(served)]) == 0
    assert numbers(capsys) == [1, 2, 3, 4, 5]
    assert main(["journal", "--api", url(served), "--limit", "3"]) == 0
    assert numbers(capsys) == [1, 2, 3]


def test_entries_that_are_gone_are_told(capsys):
    with in_thread(lambda: serving(journal_bound=2)) as served:
        for _ in range(5):
            make(url(served))

        assert main(["journal", "--api", url(served)]) == 0

    first, *rest = capsys.readouterr().out.splitlines()
    assert first == "the entries before number 4 are no longer held"
    assert [line.split()[0] for line in rest] == ["4", "5"]


def test_what_comes_is_followed_until_there_is_enough(served):
    make(url(served))
    argv = ("journal", "--api", url(served), "--follow", "--kind", "change", "--limit", "3")
    with Command(*argv) as command:
        first = command.line("    1")
        served.stage.note("of another kind")
        second = make(url(served), "ScenarioSession")
        third = make(url(served))
        out, err = command.process.communicate(timeout=30)

    assert " change " in first
    assert [line.split()[5] for line in out.splitlines()] == [f"{second},", f"{third},"]
    assert (command.process.returncode, err) == (0, "")


def test_following_goes_on_over_a_reset_and_ends_with_the_simulator():
    with Command("serve", "--port", "0", "--json") as simulator:
        base_url = simulator.ready()["base_url"]
        make(base_url)
        with Command("journal", "--api", base_url, "--follow") as command:
            command.line("    1")
            ask("POST", f"{base_url}/_simulator/reset", {})
            reset = command.line("the simulator was reset")
            make(base_url)
            again = command.line("    1")
            simulator.end()
            out, err = command.process.communicate(timeout=30)

    assert reset == "the simulator was reset, its journal begins anew"
    assert " change " in again
    assert (command.process.returncode, out, err) == (0, "the simulator has ended\n", "")


async def somebody_follows(one) -> None:
    journal = one.stage.platform.journal
    before = len(journal._followers)
    await until(lambda: len(journal._followers) > before)


@asynccontextmanager
async def outrun_while_somebody_follows():
    async with serving(speed="max", journal_bound=3) as one:

        async def outrun() -> None:
            await somebody_follows(one)
            for number in range(10):
                one.stage.note(f"note {number}")

        outrunning = asyncio.create_task(outrun())
        yield one
        await outrunning


def test_entries_that_come_faster_than_they_are_read_are_told_as_gone(capsys):
    with in_thread(outrun_while_somebody_follows) as one:
        assert main(["journal", "--api", url(one), "--follow", "--limit", "3"]) == 0

    first, *lines = capsys.readouterr().out.splitlines()
    assert first == "the entries before number 8 are no longer held"
    assert [line.split()[0] for line in lines] == ["8", "9", "10"]


@asynccontextmanager
async def noted_while_somebody_follows():
    async with serving(speed="max") as one:

        async def note() -> None:
            await somebody_follows(one)
            one.stage.note("new")

        one.stage.note("old")
        noting = asyncio.create_task(note())
        yield one
        await noting


def test_following_begins_with_what_is_new_where_more_is_left_out_than_there_is(capsys):
    with in_thread(noted_while_somebody_follows) as one:
        assert main(["journal", "--api", url(one), "--follow", "--after", "1000", "--limit", "1"]) == 0

    assert capsys.readouterr().out.endswith("note      new\n")


@asynccontextmanager
async def breaking_off(*, for_good: bool = False):
    """What looks like a simulator whose stream breaks off at once, each time; or ``for_good``, after which it is ill."""
    broken = []

    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("/stream"):
            broken.append(request)
            return web.Response(content_type="text/event-stream")
        if broken and for_good:
            return web.Response(status=500)
        return web.json_response({"version": __version__, "entries": [], "next": 0, "evicted": 0})

    async with answered_by(answer) as at:
        yield at


def test_stream_that_breaks_off_again_and_again_is_told(capsys):
    with in_thread(breaking_off) as at:
        assert main(["journal", "--api", at, "--follow"]) == 2

    assert capsys.readouterr().err.startswith(f"no simulator answers at {at}; found what answers hangs up.")


def test_stream_that_breaks_off_for_good_is_the_end(capsys):
    with in_thread(lambda: breaking_off(for_good=True)) as at:
        assert main(["journal", "--api", at, "--follow"]) == 0

    assert capsys.readouterr() == ("the simulator has ended\n", "")


def test_reset_between_two_pieces_is_seen_by_the_numbers(served, monkeypatch, capsys):
    monkeypatch.setattr(journal, "_PIECE", 1)
    base_url = url(served)
    for _ in range(3):
        make(base_url)
    shown = journal._Reading._show

    def reset_once(reading: journal._Reading, entry: dict) -> None:
        shown(reading, entry)
        if entry["number"] == 3:
            ask("POST", f"{base_url}/_simulator/reset", {})
            make(base_url)

    monkeypatch.setattr(journal._Reading, "_show", reset_once)

    assert main(["journal", "--api", base_url]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["1", "2", "3", "the"]


def test_tree_is_shown_as_one_to_people_and_piece_by_piece_to_programs(served, monkeypatch, capsys):
    monkeypatch.setattr(journal, "_TREE_PIECE", 1)
    base_url = url(served)
    calls = [make(base_url) for _ in range(2)]
    served.stage.platform.answer(Request("GET", "/nowhere"))
    whole = tree_of(served.stage.platform.journal)
    shown = show_tree(whole)
    at = ["journal", "--tree", "--api", base_url]

    outs = []
    for argv in ([], ["--json"], ["--about", calls[1]], ["--limit", "1"], ["--after", "100"]):
        assert main([*at, *argv]) == 0
        outs.append(capsys.readouterr().out)

    assert outs[0] == f"{whole}\n"
    assert [json.loads(line) for line in outs[1].splitlines()] == [
        *({"kind": "cause", **one} for one in shown["causes"]),
        *({"kind": "uncaused", **one} for one in shown["uncaused"]),
    ]
    assert outs[2] == f"{tree_of(served.stage.platform.journal, about=calls[1])}\n"
    assert outs[3] == f"{tree_of(served.stage.platform.journal, limit=1)}\n"
    assert outs[4] == "nothing has happened\n"


def test_interruption_ends_following(served):
    make(url(served))
    with Command("journal", "--api", url(served), "--follow") as command:
        command.line("    1")
        code, out, err = command.end()

    assert (code, out, err) == (130, "", "")


def test_reader_who_goes_away_ends_following(served):
    make(url(served))
    with Command("journal", "--api", url(served), "--follow") as command:
        command.line("    1")
        command.process.stdout.close()
        command.process.stdout = None
        make(url(served))
        _, err = command.process.communicate(timeout=30)

    assert (command.process.returncode, err) == (0, "")


def test_beyond_this_machine_the_control_token_is_needed(capsys):
    with in_thread(lambda: serving(host="0.0.0.0")) as served:
        served.stage.note("there")
        assert main(["journal", "--api", url(served)]) == 2
        refused = capsys.readouterr().err
        assert main(["journal", "--api", url(served), "--control-token", served.stage.control_token]) == 0

    assert refused == (
        f"--control-token: the simulator at {url(served)} asks for its control token; found none. "
        "Give the one that it told at its start, with --control-token or SCOPE_SIMULATOR_CONTROL_TOKEN.\n"
    )
    assert capsys.readouterr().out.endswith("note      there\n")


def test_nobody_there_is_told_with_the_remedy(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        at = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert main(["journal", "--api", at, "--follow"]) == 2

    err = capsys.readouterr().err
    assert err == (
        f"--api: no simulator answers at {at}; found nobody listens there. Start one with: scope-simulator serve\n"
    )


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (
            "--kind outcom",
            "kind: there is no kind 'outcom'; expected one of change, delivery, attempt, outcome, request, step, fault, note, "
            "undone. Did you mean outcome?",
        ),
        (
            "--kind outcom --follow",
            "kind: there is no kind 'outcom'; expected one of change, delivery, attempt, outcome, request, step, fault, note, "
            "undone. Did you mean outcome?",
        ),
        (
            "--tree --follow",
            "--follow: the flag has no effect together with --tree. Leave one of the two out.",
        ),
        (
            "--tree --kind change",
            "--kind: the flag has no effect together with --tree. Leave one of the two out.",
        ),
        (
            "--graphql --tree",
            "--tree: the flag has no effect together with --graphql. Leave one of the two out.",
        ),
        (
            "--graphql --limit 3",
            "--limit: the flag has no effect together with --graphql. Leave one of the two out.",
        ),
        (
            "--after x",
            "--after: the value does not fit; expected a whole number from 0 to 9007199254740992, found 'x'. "
            "Write it as in --after 120.",
        ),
        (
            "--limit 0",
            "--limit: the value does not fit; expected a whole number from 1 to 9007199254740992, found 0. "
            "Write it as in --limit 20.",
        ),
    ],
)
def test_wrong_value_is_told(argv, message, served, capsys):
    assert main(["journal", "--api", url(served), *argv.split()]) == 2
    assert capsys.readouterr() == ("", f"{message}\n")
