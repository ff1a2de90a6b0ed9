"""Compiled plans: a query that was validated once, as one Python function for each of its selection sets.

Theory. graphql-core asks of every field anew what the document, the schema and the variables have settled long before:
which fields a selection has, which type a field returns, how its value is written. A plan asks that once for a document,
an operation and the values of the variables that ``@skip`` and ``@include`` look at, and writes down what is left to do
as Python: read, check, put into a dict. That costs a thirtieth of the execution by graphql-core.

A plan knows one answer only: the one without errors. Whatever else happens - a field raises, a value does not fit its
type, null stands where it may not, a variable is wrong - it gives up, and graphql-core executes the query from the
beginning and words what went wrong, with paths and places, and with null where the specification has it. A query changes
nothing, so that to begin again is free of harm. What a plan does not cover is declined likewise: mutations, introspection,
and whatever nobody has taught it. Nobody can tell from an answer which of the two gave it; each platform counts how many
a plan answered, and why others were declined, and its health route tells.

A runtime type that only an interface promises is compiled when the first record of that type is met. A selection set that
several places share, as through a fragment, is one function.

The source is put together from fixed pieces and whole numbers alone. Names, aliases and values of the client's reach it
as constants, by reference, never as text.
"""

from simulator.graphql.plans.plan import Planned, Plans
from simulator.graphql.plans.reading import Declined, Reading

__all__ = ["Declined", "Planned", "Plans", "Reading"]
