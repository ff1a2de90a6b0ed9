"""Makes up queries over our SDL, with the variables that go with them: valid ones for the most part, and all sorts of them.

What hypothesis-graphql leaves out stands here: ids and cursors that exist, variables, directives, fragments, aliases, and
what raises while a query runs.
"""

from __future__ import annotations

import json
from random import Random  # noqa: TID251 - only as a type; the numbers are drawn from a seed
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    get_named_type,
    is_composite_type,
)

_VALUES: dict[str, tuple[Any, ...]] = {
    "Int": (0, 1, 2, 3, 3, 1, 2, 3, 3, -1),
    "Boolean": (True, False),
    "String": ("a", "startedAt", "createdAt", "databaseId", "databaseId", "databaseId", 'quo"te\n'),
    "Alphanumeric": ("WO-1", 7, 1.5),
    "Float": (1.5, 2),
}
_WRONG: tuple[Any, ...] = ("?", 1.5, [], {}, None, 2**40, [None])


class Asker:
    """Makes up queries; the same numbers give the same queries."""

    def __init__(self, schema: GraphQLSchema, random: Random, ids: list[str], cursors: list[str]) -> None:
        self._schema = schema
        self._random = random
        self._known = {"ID": (*ids, "unknown", "7"), "cursor": (*cursors, *cursors, "no cursor")}

    def query(self) -> tuple[str, dict[str, Any]]:
        """Return a query and its variables."""
        self._left = 4 + self._random.randrange(40)
        self._declared: list[str] = []
        self._given: dict[str, Any] = {}
        self._fragments: dict[str, str] = {}
        root = self._schema.query_type
        assert root is not None
        body = self._selections(root, depth=0)
        declared = f"({', '.join(self._declared)})" if self._declared else ""
        return " ".join((f"query Q{declared} {body}", *self._fragments.values())), self._given

    def _selections(self, type_: GraphQLObjectType | GraphQLInterfaceType, *, depth: int) -> str:
        fields = list(type_.fields)
        self._left -= 1
        if depth > 3 or self._left < 0:
            fields = [
                name for name in fields if not is_composite_type(get_named_type(type_.fields[name].type))
            ]
        fields += ["__typename", "__typename"]
        parts = [self._field(type_, self._random.choice(fields), depth) for _ in range(self._few(4))]
        if self._left > 0 and self._one_in(3 if isinstance(type_, GraphQLObjectType) else 1):
            parts += [self._fragment(type_, depth) for _ in range(self._few(2))]
            self._random.shuffle(parts)
        return f"{{ {' '.join(parts)} }}"

    def _field(self, type_: GraphQLObjectType | GraphQLInterfaceType, name: str, depth: int) -> str:
        self._left -= 1
        field = type_.fields.get(name)
        alias = ""
        # An alias says what it stands for, or fields of one key could often not be merged.
        if field is not None and field.args:
            alias = f"a{self._random.randrange(10**6)}: "
        elif name in ("state", "type", "version") or self._one_in(4):
            alias = f"{type_.name}_{name.strip('_')}{self._random.randrange(2)}: "
        if field is None:
            return f"{alias}{name}{self._directive()}"
        given = [
            f"{argument}: {self._argument(argument, str(definition.type), definition.type)}"
            for argument, definition in field.args.items()
            if str(definition.type).endswith("!") or self._one_in(4)
        ]
        arguments = f"({', '.join(given)})" if given else ""
        text = f"{alias}{name}{arguments}{self._directive()}"
        returned = get_named_type(field.type)
        if isinstance(returned, GraphQLObjectType | GraphQLInterfaceType):
            text += " " + self._selections(returned, depth=depth + 1)
        return text

    def _fragment(self, type_: GraphQLObjectType | GraphQLInterfaceType, depth: int) -> str:
        if isinstance(type_, GraphQLInterfaceType):
            types = [*self._schema.get_possible_types(type_), type_]
        else:
            types = [type_, *type_.interfaces]
        on = self._random.choice(types)
        if not self._one_in(3):
            condition = "" if on is type_ and self._one_in(2) else f" on {on.name}"
            return f"...{condition}{self._directive()} {self._selections(on, depth=depth)}"
        fitting = [name for name in self._fragments if name.startswith(f"{on.name}_")]
        if fitting and self._one_in(2):
            return f"...{self._random.choice(fitting)}{self._directive()}"
        name = f"{on.name}_{len(self._fragments)}"
        made = self._selections(on, depth=depth + 1)
        name = f"{on.name}_{len(self._fragments)}"
        self._fragments[name] = f"fragment {name} on {on.name} {made}"
        return f"...{name}{self._directive()}"

    def _directive(self) -> str:
        if not self._one_in(8):
            return ""
        name = self._random.choice(("skip", "include"))
        return f" @{name}(if: {self._argument('if', 'Boolean!', self._schema.type_map['Boolean'])})"

    def _argument(self, name: str, declared: str, type_: Any) -> str:
        """Return a value as it is written, or a variable."""
        value = self._value(name, type_)
        if not self._one_in(3):
            return self._written(value, type_)
        variable = f"v{len(self._declared)}"
        default = ""
        if self._one_in(4):
            default = f" = {self._written(self._value(name, type_), type_, fixed=True)}"
            declared = declared.rstrip("!") if self._one_in(2) else declared
        if not (declared.endswith("!") or default or self._one_in(2)):
            declared += "!"
        self._declared.append(f"${variable}: {declared}{default}")
        if self._one_in(40):
            self._given[variable] = self._random.choice(_WRONG)
        elif declared.endswith("!") or not self._one_in(3):
            self._given[variable] = value
        return f"${variable}"

    def _value(self, name: str, type_: Any) -> Any:
        named = get_named_type(type_)
        if isinstance(named, GraphQLInputObjectType):
            return {
                key: self._value(key, field.type)
                for key, field in named.fields.items()
                if str(field.type).endswith("!") or self._one_in(2)
            }
        if name in ("after", "before"):
            return self._random.choice(self._known["cursor"])
        if isinstance(named, GraphQLEnumType):
            value = self._random.choice(list(named.values))
            return [value] if str(type_).startswith("[") and self._one_in(2) else value
        if name == "type":
            return self._random.choice(("MATCH", "CONTAINS", "MATCH", "CONTAINS", "?"))
        assert isinstance(named, GraphQLScalarType)
        return self._random.choice(self._known.get(named.name) or _VALUES[named.name])

    def _written(self, value: Any, type_: Any, *, fixed: bool = False) -> str:
        """Return a value as it is written; one that is ``fixed`` holds no variable."""
        named = get_named_type(type_)
        if isinstance(value, list):
            return f"[{', '.join(self._written(one, named) for one in value)}]"
        if isinstance(named, GraphQLInputObjectType):
            return f"{{{', '.join(self._entry(key, one, named, fixed=fixed) for key, one in value.items())}}}"
        return str(value) if isinstance(named, GraphQLEnumType) else json.dumps(value)

    def _entry(self, key: str, value: Any, type_: GraphQLInputObjectType, *, fixed: bool) -> str:
        field = type_.fields[key].type
        if not fixed and self._one_in(4):
            return f"{key}: {self._argument(key, str(field), field)}"
        return f"{key}: {self._written(value, field, fixed=fixed)}"

    def _few(self, most: int) -> int:
        return 1 + self._random.randrange(most)

    def _one_in(self, many: int) -> bool:
        return self._random.randrange(many) == 0
