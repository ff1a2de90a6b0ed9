"""Scenario scripts: load them, check them, play them.

``load`` or ``open_script`` reads a script and finds what is wrong with it, ``rehearse`` finds what is wrong with it on a
given platform, ``play`` plays it. A script is a user of the platform, as a test is: the engine knows nothing of scripts.
"""

from simulator.script.document import ScriptError
from simulator.script.model import Script
from simulator.script.player import Playing, Report, Ruling, play
from simulator.script.prepare import load, open_script
from simulator.script.rehearsal import rehearse

__all__ = [
    "Playing",
    "Report",
    "Ruling",
    "Script",
    "ScriptError",
    "load",
    "open_script",
    "play",
    "rehearse",
]
