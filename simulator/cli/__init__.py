"""The command line: ``main`` turns arguments into an exit code, ``entry`` is what the installed command calls."""

from simulator.cli.commands import entry, main

__all__ = ["entry", "main"]
