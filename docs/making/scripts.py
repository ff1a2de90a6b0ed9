"""``docs/reference/scripts.md``: the language of scripts, from its contract and the state tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from docs.making.markdown import cell, code, document, fence, table
from simulator.contracts import load
from simulator.expect import EXPECTED
from simulator.world import states

__all__ = ["make", "verbs"]

INTRODUCTION = """\
A script is a YAML or JSON file: a world, and steps that change it. It holds no code. `scope-simulator check FILE` says
what is wrong with one, to the line. `scope-simulator scenarios show paused-for-a-part` prints one to start from. The
contract is [`schemas/script.schema.json`](../../schemas/script.schema.json); an editor completes keys when the file begins
with `# yaml-language-server: $schema=PATH-TO/script.schema.json`.
"""

STEPS = """\
A step is a mapping with one verb. Its other keys stand beside it. Steps happen in their order.
"""

EXPECTATIONS = """\
An expectation waits until it is met, at most `within`. One that is not met is reported at the end, and the script goes on.
Exact numbers wait until the receiver has been quiet.
"""

FAULTS = """\
What goes wrong on purpose from this step on, in place of what did before on the same side. `faults: []` ends all. Faults are
asked in their order; of several that would do the same kind of thing to the same post or request, the first one that strikes
decides. The seed decides chance: the same seed repeats every failure. [Let things go wrong](../how-to/chaos.md) shows each.
"""

REFERENCES = (
    ("`${order}`", "a variable of `vars`"),
    ("`${session.id}`", "a field of what a step or the world has named with `as`"),
    ("`${session.scenario.name}`", "a field of what is related to it"),
    ("`${world.users[1].id}`", "something that exists from the beginning"),
    ("`${fake.name}`", "an invented value; the seed decides it"),
    ("`${index}`", "in a repeat: the round, from 0"),
    ("`${target}`, `${target[1]}`", "the URL of the first target, of the second"),
    (
        "`${api.graphql_url}`, `${api.base_url}`, `${api.token}`",
        "where the simulated platform is, and the integration's token: to ask it with `receiver`",
    ),
    ("`${env.NAME}`", "an environment variable; may stand anywhere in the file"),
    ("`$${`", "the signs themselves"),
)


def make(_root: Path) -> str:
    """Return the document."""
    contract: dict[str, Any] = load("script")
    definitions: dict[str, Any] = contract["$defs"]
    return document(
        "Scripts",
        "`schemas/script.schema.json` and the state tables",
        INTRODUCTION,
        fence(_yaml(contract["examples"][-1]), "yaml"),
        "## The file\n\n" + _keys(contract, definitions),
        "## world\n\n" + _keys(contract["properties"]["world"], definitions, deep=True),
        "## steps\n\n" + STEPS,
        table(["verb", "what happens", "keys beside it"], _verb_rows(definitions)),
        "These keys stand beside a verb:\n\n" + _beside(definitions),
        *(f"### {verb}\n\n" + _verb(verb, definitions) for verb in verbs(contract)),
        "## What may happen when\n\nA verb that is not in the table is an error that names those that are.\n\n"
        + _moves(),
        "## expect\n\n" + EXPECTATIONS + "\n" + _keys(definitions["expect"], definitions),
        *(
            f"### {kind}\n\n{definitions[kind]['description']}\n\n" + _keys(definitions[kind], definitions)
            for kind in EXPECTED
        ),
        "## What can go wrong\n\n" + FAULTS,
        *(
            f"### {side}\n\n{definitions[name]['description']}\n\n"
            + _keys(definitions[name], definitions)
            + "\nBelow match:\n\n"
            + _keys(definitions[name]["properties"]["match"], definitions)
            for side, name in (("delivery", "deliveryFault"), ("api", "apiFault"))
        ),
        "## References\n\nA value that is nothing but a reference keeps its type.\n\n"
        + table(["reference", "stands for"], REFERENCES),
    )


def verbs(contract: Mapping[str, Any]) -> list[str]:
    """Return the verbs in the order of the contract."""
    return [one["required"][0] for one in contract["$defs"]["step"]["oneOf"]]


def _verb_rows(definitions: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    step = definitions["step"]
    for verb in (one["required"][0] for one in step["oneOf"]):
        beside = [key for key in step["dependentSchemas"][verb]["propertyNames"]["enum"] if key != verb]
        described = _resolved(step["properties"][verb], definitions)["description"]
        yield f"[{verb}](#{verb})", described, ", ".join(code(key) for key in beside)


def _beside(definitions: Mapping[str, Any]) -> str:
    step = definitions["step"]
    spoken = {one["required"][0] for one in step["oneOf"]}
    return _table({key: value for key, value in step["properties"].items() if key not in spoken}, definitions)


def _verb(verb: str, definitions: Mapping[str, Any]) -> str:
    value = _resolved(definitions["step"]["properties"][verb], definitions)
    text: str = value["description"] + "\n\n"
    shown = [one for one in definitions["step"]["examples"] if verb in one]
    shown += [{verb: one} for one in value.get("examples", ()) if not shown]
    text += fence(_yaml(shown), "yaml")
    if "properties" in value and verb != "expect":
        text += "\n" + _keys(value, definitions)
    return text


def _keys(value: Mapping[str, Any], definitions: Mapping[str, Any], *, deep: bool = False) -> str:
    properties = {key: _resolved(one, definitions) for key, one in value["properties"].items()}
    text = _table(properties, definitions, required=value.get("required", ()))
    for key, one in properties.items() if deep else ():
        inner = _resolved(one.get("items", one), definitions)
        for option in (inner, *inner.get("anyOf", ()), *inner.get("oneOf", ())):
            found = _resolved(option, definitions)
            if "properties" in found:
                text += f"\n### world.{key}\n\n{found.get('description', one['description'])}\n\n" + _keys(
                    found, definitions
                )
    return text


def _table(
    properties: Mapping[str, Any], definitions: Mapping[str, Any], *, required: tuple[str, ...] = ()
) -> str:
    rows = []
    for key, value in properties.items():
        one = _resolved(value, definitions)
        need = " Needed." if key in required else ""
        default = code(_flow(one["default"])) if "default" in one else ""
        example = code(_flow(one["examples"][0])) if one.get("examples") else ""
        rows.append((code(key), one["description"] + need, default, example))
    return table(["key", "meaning", "default", "example"], rows)


def _moves() -> str:
    tables = {f"ScenarioSession, {kind.lower()}": moves for kind, moves in states.SESSION.items()} | {
        "Call": states.CALL
    }
    rows = []
    for about, moves in tables.items():
        for state in dict.fromkeys(state for state, _ in moves):
            words = [
                code(verb) if move.state == state else f"{code(verb)} (then {move.state})"
                for (held, verb), move in moves.items()
                if held == state
            ]
            rows.append((about, state, ", ".join(words)))
    return table(["resource", "state", "verbs"], rows)


def _resolved(value: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``value`` with what it refers to; its own words win."""
    if "$ref" not in value:
        return dict(value)
    found: Any = definitions
    for name in value["$ref"].removeprefix("#/$defs/").split("/"):
        found = found[name]
    return {**_resolved(found, definitions), **value}


def _yaml(value: object) -> str:
    text: str = yaml.safe_dump(value, sort_keys=False, default_flow_style=None, width=100, allow_unicode=True)
    return text


def _flow(value: object) -> str:
    """Return a value on one line, as YAML writes it."""
    text: str = yaml.safe_dump(
        value, sort_keys=False, default_flow_style=True, width=10_000, allow_unicode=True
    )
    return cell(text.removesuffix("\n").removesuffix("\n..."))
