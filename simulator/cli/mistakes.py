"""What click calls wrong, said as we say it: the place, what was expected and found, the nearest name, what to do.

Commands and groups made of the two classes here never let an error of click's out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import click

from simulator.errors import NotFoundError, UsageError, did_you_mean

__all__ = ["Command", "Commands"]


class Command(click.Command):
    """A command whose mistakes are ours."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = list(args)
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _ours(error, ctx) from None
        self._refuse_repetition(ctx, given)
        return rest

    def _refuse_repetition(self, context: click.Context, args: Sequence[str]) -> None:
        """Of a flag that may stand once click takes the last and says nothing; a switch may be turned the same way."""
        order = self.make_parser(context).parse_args(args=list(args))[2]
        for option, times in Counter(order).items():
            if times == 1 or not isinstance(option, click.Option) or option.multiple:
                continue
            values = list(_values(option, args))
            if not option.is_flag or len(set(values)) > 1:
                raise UsageError(
                    "the flag stands more than once",
                    place=option.opts[0],
                    found=" and ".join(values),
                    remedy="Give it once.",
                )


class Commands(click.Group):
    """A group of such commands. It lists them in the order they are read, and names those near an unknown one."""

    command_class = Command

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise _ours(error, ctx) from None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in self.commands:
            raise NotFoundError(
                f"there is no command {name!r}",
                place=ctx.command_path,
                nearest=did_you_mean(name, self.commands),
                remedy=f"Commands: {', '.join(self.commands)}.",
            )
        return name, self.commands[name], args[1:]


def _values(option: click.Option, args: Sequence[str]) -> Iterator[str]:
    """Yield what was given for a flag, or the flag itself when it takes no value."""
    for place, word in enumerate(args):
        name, sign, value = word.partition("=")
        if name in (*option.opts, *option.secondary_opts):
            yield name if option.is_flag else value if sign else "".join(args[place + 1 : place + 2])


def _ours(error: click.UsageError, context: click.Context) -> UsageError:
    remedy = f"See: {context.command_path} --help"
    options = {
        flag: option
        for option in context.command.get_params(context)
        if isinstance(option, click.Option)
        for flag in (*option.opts, *option.secondary_opts)
    }
    match error:
        case click.NoSuchOption(option_name=name):
            nearest = did_you_mean(name, options, most=1)
            return UsageError("there is no such flag", place=name, nearest=nearest, remedy=remedy)
        case click.BadOptionUsage(option_name=name) if options[name].is_flag:
            return UsageError("the flag takes no value", place=name, remedy=remedy)
        case click.BadOptionUsage(option_name=name):
            expected = f"{name} {options[name].metavar}"
            return UsageError("the flag needs a value", place=name, expected=expected, remedy=remedy)
        case click.MissingParameter(param=click.Argument(metavar=str(missing))):
            return UsageError(
                f"{missing.removesuffix('...')} is missing", place=context.command_path, remedy=remedy
            )
        case _:
            text = error.format_message().strip().removesuffix(".")
            return UsageError(text[:1].lower() + text[1:], place=context.command_path, remedy=remedy)
