"""``docs/reference/settings.md``, from the table of settings."""

from __future__ import annotations

from pathlib import Path

from docs.making.markdown import code, document, fence, table
from simulator.clock import Speed
from simulator.settings import CONFIG_VARIABLE, FIELDS, Field, Settings

__all__ = ["make"]

INTRODUCTION = f"""\
A setting may come from five places. The first that names it wins:

1. a flag of the command,
2. the environment: the variable in the table,
3. a configuration file: `--config FILE`, or the file that `{CONFIG_VARIABLE}` names,
4. a script (`seed`, `start` and `world`),
5. the default.

In Python each is a keyword: `Simulator(seed=7)`, `@pytest.mark.scope_simulator(seed=7)`. An unknown name and a wrong value
are errors that name the place and the nearest right name. A certainty such as `documented: UW` says how sure it is that the
vendor behaves so; [fidelity](../fidelity.md) lists them all.
"""


def make(_root: Path) -> str:
    """Return the document."""
    example = "\n".join(
        f"{name} = {FIELDS[name].in_toml}" for name in ("seed", "speed", "targets", "timeout")
    )
    return document(
        "Settings",
        "the table in `simulator/settings/`",
        INTRODUCTION,
        table(
            ["setting", "meaning", "default", "certainty"],
            (
                (f"[{name}](#{name})", field.help, default(name), field.certainty or "")
                for name, field in FIELDS.items()
            ),
        ),
        "## A configuration file\n\nTOML, with the settings' names as keys:\n\n" + fence(example, "toml"),
        "The contract is [`schemas/settings.schema.json`](../../schemas/settings.schema.json).",
        "## How each is written\n",
        *(section(field) for field in FIELDS.values()),
    )


def section(field: Field) -> str:
    """Return how one setting is written at each place."""
    rows = []
    if field.flag:
        rows.append(("flag", code(flag(field))))
    rows += [
        ("environment", code(f"{field.variable}={field.example}")),
        ("file", code(f"{field.name} = {field.in_toml}")),
        ("Python", code(f"{field.name}={field.in_python}")),
    ]
    return f"### {field.name}\n\n{field.description}\n\n" + table(["where", "example"], rows)


def flag(field: Field) -> str:
    assert field.flag is not None
    if field.form.schema.get("type") == "boolean":
        return f"{field.flag}, --no-{field.flag.removeprefix('--')}"
    return f"{field.flag} {field.example}"


def default(name: str) -> str:
    """Return a setting's default as people write it; nothing where there is none."""
    value = getattr(Settings(), name)
    # A number whose example is none is a duration, kept in milliseconds.
    if type(value) is int and not FIELDS[name].example.isdigit():
        return code(f"{value // 1000}s")
    match value:
        case None | ():
            return ""
        case Speed():
            return code(value.name)
        case bool():
            return code("yes" if value else "no")
        case tuple():
            return code(",".join(str(one) for one in value))
        case _:
            return code(value)
