"""``demo``: the platform, the example receiver and one script together, with all that passes between them in one terminal.

The receiver is the very file in ``examples/``, in a process of its own, as an integration would be.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from simulator.bundled import example_file
from simulator.cli.choosing import Chosen
from simulator.cli.live import Live, say_summary
from simulator.cli.performing import Prepared, play_here
from simulator.cli.replay import prepare
from simulator.cli.signals import signals
from simulator.cli.talk import Talk
from simulator.control.waits import settled
from simulator.errors import UsageError
from simulator.journal import Entry, RequestAnswered
from simulator.report.summary import Summary
from simulator.report.text import printable
from simulator.script import open_script
from simulator.script.model import Step
from simulator.server.run import Running

__all__ = ["SCRIPT", "demo"]

SCRIPT = "paused-for-a-part"

_NEXT = (
    "",
    "What next?",
    f"  this script and your receiver  scope-simulator replay {SCRIPT} --target http://127.0.0.1:8000/hooks/scopear",
    "  by hand, or from tests         scope-simulator serve",
    f"  a script of your own           scope-simulator scenarios show {SCRIPT} > mine.yaml",
)


def demo(flags: Mapping[str, object], talk: Talk, *, defaults: Mapping[str, str]) -> int:
    """Play the script to the example receiver; return whether all went well."""
    (prepared,) = prepare(Chosen(SCRIPT, open_script(SCRIPT)), flags, defaults=defaults)
    with example_file("receiver/receiver.py") as receiver:
        return asyncio.run(_demo(prepared, receiver, talk))


async def _demo(prepared: Prepared, receiver: Path, talk: Talk) -> int:
    @asynccontextmanager
    async def around(simulator: Running) -> AsyncIterator[None]:
        async with _receiving(receiver, simulator, talk) as url:
            talk.say(f"Scope     {simulator.base_url}", f"receiver  {url}", "")
            simulator.live.stage.add_target(url)
            yield

    talk.say(
        "A fake Scope plays a script to an example receiver, each in a process of its own.",
        "",
        f"script    {prepared.script.title}",
        f"speed     {prepared.settings.speed.name}, seed {prepared.settings.seed}",
    )
    with signals() as heard:
        summaries = await play_here(
            prepared, talk, heard, around=around, teller=_Teller(talk), ending=settled
        )
    if summaries is None:
        return 130
    (summary,) = summaries
    talk.say("")
    say_summary(talk, summary)
    talk.say(*_NEXT)
    return 0 if summary.ok else 1


class _Teller:
    """Tells of the run as it goes on, with what the receiver asks and gets."""

    def __init__(self, talk: Talk) -> None:
        self._talk = talk

    def begun(self, title: str, steps: Sequence[Step]) -> None:  # noqa: ARG002 - it is the only one
        self._live = Live(self._talk, steps)

    def show(self, entry: Entry) -> None:
        self._live.tell(entry)
        if isinstance(entry.fact, RequestAnswered) and entry.fact.route == "graphql":
            self._talk.say(*_exchange(entry.fact), tone="quiet")

    def ended(self, summary: Summary) -> None:
        """Say nothing yet: the receiver may still be telling."""


@asynccontextmanager
async def _receiving(file: Path, simulator: Running, talk: Talk) -> AsyncIterator[str]:
    """Run the example receiver, tell all that it prints, and give the URL at which it listens."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(file), "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "SCOPE_URL": simulator.base_url, "SCOPE_TOKEN": str(simulator.ready["token"])},
    )
    assert process.stdout is not None
    tellings: list[asyncio.Task[None]] = []
    try:
        said = (await process.stdout.readline()).decode(errors="replace")
        url = said.rpartition(" ")[2].strip()
        if not url.startswith("http://"):
            said += (await process.stdout.read()).decode(errors="replace")
            await process.wait()
            found = printable(said.strip().rpartition("\n")[2]) or "no word of it"
            raise UsageError("the example receiver does not start", place=str(file), found=found)
        tellings.append(asyncio.create_task(_tell(process.stdout, talk)))
        yield url
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
        await asyncio.gather(*tellings)


async def _tell(output: asyncio.StreamReader, talk: Talk) -> None:
    while line := await output.readline():
        talk.say(f"  receiver | {printable(line.decode(errors='replace').rstrip())}")


def _exchange(asked: RequestAnswered) -> list[str]:
    """Return the query that the receiver sent and what it got."""
    query = " ".join(str(json.loads(asked.request.body)["query"]).split())
    got = asked.answer.body.decode()
    return [f"     query | {printable(query)}", f"       got | {printable(got)}"]
