"""The words of errors that are found before the execution: the vendor's, which are graphql-ruby's of an older release.

Decides the wording only. Refused documents are told in the words of graphql-ruby's older releases. [inferred] A message
that is not in the table below keeps graphql-core's words.

Theory. graphql-core's messages are rewritten by a table of patterns. A pattern that no longer fits after an upgrade only
loses the vendor's wording, never the error. Where the vendor names something that graphql-core leaves out (the argument a
variable stands in), it is looked up in the document, which happens for refused documents only. Literals are checked by a
rule of our own in ``documents``, since graphql-core does not say which argument they belong to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from graphql import (
    ArgumentNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    SourceLocation,
    VariableDefinitionNode,
    Visitor,
    print_ast,
    visit,
)

from simulator.graphql.errors import shape
from simulator.wire import JSON

__all__ = ["before_execution", "validated"]

_Error: TypeAlias = dict[str, JSON]
_Rewrite: TypeAlias = str | Callable[["re.Match[str]", GraphQLError, DocumentNode], _Error]


def validated(errors: Iterable[GraphQLError], document: DocumentNode) -> list[_Error]:
    """Word the errors of the validation; those that the vendor lets pass are left out, so the list may be empty."""
    return [_word(error, document) for error in errors if not _let_pass(error.message)]


_VALUE = re.compile(r"Variable '\$(\w+)' has invalid (?:default )?value((?: at )?[^:]*): (.*)", re.DOTALL)


def before_execution(error: GraphQLError, document: DocumentNode) -> _Error:
    """Word an error in the value of a variable, with its path, or in the choice of the operation. [inferred]"""
    match = _VALUE.fullmatch(error.message)
    definition = error.nodes[0] if error.nodes else None
    if match is None or not isinstance(definition, VariableDefinitionNode):
        return _word(error, document)
    name, path, problem = match.groups()
    message = f"Variable ${name} of type {print_ast(definition.type)} was provided invalid value"
    place = ".".join(re.findall(r"\w+", path.removeprefix(" at ")))
    if place:
        message += f" for {place} ({problem.rstrip('.')})"
    return shape(message, _locations(definition))


_POSITION = re.compile(r"Variable '\$(\w+)' of type '([^']+)' used in position expecting type '([^']+)'\.")


def _let_pass(message: str) -> bool:
    """A String variable may stand where an ID is expected, as in the vendor's own samples. [documented: EG]"""
    match = _POSITION.fullmatch(message)
    if match is None:
        return False
    _, given, wanted = match.groups()
    return re.sub(r"\bString\b", "ID", given) in (wanted, f"{wanted}!")


def _word(error: GraphQLError, document: DocumentNode) -> _Error:
    for pattern, rewrite in _REWRITES:
        match = pattern.fullmatch(error.message)
        if match is not None:
            if isinstance(rewrite, str):
                return shape(match.expand(rewrite), error.locations)
            return rewrite(match, error, document)
    return shape(error.message, error.locations)


def _no_selection(match: re.Match[str], error: GraphQLError, _document: DocumentNode) -> _Error:
    """An object without a selection is refused in these words. [documented: EG]"""
    field, type_ = match.groups()
    message = f"Objects must have selections (field '{field}' returns {_named(type_)} but has no selections)"
    return shape(message, error.locations)


def _leaf_selection(match: re.Match[str], error: GraphQLError, document: DocumentNode) -> _Error:
    field, type_ = match.groups()
    node = _node(error)
    assert isinstance(node, SelectionSetNode)
    inline = any(isinstance(one, InlineFragmentNode) for one in node.selections)
    names = ", ".join(print_ast(one).split("{")[0].strip() for one in node.selections)
    has = f"inline fragments [{names}]" if inline else f"selections [{names}]"
    message = f"Selections can't be made on scalars (field '{field}' returns {_named(type_)} but has {has})"
    return shape(message, _locations(_above(document, node, FieldNode)))


def _unknown_type(match: re.Match[str], error: GraphQLError, document: DocumentNode) -> _Error:
    name = match.group(1)
    above = _above(document, _node(error), VariableDefinitionNode, FragmentDefinitionNode, InlineFragmentNode)
    if isinstance(above, VariableDefinitionNode):
        message = f"{name} isn't a defined input type (on ${above.variable.name.value})"
    else:
        message = f"No such type {name}, so it can't be a fragment condition"
    return shape(message, _locations(above))


def _wrong_position(match: re.Match[str], error: GraphQLError, document: DocumentNode) -> _Error:
    name, given, wanted = match.groups()
    argument = _above(document, _node(error), ArgumentNode)
    assert isinstance(argument, ArgumentNode)
    if _named(given) != _named(wanted):
        problem = "Type mismatch"
    elif given.count("[") != wanted.count("["):
        problem = "List dimension mismatch"
    else:
        problem = "Nullability mismatch"
    message = f"{problem} on variable ${name} and argument {argument.name.value} ({given} / {wanted})"
    return shape(message, _locations(argument))


def _misplaced_directive(match: re.Match[str], error: GraphQLError, _document: DocumentNode) -> _Error:
    name, place = match.groups()
    words = place.lower().replace("_", " ")
    return shape(f"'@{name}' can't be applied to {words.replace('query', 'querie')}s", error.locations)


def _argument_conflict(match: re.Match[str], error: GraphQLError, _document: DocumentNode) -> _Error:
    key = match.group(1)
    written = [
        "{" + ", ".join(print_ast(argument) for argument in node.arguments or ()) + "}"
        for node in error.nodes or ()
        if isinstance(node, FieldNode) and (node.alias or node.name).value == key
    ]
    return shape(f"Field '{key}' has an argument conflict: {' or '.join(written)}?", error.locations)


def _field_conflict(match: re.Match[str], error: GraphQLError, _document: DocumentNode) -> _Error:
    key, one, other = match.groups()
    return shape(f"Field '{key}' has a field conflict: {' or '.join(sorted((one, other)))}?", error.locations)


def _anonymous(match: re.Match[str], error: GraphQLError, _document: DocumentNode) -> _Error:
    """An operation without a name is named by its kind."""
    name, problem = match.groups()
    kinds = [node.operation.value for node in error.nodes or () if isinstance(node, OperationDefinitionNode)]
    operation = f"anonymous {kinds[0] if kinds else 'query'}"
    if problem == "never used":
        return shape(f"Variable ${name} is declared by {operation} but not used", error.locations)
    return shape(f"Variable ${name} is used by {operation} but not declared", error.locations)


_REWRITES: tuple[tuple[re.Pattern[str], _Rewrite], ...] = tuple(
    (re.compile(pattern, re.DOTALL), rewrite)
    for pattern, rewrite in (
        (r"Cannot query field '(\w+)' on type '(\w+)'\..*", r"Field '\1' doesn't exist on type '\2'"),
        (r"Field '(\w+)' of type '([^']+)' must have .*", _no_selection),
        (r"Field '(\w+)' must not have a selection since type '([^']+)' has no subfields\.", _leaf_selection),
        (r"Unknown argument '(\w+)' on field '\w+\.(\w+)'\..*", r"Field '\2' doesn't accept argument '\1'"),
        (
            r"Unknown argument '(\w+)' on directive '@(\w+)'\..*",
            r"Directive '\2' doesn't accept argument '\1'",
        ),
        (r"Argument '@(\w+)\((\w+):\)' of type .*", r"Directive '\1' is missing required arguments: \2"),
        (r"Argument '(?:\w+\.)?(\w+)\((\w+):\)' of type .*", r"Field '\1' is missing required arguments: \2"),
        (
            r"Variable '\$(\w+)' is not defined by operation '(\w+)'\.",
            r"Variable $\1 is used by \2 but not declared",
        ),
        (
            r"Variable '\$(\w+)' is never used in operation '(\w+)'\.",
            r"Variable $\1 is declared by \2 but not used",
        ),
        (r"Variable '\$(\w+)' is (not defined|never used)\.", _anonymous),
        (r"Variable '\$(\w+)' cannot be non-input type '([^']+)'\.", r"\2 isn't a valid input type (on $\1)"),
        (_POSITION.pattern, _wrong_position),
        (r"Unknown fragment '(\w+)'\..*", r"Fragment \1 was used, but not defined"),
        (r"Fragment '(\w+)' is never used\.", r"Fragment \1 was defined, but not used"),
        (r"Cannot spread fragment '(\w+)' within itself.*", r"Fragment \1 contains an infinite loop"),
        (r"Unknown type '(\w+)'\..*", _unknown_type),
        (
            r"Fragment '(\w+)' cannot be spread here as objects of type '(\w+)' can never be of type '(\w+)'\.",
            r"Fragment \1 on \3 can't be spread inside \2",
        ),
        (
            r"Fragment cannot be spread here as objects of type '(\w+)' can never be of type '(\w+)'\.",
            r"Fragment on \2 can't be spread inside \1",
        ),
        (
            r"Fragment .*cannot condition on non composite type '(\w+)'\.",
            r"Invalid fragment on type \1 (must be Union, Interface or Object)",
        ),
        (r"There can be only one argument named '(\w+)'\.", r'There can be only one argument named "\1"'),
        (
            r"There can be only one input field named '(\w+)'\.",
            r'There can be only one input field named "\1"',
        ),
        (r"There can be only one fragment named '(\w+)'\.", r'Fragment name "\1" must be unique'),
        (r"There can be only one operation named '(\w+)'\.", r'Operation name "\1" must be unique'),
        (r"There can be only one variable named '\$(\w+)'\.", r'There can only be one variable named "\1"'),
        (
            r"This anonymous operation must be the only defined operation\.",
            r"Operation name is required when multiple operations are present",
        ),
        (r"Unknown directive '@(\w+)'\.", r"Directive @\1 is not defined"),
        (r"Directive '@(\w+)' may not be used on ([\w ]+)\.", _misplaced_directive),
        (
            r"The directive '@(\w+)' can only be used once at this location\.",
            r'The directive "\1" can only be used once at this location.',
        ),
        (r".*[Ff]ields '(\w+)' conflict because they have differing arguments\b.*", _argument_conflict),
        (
            r".*[Ff]ields '(\w+)' conflict because '(\w+)' and '(\w+)' are different fields\b.*",
            _field_conflict,
        ),
        (r"The (\w+) operation is not supported by the schema\.", r"Schema is not configured for \1s"),
        (r"The .+ definition is not executable\.", r"Query cannot contain schema definitions"),
        (r"Unknown operation named '(.*)'\.", r'No operation named "\1"'),
        (
            r"Validation aborted\.",
            (
                r"The request repeats too many fields or fragments to be checked: ask for each in fewer places. "
                r"No setting moves this limit."
            ),
        ),
        (
            r"Must provide operation name if query contains multiple operations\.",
            r"An operation name is required",
        ),
    )
)


def _named(type_: str) -> str:
    return type_.strip("[]!")


def _node(error: GraphQLError) -> Node:
    """Return the last node that an error is about; those that are looked up have at least one."""
    assert error.nodes
    return error.nodes[-1]


def _locations(node: Node | None) -> list[SourceLocation] | None:
    return GraphQLError("", node).locations


def _above(document: DocumentNode, node: Node, *kinds: type[Node]) -> Node | None:
    """Return the nearest node of one of ``kinds`` that ``node`` lies in, or None."""
    found: list[Node] = []

    class Finder(Visitor):
        def enter(
            self, one: Node, _key: object, parent: object, _path: object, ancestors: list[object]
        ) -> None:
            if one is node:
                found.extend(above for above in (*ancestors, parent) if isinstance(above, kinds))

    visit(document, Finder())
    return found[-1] if found else None
