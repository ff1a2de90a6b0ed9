"""The tutorial's code passes as it stands there, and its outputs are what the commands print."""

from __future__ import annotations

import shutil

import pytest

from docs.making.includes import included
from tests.docs.documents import DOCS, ROOT, missing_lines, own_pytest, shown_outputs

TUTORIAL = (DOCS / "tutorial.md").read_text("utf-8")


def project(name: str, folder):
    """Copy one of the tutorial's projects and return its folder."""
    return shutil.copytree(
        DOCS / "tutorial" / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
    )


@pytest.mark.parametrize(("name", "plugins"), [("flask", ()), ("fastapi", ("anyio",))])
def test_project_passes(tmp_path, name, plugins):
    done = own_pytest(project(name, tmp_path), plugins=plugins)

    assert done.returncode == 0, done.stdout + done.stderr
    if name == "flask":
        assert missing_lines(shown_outputs(TUTORIAL)["pytest"], done.stdout) == [], done.stdout


def test_every_file_of_the_projects_is_shown():
    files = {path.relative_to(ROOT).as_posix() for path in DOCS.glob("tutorial/*/*.py")}

    assert set(included(TUTORIAL)) == files
