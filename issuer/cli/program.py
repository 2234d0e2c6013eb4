"""The `learnseal` command: its groups, and how an error becomes an exit code.

Shape: results go to stdout, everything else to stderr. Exit codes: 0 done, 64 the input or the
call was wrong, 70 our own fault; `verify` has codes of its own (see `issuer.cli.verifying`).
"""

import logging
import sys
from collections.abc import Sequence

import typer

from badges.errors import BadgeError
from did.errors import DidError
from issuer.cli import console
from issuer.cli.lazy_group import LazyGroup
from issuer.errors import IssuerError

__all__ = ["main", "program"]

USAGE = 64
"""What was given cannot be used (EX_USAGE)."""

INTERRUPTED = 130

program = typer.Typer(
    name="learnseal",
    help="Micro-credentials people can trust: issue, seal, verify and revoke them.",
    cls=LazyGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@program.callback()
def learnseal() -> None:
    """Find the command in `issuer.cli.lazy_group`; there is nothing to do before it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else list(arguments)))


def _show(error: typer.TyperException) -> None:
    """Print what was wrong with the call, and how it goes."""
    getattr(error, "show", lambda: console.fail(str(error), code="usage"))()


def run(arguments: list[str]) -> int:
    """Run the command and return its exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        code = program(args=arguments, prog_name="learnseal", standalone_mode=False)
    except typer.TyperException as error:
        _show(error)
        return USAGE
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        return 0
    except (BadgeError, DidError, IssuerError) as error:
        console.fail(str(error), code=error.code)
        return USAGE
    except OSError as error:
        console.fail(f"{error.strerror or error}: {error.filename or ''}".rstrip(": "), code="file")
        return USAGE
    return code if isinstance(code, int) else 0
