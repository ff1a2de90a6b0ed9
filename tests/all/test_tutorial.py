"""The tutorial's failing run prints what is shown. It waits its full five seconds, so it is not part of `make test`."""

from __future__ import annotations

import re

from tests.docs.documents import missing_lines, own_pytest, shown_outputs
from tests.docs.test_tutorial import TUTORIAL, project


def test_output_of_the_failing_run_is_real(tmp_path):
    folder = project("flask", tmp_path)
    app = folder / "app.py"
    app.write_text(re.sub(r"worker\.submit\(.*\)", "pass", app.read_text("utf-8")), "utf-8")

    done = own_pytest(folder, "-k", "finished")

    assert missing_lines(shown_outputs(TUTORIAL)["pytest -k finished"], done.stdout) == [], done.stdout
