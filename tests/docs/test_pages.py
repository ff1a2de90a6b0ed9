"""What the pages show exists: links lead somewhere, commands and flags are those of the command line."""

from __future__ import annotations

import re
import shlex

import pytest

from docs.making.includes import included, refreshing
from simulator.cli.flags import NAME
from tests.docs.documents import DOCS, PAGES, ROOT, anchors, links
from tests.docs.test_reference import commands, flags

HAND_WRITTEN = [page for page in PAGES if not page.read_text("utf-8").startswith("<!-- Made by")]


def ids(page):
    return page.relative_to(DOCS).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=ids)
def test_every_link_leads_somewhere(page):
    lost = []
    for link in links(page.read_text("utf-8")):
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text("utf-8"))):
            lost.append(link)

    assert lost == []


def test_index_links_every_page():
    index = DOCS / "index.md"
    linked = {(DOCS / link.partition("#")[0]).resolve() for link in links(index.read_text("utf-8"))}

    assert [ids(page) for page in PAGES if page != index and page not in linked] == []


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=ids)
def test_every_command_and_flag_that_is_shown_exists(page):
    known = dict(commands())
    wrong = []
    for line in re.sub(r"\\\n\s*", "", page.read_text("utf-8")).splitlines():
        for shown in re.findall(rf"(?:^|[\s`]){NAME}((?: [^\s`|>&;]+)*)", line):
            words = shlex.split(shown.replace("'", ""))
            name = " ".join([NAME, *words[:2]])
            name = name if name in known else " ".join([NAME, *words[:1]])
            unknown = {word for word in words if word.startswith("--")} - (
                flags(known[name]) if name in known else set()
            )
            if words and words[0].islower() and (name not in known or unknown):
                wrong.append(line)

    assert wrong == []


def test_included_file_is_brought_up_to_date(tmp_path):
    (tmp_path / "a.py").write_text("new = 1\n", "utf-8")
    (tmp_path / "page.md").write_text(
        "Text\n\n<!-- file: a.py -->\n```python\nold = 0\n\nold = 1\n```\n\n```\nother\n```\n", "utf-8"
    )

    made = refreshing("page.md")(tmp_path)

    assert made == "Text\n\n<!-- file: a.py -->\n```python\nnew = 1\n```\n\n```\nother\n```\n"
    assert included(made) == ["a.py"]


@pytest.mark.parametrize("page", HAND_WRITTEN, ids=ids)
def test_page_that_shows_files_is_kept_fresh(page):
    from docs.build import DOCUMENTS

    name = page.relative_to(ROOT).as_posix()

    assert name in DOCUMENTS or included(page.read_text("utf-8")) == []
