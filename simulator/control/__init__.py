"""Every operation on a running platform as one table, without sockets."""

from simulator.control.operations import (
    Ask,
    Found,
    MethodError,
    Operation,
    Parameter,
    Reply,
    Waiting,
    find,
    read_query,
)
from simulator.control.problems import PROBLEM, problem, problem_of
from simulator.control.stage import Run, Stage
from simulator.control.table import OPERATIONS, operation

__all__ = [
    "OPERATIONS",
    "PROBLEM",
    "Ask",
    "Found",
    "MethodError",
    "Operation",
    "Parameter",
    "Reply",
    "Run",
    "Stage",
    "Waiting",
    "find",
    "operation",
    "problem",
    "problem_of",
    "read_query",
]
