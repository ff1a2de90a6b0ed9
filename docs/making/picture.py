"""``docs/how-to/reports/picture.svg``: a report's picture of a short run, whose receiver refuses the end twice, as pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from simulator.core import SimulatorCore
from simulator.journal import Entry, OutcomeSeen, StepPlayed
from simulator.report.page.legend import PATTERNS
from simulator.report.page.marks import marks_of
from simulator.report.page.markup import Markup, element
from simulator.report.page.picture import draw
from simulator.report.page.style import STYLE
from simulator.report.record import Record
from simulator.report.summary import Judgement
from simulator.wire import Attempt, Outcome, Request, dump

__all__ = ["make"]

TARGET = "http://127.0.0.1:8000/hooks/scopear"
QUERY = "query WorkOrder($id: ID!) { node(id: $id) { ... on ScenarioSession { state } } }"


def make(_root: Path) -> str:
    """Return the picture as a file of its own."""
    marks = marks_of(record := recorded(played()), [unmet()])
    drawn = draw(record, marks, width=720.0, run=1, linked=(), alternative="A run, lane by lane", tight=False)
    inside = drawn.partition(">")[2].removesuffix("</svg>")
    head = drawn.partition(">")[0].removeprefix("<svg ")
    ground = element("rect", width="100%", height="100%", fill="var(--paper)")
    style = element("style", Markup(STYLE.replace("\n", " ")))
    return f'<svg xmlns="http://www.w3.org/2000/svg" {head}>{style}{PATTERNS}{ground}{inside}</svg>\n'


def unmet() -> Judgement:
    return Judgement("mine.yaml:12:7", met=False, expected="finished answered 2xx", seen="finished 503")


def played() -> list[Entry]:
    """Return what happened: what a technician did, and what a receiver made of it that refuses to hear of the end."""
    core = SimulatorCore(seed=7, retry="5s,5m")
    core.add_target(TARGET)
    _, who = core.resources("User", limit=2)

    def step(line: int, text: str) -> None:
        core.platform.journal.append(core.platform.now, StepPlayed(f"mine.yaml:{line}", text))

    step(4, "create: ScenarioSession")
    session = core.create("ScenarioSession", by=who)
    took(core, core.due(), session.id)
    step(7, "wait: 12m")
    took(core, core.advance("12m"), session.id)
    step(8, "view: session")
    core.view(session, by=who, steps=2)
    took(core, core.due(), session.id)
    step(10, "wait: 4d")
    took(core, core.advance("4d"), session.id)
    step(11, "finish: session")
    core.finish(session, by=who)
    took(core, core.due(), session.id)
    step(12, "expect")
    for wait in ("5s", "5m"):
        took(core, core.advance(wait), session.id)
    return list(core.platform.journal.since(0))


def took(core: SimulatorCore, attempts: Sequence[Attempt], session: str) -> None:
    """Answer webhooks as the receiver does: it asks about what begins, and refuses what ends."""
    while attempts:
        for attempt in attempts:
            refused = b"finished" in attempt.body
            core.report(attempt, Outcome(503 if refused else 200, took=0.021 if refused else 0.012))
            if b'"create"' in attempt.body:
                body = dump({"query": QUERY, "variables": {"id": session}})
                headers = {"authorization": f"Bearer {core.token}", "content-type": "application/json"}
                core.answer(Request("POST", "/api/v3/graphql", headers=headers, body=body))
        attempts = core.due()


def recorded(entries: Iterable[Entry]) -> Record:
    """Return the entries with wall times, which are the same each time this is made."""
    wall, walls = 0.0, []
    for entry in entries:
        wall += entry.fact.outcome.took if isinstance(entry.fact, OutcomeSeen) else 0.001
        walls.append(round(wall, 3))
    return Record(tuple(entries), tuple(walls))
