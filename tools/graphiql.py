"""Fetches GraphiQL and what it needs from npm into ``simulator/_vendor/graphiql/``, with licences and versions.

    make vendor

To move to another version, change the table below and run it. Files are taken as their packages have them, without a change;
``versions.json`` says which file is from where, under which licence, and its digest.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "simulator" / "_vendor" / "graphiql"

PACKAGES = {
    "graphiql": ("4.1.2", {"graphiql.min.js": "graphiql.js", "graphiql.min.css": "graphiql.css"}),
    "react": ("18.3.1", {"umd/react.production.min.js": "react.js"}),
    "react-dom": ("18.3.1", {"umd/react-dom.production.min.js": "react-dom.js"}),
}
"""Of each package the version, and which of its files is kept under which name. Of GraphiQL it is the last major version that
comes as one script for a page without a build."""


def main() -> None:
    """Fetch every package and write its files and its licence."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    versions = []
    for name, (version, files) in PACKAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            packed = subprocess.run(
                ["npm", "pack", f"{name}@{version}", "--silent"],
                cwd=folder,
                check=True,
                capture_output=True,
                text=True,
            ).stdout.split()[-1]
            with tarfile.open(Path(folder) / packed) as archive:
                kept = {**files, "LICENSE": f"{name}.LICENSE"}
                read = {to: archive.extractfile(f"package/{source}").read() for source, to in kept.items()}
                described = json.load(archive.extractfile("package/package.json"))
        for to, data in read.items():
            (FOLDER / to).write_bytes(data)
        versions.append(
            {
                "package": name,
                "version": described["version"],
                "license": described["license"],
                "files": {to: hashlib.sha256(data).hexdigest() for to, data in read.items()},
            }
        )
    (FOLDER / "versions.json").write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {FOLDER}")


if __name__ == "__main__":
    main()
