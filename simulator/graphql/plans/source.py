"""Writes the Python of a plan: one function for each selection set and type.

Decides how a field is read, checked and put into the answer. Each function takes the record and a ``Run``, and returns the
data; it raises when the answer would have an error. In its source stand fixed pieces, numbers, and the names of our
records' fields; ``n7`` is the seventh constant, whatever that is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    GRAPHQL_MAX_INT,
    GRAPHQL_MIN_INT,
    FieldNode,
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLString,
    GraphQLUnionType,
    SelectionSetNode,
    Undefined,
    is_abstract_type,
)
from graphql.execution.values import VariableValues

from simulator.graphql.plans.arguments import arguments
from simulator.graphql.plans.reading import Declined, Function, Reading
from simulator.graphql.plans.remembering import Made
from simulator.graphql.plans.selections import Collected, Document
from simulator.world.attributes import Field, NodeId, Word

__all__ = ["MOST_FIELDS", "Compiler"]

MOST_FIELDS = 5_000
"""A plan with more fields is declined: it would be seldom used, and take much memory."""

_PASSED = "view, info, values, loose"
_TAKEN = f"o, {_PASSED}"
_CLASSES: Mapping[GraphQLScalarType, type] = {
    GraphQLString: str,
    GraphQLID: str,
    GraphQLBoolean: bool,
    GraphQLInt: int,
}
"""What is written alike by every writer of JSON; a float is not."""


class Compiler:
    """The functions of one plan, made when they are needed; ``switched`` are the values of the switches."""

    def __init__(self, document: Document, switched: Mapping[str, object]) -> None:
        self._document = document
        self._switched = switched
        self._made: dict[tuple[str, tuple[int, ...]], tuple[Function, bool]] = {}
        self._fields = 0
        self.lasting = True
        """Whether all that the functions give follows from the world alone, whatever the time."""

    def function(self, type_: GraphQLObjectType, sets: tuple[SelectionSetNode, ...]) -> Function:
        """Return the function of these selection sets together, for records of a type."""
        return self.made(type_, sets)[0]

    def made(self, type_: GraphQLObjectType, sets: tuple[SelectionSetNode, ...]) -> tuple[Function, bool]:
        """Return the same, and whether what it gives follows from the record alone, and from how ids are made."""
        key = type_.name, tuple(map(id, sets))
        if key not in self._made:
            if type_.is_type_of is not None:
                raise Declined("not covered")
            collected = self._document.collect(type_, sets, self._switched)
            self._fields += len(collected)
            if self._fields > MOST_FIELDS:
                raise Declined("large")
            writer = _Writer(self)
            self._made[key] = writer.write(type_, collected), writer.settled
            self.lasting &= writer.lasting
        return self._made[key]

    def by_type(
        self, type_: GraphQLInterfaceType | GraphQLUnionType, sets: tuple[SelectionSetNode, ...]
    ) -> Function:
        """Return what finds the function for the type that a record turns out to be of."""
        schema = self._document.schema
        known: dict[str, Function] = {}
        name_of = type_.resolve_type
        if name_of is None:
            raise Declined("not covered")

        def run(
            o: object,
            view: object,
            info: Any,  # noqa: ANN401 - only resolvers know what they ask of it
            values: VariableValues,
            loose: list[object],
        ) -> dict[str, Any]:
            name = name_of(o, info, type_)
            assert isinstance(name, str)
            function = known.get(name)
            if function is None:
                found = schema.type_map.get(name)
                if not isinstance(found, GraphQLObjectType) or not schema.is_sub_type(type_, found):
                    raise Declined("raised")
                function = known[name] = self.function(found, sets)
            return function(o, view, info, values, loose)

        return run


class _Writer:
    """Writes one function."""

    def __init__(self, compiler: Compiler) -> None:
        self._compiler = compiler
        self._lines: list[str] = []
        self._names: dict[str, object] = {"__builtins__": {}}
        self.settled = True
        self.lasting = True

    def write(self, type_: GraphQLObjectType, collected: Collected) -> Function:
        pairs = []
        for number, (key, nodes) in enumerate(collected.items()):
            name = nodes[0].name.value
            if name == "__typename":
                pairs.append(f"{self._name(key)}: {self._name(type_.name)}")
            else:
                self._field(f"v{number}", type_, name, nodes)
                pairs.append(f"{self._name(key)}: v{number}")
        source = "\n".join((f"def function({_TAKEN}):", *self._lines, f" return {{{', '.join(pairs)}}}"))
        exec(source, self._names)  # noqa: S102 - fixed pieces and numbers, see the theory
        function: Function = self._names["function"]  # type: ignore[assignment] # what was just executed
        return function

    def _name(self, value: object) -> str:
        """Return the name by which the function knows a constant."""
        name = f"n{len(self._names)}"
        self._names[name] = value
        return name

    def _field(self, v: str, type_: GraphQLObjectType, name: str, nodes: tuple[FieldNode, ...]) -> None:
        field = type_.fields.get(name)
        if field is None or field.resolve is None:
            raise Declined("introspection" if name.startswith("__") else "not covered")
        self.lasting &= getattr(field.resolve, "lasting", False) and not _ordered(nodes[0])
        if isinstance(field.resolve, Reading):
            self._read(v, field.resolve.read)
        else:
            self.settled = False
            given = arguments(field, nodes[0])
            resolve = self._name(field.resolve)
            if callable(given):
                self._line(1, f"{v} = {resolve}(o, info, **{self._name(given)}(values))")
            elif given:
                self._line(1, f"{v} = {resolve}(o, info, **{self._name(given)})")
            else:
                self._line(1, f"{v} = {resolve}(o, info)")
        self._complete(1, v, field.type, tuple(node.selection_set for node in nodes if node.selection_set))

    def _read(self, v: str, read: Callable[[Any, Any], Any]) -> None:
        """Write what reads a record; the names of its fields are our own."""
        if isinstance(read, Field):
            self._line(1, f"{v} = o.{read.name}")
            if read.write is not None:
                self._line(1, f"if {v} is not None: {v} = {self._name(read.write)}({v})")
        elif isinstance(read, Word):
            # What view.wire does, without its calls.
            self._line(1, f"{v} = o.{read.name}")
            self._line(1, f"{v} = view.world.base.spelling.flat.get(({self._name(read.enum)}, {v}), {v})")
        elif isinstance(read, NodeId):
            self._line(1, f"{v} = view.ids.of(o.KIND, o.number)")
        else:
            self.settled = False
            self._line(1, f"{v} = {self._name(read)}(view, o)")

    def _complete(
        self, depth: int, v: str, type_: GraphQLOutputType, sets: tuple[SelectionSetNode, ...]
    ) -> None:
        """Write what makes of the value in ``v`` what stands in the answer."""
        required = isinstance(type_, GraphQLNonNull)
        inner: Any = type_.of_type if isinstance(type_, GraphQLNonNull) else type_
        if isinstance(inner, GraphQLScalarType):
            self._scalar(depth, v, inner, required=required)
            return
        self._line(depth, f"if {v} is not None:")
        if isinstance(inner, GraphQLEnumType):
            spelt = {value.value: name for name, value in inner.values.items()}
            self._line(depth + 1, f"{v} = {self._name(spelt)}[{v}]")
        elif isinstance(inner, GraphQLList):
            self._list(depth + 1, v, inner.of_type, sets)
        elif is_abstract_type(inner):
            made = self._compiler.by_type(inner, sets)
            self._line(depth + 1, f"{v} = {self._name(made)}({v}, {_PASSED})")
        else:
            self._object(depth + 1, v, *self._compiler.made(inner, sets))
        if required:
            self._line(depth, "else:")
            self._give_up(depth + 1)

    def _scalar(self, depth: int, v: str, type_: GraphQLScalarType, *, required: bool) -> None:
        """Write what lets a value of the right class pass at a glance, and null where it may stand."""
        class_ = _CLASSES.get(type_, str)
        test = f"{v}.__class__ is not {self._name(class_)}"
        if class_ is int:
            low, high = self._name(GRAPHQL_MIN_INT), self._name(GRAPHQL_MAX_INT)
            test = f"({test} or not {low} <= {v} <= {high})"
        if not required:
            test = f"{v} is not None and {test}"
        self._line(depth, f"if {test}:")
        self._line(depth + 1, f"{v} = {self._name(_coerce(type_))}({v})")
        if type_ not in _CLASSES:
            self._line(depth + 1, f"loose.append({v})")

    def _list(self, depth: int, v: str, item: GraphQLOutputType, sets: tuple[SelectionSetNode, ...]) -> None:
        self._line(depth, f"if {v}.__class__ is not {self._name(list)}:")
        self._give_up(depth + 1)
        self._line(depth, f"all{v} = []")
        self._line(depth, f"for in{v} in {v}:")
        self._complete(depth + 1, f"in{v}", item, sets)
        self._line(depth + 1, f"all{v}.append(in{v})")
        self._line(depth, f"{v} = all{v}")

    def _object(self, depth: int, v: str, made: Function, settled: bool) -> None:
        """Write what makes the data of a record, or finds it made."""
        if not settled:
            self._line(depth, f"{v} = {self._name(made)}({v}, {_PASSED})")
            return
        remembered = Made(made)
        self._line(depth, f"k{v} = {self._name(remembered.known)}({self._name(id)}({v}))")
        self._line(depth, f"if k{v} is not None and k{v}[0] is {v} and k{v}[1] is view.ids:")
        self._line(depth + 1, f"{v} = k{v}[2]")
        self._line(depth, "else:")
        self._line(depth + 1, f"{v} = {self._name(remembered.make)}({v}, {_PASSED})")

    def _give_up(self, depth: int) -> None:
        self._line(depth, f"raise {self._name(Declined)}({self._name('raised')})")

    def _line(self, depth: int, text: str) -> None:
        self._lines.append(" " * depth + text)


def _ordered(node: FieldNode) -> bool:
    """Return whether records are put in an order, which may be by what time changes."""
    return any(argument.name.value == "orderBy" for argument in node.arguments or ())


def _coerce(type_: GraphQLScalarType) -> Callable[[Any], Any]:
    """Return what makes a value of another class one that a scalar has in an answer."""
    write = type_.coerce_output_value

    def coerce(value: object) -> object:
        written = (
            None if isinstance(value, Exception) or value is Undefined or value is None else write(value)
        )
        if written is None or written is Undefined:
            raise Declined("raised")
        return written

    return coerce
