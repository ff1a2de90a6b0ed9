"""Scope Simulator: a local stand-in for Scope AR's WorkLink.

The names below are the public ones. Each is resolved on first use, so that ``import simulator`` (which every
pytest start does where the plugin is installed) loads neither the server nor the GraphQL engine.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.core import SimulatorCore
    from simulator.engine import Resource, Snapshot
    from simulator.errors import (
        ContractError,
        ExpectationError,
        NotFoundError,
        PlatformError,
        ScopeSimulatorError,
        StateError,
        UsageError,
    )
    from simulator.server.handle import AsyncSimulator, Simulator
    from simulator.settings import Person, Settings
    from simulator.wire import Outcome, Request

__all__ = [
    "AsyncSimulator",
    "ContractError",
    "ExpectationError",
    "NotFoundError",
    "Outcome",
    "Person",
    "PlatformError",
    "Request",
    "Resource",
    "ScopeSimulatorError",
    "Settings",
    "Simulator",
    "SimulatorCore",
    "Snapshot",
    "StateError",
    "UsageError",
    "__version__",
]

__version__ = "0.1.0"

_HOMES = {
    "AsyncSimulator": "simulator.server.handle",
    "ContractError": "simulator.errors",
    "ExpectationError": "simulator.errors",
    "NotFoundError": "simulator.errors",
    "Outcome": "simulator.wire",
    "Person": "simulator.settings",
    "PlatformError": "simulator.errors",
    "Request": "simulator.wire",
    "Resource": "simulator.engine",
    "ScopeSimulatorError": "simulator.errors",
    "Settings": "simulator.settings",
    "Simulator": "simulator.server.handle",
    "SimulatorCore": "simulator.core",
    "Snapshot": "simulator.engine",
    "StateError": "simulator.errors",
    "UsageError": "simulator.errors",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # By text and not by an import statement: the import contracts must not see the package import its top.
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
