"""Somebody's own GraphQL schema in place of ours: how it is read, how it differs, and what is invented for the difference.

The vendor's schema changes with each release, and an organisation may have fields that nobody documented. Whoever exports it gives
it to us: what we model is answered from the world, by the name of its type and field, and everything else is invented, from the
seed and from those names, so that it repeats.
"""

from simulator.graphql.own.drift import Drift, drift
from simulator.graphql.own.furnishing import furnish
from simulator.graphql.own.reading import read_schema

__all__ = ["Drift", "drift", "furnish", "read_schema"]
