"""Scenario scripts: load them, check them, play them.

``load`` or ``open_script`` reads a script and finds what is wrong with it, ``variants_of`` gives one for each combination
of its matrix, ``rehearse`` finds what is wrong with one on a given platform,
``play`` plays it, and ``play_all`` its endings too. A script is a user of the platform, as a test is: the engine knows nothing of scripts.
"""

from simulator.script.document import ScriptError
from simulator.script.matrix import variants_of
from simulator.script.model import Script
from simulator.script.player import Playing, Report, Ruling, play
from simulator.script.prepare import load, open_script
from simulator.script.rehearsal import rehearse, rehearse_all
from simulator.script.runs import play_all

__all__ = [
    "Playing",
    "Report",
    "Ruling",
    "Script",
    "ScriptError",
    "load",
    "open_script",
    "play",
    "play_all",
    "rehearse",
    "rehearse_all",
    "variants_of",
]
