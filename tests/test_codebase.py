"""Rules about the code itself: the ladder, sizes, names, contracts, errors, and what is shipped."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import simulator
from docs.making.samples import SAMPLES
from simulator import contracts
from simulator.bundled import contract_names
from simulator.errors import ScopeSimulatorError

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for path in ROOT.glob("simulator/**/*.py") if "_vendor" not in path.parts)
IDS = [str(path.relative_to(ROOT)) for path in MODULES]
SOFT_CAP, HARD_CAP = 350, 500
HEAVY = {"aiohttp", "faker", "graphql", "jsonschema", "yaml"}


# ---------------------------------------------------------------------------------------- the ladder and the modules


def test_import_contracts_hold():
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_no_module_passes_the_hard_cap():
    sizes = {name: len(path.read_text("utf-8").splitlines()) for name, path in zip(IDS, MODULES, strict=True)}
    for name, size in sizes.items():
        if size > SOFT_CAP:
            print(f"{name} has {size} lines (soft cap {SOFT_CAP})")  # noqa: T201 - a report, shown with -s and on failure

    assert {name: size for name, size in sizes.items() if size > HARD_CAP} == {}


def test_every_folder_is_a_package():
    folders = {path.parent for path in MODULES}

    assert [str(folder) for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_module_has_its_test():
    wanted = {
        ROOT / "tests" / path.relative_to(ROOT / "simulator").parent / f"test_{path.stem.strip('_')}.py"
        for path in MODULES
        if path.name != "__init__.py" or path.parent.name == "simulator"
    }

    assert sorted(str(path.relative_to(ROOT)) for path in wanted if not path.exists()) == []


@pytest.mark.parametrize("path", MODULES, ids=IDS)
def test_module_says_what_it_is_for(path):
    tree = ast.parse(path.read_text("utf-8"))

    assert ast.get_docstring(tree)


IMPORTABLE = [path for path in MODULES if path.name != "__main__.py"]


@pytest.mark.parametrize("path", IMPORTABLE, ids=[str(path.relative_to(ROOT)) for path in IMPORTABLE])
def test_all_names_exactly_what_is_public(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    module = importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))

    # A folder's __init__ that defines nothing need not say so.
    names = getattr(module, "__all__", []) if path.name == "__init__.py" else module.__all__
    missing = [name for name in names if not hasattr(module, name)]
    hidden = [name for name in public_names(ast.parse(path.read_text("utf-8"))) if name not in names]

    assert (missing, hidden, len(names)) == ([], [], len(set(names)))


def public_names(tree: ast.Module) -> Iterator[str]:
    """Yield the public functions, classes and constants that a module defines; type variables are no names of it."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names = [node.name]
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            call = node.value.func if isinstance(node.value, ast.Call) else None
            variable = isinstance(call, ast.Name) and call.id in ("TypeVar", "ParamSpec")
            names = [] if variable else [one.id for one in targets if isinstance(one, ast.Name)]
        else:
            names = []
        yield from (name for name in names if not name.startswith("_"))


def test_monotonic_timers_are_read_by_the_clock_and_the_edge_alone():
    timers = {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns", "process_time", "thread_time"}
    readers = set()
    sources = {name: path.read_text("utf-8") for name, path in zip(IDS, MODULES, strict=True)}
    for name in (name for name, source in sources.items() if any(timer in source for timer in timers)):
        for node in ast.walk(ast.parse(sources[name])):
            if isinstance(node, ast.ImportFrom) and node.module == "time":
                used = {alias.name for alias in node.names}
            elif (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "time"
            ):
                used = {node.attr}
            else:
                used = set()
            if used & timers:
                readers.add(name)

    assert {name for name in readers if not name.startswith("simulator/server/")} <= {"simulator/clock.py"}


@pytest.mark.parametrize(
    "module",
    [
        "simulator",
        "simulator.pytest_plugin",
        "simulator.errors",
        "simulator.settings",
        "simulator.graphql.question",
    ],
)
def test_importing_loads_nothing_heavy(module):
    code = f"import sys, {module}; print(*sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)

    assert done.stderr == ""
    assert HEAVY & set(done.stdout.split()) == set()


# ---------------------------------------------------------------------------------------------------------- contracts


@pytest.mark.parametrize("name", contract_names())
def test_contract_is_valid_titled_and_described(name):
    contract = contracts.load(name)

    Draft202012Validator.check_schema(contract)
    assert contract["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert contract["title"]
    assert contract["description"]
    assert contract["examples"]
    assert list(nameless_properties(contract, "")) == []


@pytest.mark.parametrize("name", contract_names())
def test_examples_keep_the_contract(name):
    for pointer, examples in examples_in(contracts.load(name), "#"):
        schema = {"$ref": f"https://schemas.invalid/{name}.schema.json{pointer}"}
        validator = Draft202012Validator(schema, registry=contracts._registry())
        for example in examples:
            problems = contracts._explain_all(validator.iter_errors(example))
            assert [str(problem.error(f"{name} {pointer}")) for problem in problems] == []


DATA = ("examples", "default", "const", "enum")


def nameless_properties(schema: object, pointer: str) -> Iterator[str]:
    """Yield the properties that neither say what they are nor refer to something that does."""
    if isinstance(schema, dict):
        for key, inner in schema.get("properties", {}).items():
            if isinstance(inner, dict) and not {"title", "description", "$ref"} & set(inner):
                yield f"{pointer}/properties/{key}"
        for key, inner in schema.items():
            if key not in DATA:
                yield from nameless_properties(inner, f"{pointer}/{key}")
    elif isinstance(schema, list):
        for place, inner in enumerate(schema):
            yield from nameless_properties(inner, f"{pointer}/{place}")


def examples_in(schema: object, pointer: str) -> Iterator[tuple[str, list[object]]]:
    """Yield every list of examples with the pointer to the schema it belongs to."""
    if isinstance(schema, dict):
        if isinstance(schema.get("examples"), list):
            yield pointer, schema["examples"]
        for key, inner in schema.items():
            if key not in DATA:
                step = key.replace("~", "~0").replace("/", "~1").replace("%", "%25").replace("^", "%5E")
                yield from examples_in(inner, f"{pointer}/{step}")
    elif isinstance(schema, list):
        for place, inner in enumerate(schema):
            yield from examples_in(inner, f"{pointer}/{place}")


# ------------------------------------------------------------------------------------------------------------- errors


def test_every_exception_has_its_text_in_the_table():
    for module in pkgutil.walk_packages(simulator.__path__, "simulator."):
        if module.name != "simulator.__main__":
            importlib.import_module(module.name)

    family = {ScopeSimulatorError}
    while more := {heir for one in family for heir in one.__subclasses__()} - family:
        family |= more

    assert {one for one in family if one.__module__.startswith("simulator.")} == set(SAMPLES)


@pytest.mark.parametrize("kind", SAMPLES, ids=lambda kind: kind.__name__)
def test_exception_reads_as_a_sentence(kind):
    error, text = SAMPLES[kind]

    assert type(error) is kind
    assert str(error) == text


# ----------------------------------------------------------------------------------------------------------- packages


def build(kind: str, tree: Path, out: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(out)]
    subprocess.run(command, cwd=tree, check=True, capture_output=True)
    return next(out.iterdir())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from the checkout; no build environment, so no network."""
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def test_sdist_gives_the_very_same_wheel(wheel, tmp_path):
    sdist = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (tree,) = (tmp_path / "unpacked").iterdir()

    assert contents(build("wheel", tree, tmp_path / "wheel")) == contents(wheel)


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_wheel_holds_the_code_and_the_data_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}

    shipped = {
        f"simulator/_bundled/{path.relative_to(ROOT).as_posix()}"
        for folder in ("schemas", "scenarios", "examples")
        for path in ROOT.glob(f"{folder}/**/*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    code = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("simulator/**/*.py")}
    vendored = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("simulator/_vendor/*/*")}
    assert held == shipped | code | vendored | {"simulator/py.typed"}


def test_wheel_announces_the_command_and_the_plugin(wheel):
    with zipfile.ZipFile(wheel) as archive:
        entries = next(name for name in archive.namelist() if name.endswith("entry_points.txt"))
        text = archive.read(entries).decode()

    assert text.split() == [
        *("[console_scripts]", "scope-simulator", "=", "simulator.cli:entry"),
        *("[pytest11]", "scope_simulator", "=", "simulator.pytest_plugin"),
    ]
