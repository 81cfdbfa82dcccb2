"""The command line: one file a verb family, loaded only when its verb is used.

`caudal --help` must answer at once, so that this module imports no array or table library: a verb
is a name, a help line and the place of its code. A problem in what the user gave is one line on
standard error and exit status 2, an interruption 130; a traceback shows only with `--debug`.
"""

from __future__ import annotations

import io
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module, metadata
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup

from caudal.errors import CaudalError


class Verb(NamedTuple):
    """A command as `caudal --help` lists it, and the `module:object` that does it."""

    help: str
    target: str


VERBS: dict[str, Verb] = {
    "run": Verb("Simulate a scenario, forecast, write a report.", "run:run"),
    "data": Verb("Published series: list, show, check, refresh.", "data:app"),
    "scenarios": Verb("Shipped what-ifs, by name: list, show.", "scenarios:app"),
    "policies": Verb("Policy documents: list, show, timeline, diff, check.", "policies:app"),
    "model": Verb("Stocks, flows, mechanisms: graph, check, ablate.", "model:app"),
    "articles": Verb("What the articles report, and what represents it here.", "articles:articles"),
    "claims": Verb("Who said what, and whether it holds.", "claims:app"),
    "compare": Verb("Scenarios against a base, with paired runs.", "compare:compare"),
    "as-of": Verb("What could be known on a day, and what followed.", "as_of:as_of"),
    "headlines": Verb("Published figures against the model's intervals.", "headlines:headlines"),
    "journeys": Verb("Synthetic journeys: a run as one traveller meets it.", "journeys:journeys"),
    "trace": Verb("Why a number of a run is so: flows, law, sources.", "trace:trace"),
    "reproduce": Verb("Make a result again and compare.", "reproduce:reproduce"),
    "fit": Verb("Learn the unknowns from the counts again (long).", "fit:fit"),
    "posterior": Verb("What was learned, beside the priors; as a file.", "posterior:posterior"),
    "forecast": Verb(
        "What the next months may count, from the latest counts.", "forecast:forecast"
    ),
    "skill": Verb("How well forecasts did against simple baselines.", "skill:skill"),
    "stress": Verb("Turns of policy, foretold on counts to 2021.", "stress:stress"),
    "sensitivity": Verb("Which unknown constants an outcome hangs on.", "sensitivity:sensitivity"),
    "search": Verb("The frontier of levers under outcomes and limits.", "search:search"),
    "serve": Verb("The page and the API, in a browser on this machine.", "serve:serve"),
    "warm": Verb("Compile and run what first runs wait for, ahead.", "warm:warm"),
    "doctor": Verb("Checks of the installation, data, caches and store.", "doctor:doctor"),
    "token": Verb("Tokens of the service: make, list, revoke.", "token:app"),
    "attribute": Verb(
        "Why an outcome changed between two dates, in people.", "attribute:attribute"
    ),
    "backtest": Verb("Forecast from past months and score what followed.", "fit:backtest"),
}


def load(name: str) -> Any:
    """The click command or group of a verb, imported now."""
    module, _, attribute = VERBS[name].target.partition(":")
    found = getattr(import_module(f"caudal.cli.{module}"), attribute)
    if isinstance(found, typer.Typer):
        # get_group keeps a family of one verb a family; get_command would fold it into its parent.
        command: Any = typer.main.get_group(found)
    else:
        one = typer.Typer(add_completion=False, rich_markup_mode=None)
        one.command(name, help=None)(found)
        command = typer.main.get_command(one)
    command.name = name
    return command


class LazyGroup(TyperGroup):
    """A group that knows its verbs by name and imports only the one that is called."""

    _listing = False

    def list_commands(self, ctx: Any) -> list[str]:
        """Verbs in the order of `VERBS`."""
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The verb's command; while help is being listed, a light stand-in with its help line."""
        if cmd_name not in VERBS:
            return None
        if self._listing:
            return TyperCommand(name=cmd_name, help=VERBS[cmd_name].help)
        return load(cmd_name)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """List the verbs without importing them."""
        with self._light():
            super().format_help(ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> Any:
        """Offer the verbs without importing them."""
        with self._light():
            return super().shell_complete(ctx, incomplete)

    @contextmanager
    def _light(self) -> Iterator[None]:
        self._listing = True
        try:
            yield
        finally:
            self._listing = False

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """As click does, but an unknown verb is told the nearest ones."""
        if args and not args[0].startswith("-") and args[0] not in VERBS:
            raise CaudalError("", f"unknown command {args[0]!r}{_nearest(args[0])}", _verbs())
        return super().resolve_command(ctx, args)


def _nearest(word: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word, VERBS, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _verbs() -> str:
    return ", ".join(VERBS)


app = typer.Typer(
    cls=LazyGroup,
    rich_markup_mode=None,  # drawing help with rich would double the time that --help takes
    help="An open simulator of the US–Mexico migration corridor.",
    epilog="Exit status: 0 done, 1 a check failed, 2 a problem in what was given, 130 interrupted.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"caudal {metadata.version('caudal')}")
        raise typer.Exit


ANY_CORRIDOR = (
    "run", "data", "scenarios", "policies", "model", "compare", "fit", "posterior", "forecast",
    "sensitivity", "token", "doctor",
)  # fmt: skip
"""Verbs that ask nothing of a corridor but what `compute.content.Corridor` says; others know one."""


@app.callback(invoke_without_command=True)
def _root(
    ctx: typer.Context,
    corridor: str | None = typer.Option(
        None,
        "--corridor",
        metavar="NAME",
        envvar="CAUDAL_CORRIDOR",
        show_envvar=False,
        help="Another corridor: a folder of a package, MODULE:NAME, or an entry point "
        "(docs/example-corridor.md); also $CAUDAL_CORRIDOR.",
    ),
    version: bool = typer.Option(
        False, "--version", help="Print the version.", is_eager=True, callback=_show_version
    ),
    debug: bool = typer.Option(False, "--debug", help="Show the traceback of an error."),
) -> None:
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
    elif corridor:
        from caudal import which

        which.ask(corridor)
        if ctx.invoked_subcommand not in ANY_CORRIDOR:
            which.only_own(f"caudal {ctx.invoked_subcommand}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line and return its exit status; the console script exits with it.

    arguments  words after `caudal`; those of the process when None
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    words = [word for word in words if word != "--debug"]

    for stream in (sys.stdout, sys.stderr):
        # A terminal that knows no "…" shows "?" for it, instead of ending a table half-way.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")

    def action() -> Any:
        from caudal.which import asked

        with asked():
            return typer.main.get_command(app)(words, "caudal", standalone_mode=False)

    return guarded(action, debug)


def guarded(action: Callable[[], Any], debug: bool = False) -> int:
    """Do `action`; turn what it raises into one line on standard error and an exit status.

    debug  let a traceback through
    """
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _warn
            outcome = action()
    except KeyboardInterrupt:
        return _say("interrupted", 130)
    except BrokenPipeError:
        # The reader (head, less) has gone: nothing more can be said, and nothing went wrong.
        sys.stderr.close()
        return 0
    except Exception as problem:
        if type(problem).__name__ == "NoArgsIsHelpError":  # a family without its verb
            print(problem.format_message())  # type: ignore[attr-defined]
            return 0
        if debug:
            raise
        return _say(*_told(problem))
    # With standalone_mode off click returns the status of typer.Exit instead of raising it.
    return outcome if isinstance(outcome, int) else 0


def _told(problem: Exception) -> tuple[str, int]:
    """One line for `problem`, and the exit status it means."""
    if isinstance(problem, CaudalError):
        return str(problem), 2
    usage = getattr(problem, "format_message", None)  # click's and Typer's usage errors
    if usage is not None:
        return f"{usage()} (see --help)", 2
    if isinstance(problem, typer.Abort):
        return "interrupted", 130
    if isinstance(problem, OSError) and problem.filename:
        return f"{problem.filename}: {problem.strerror or problem}", 2
    kind = type(problem).__name__
    return f"unexpected {kind}: {problem}; this is a fault of Caudal's: --debug shows where", 1


def _warn(message: Warning | str, category: type[Warning], *where: Any) -> None:
    """What Caudal warns of, as a line for the user; what libraries warn of, as Python does."""
    if category is UserWarning:
        _say(f"note: {message}", 0)
    else:
        sys.stderr.write(warnings.formatwarning(message, category, *where[:2]))


def _say(line: str, status: int) -> int:
    print("caudal: " + " ".join(line.split()), file=sys.stderr)
    return status
