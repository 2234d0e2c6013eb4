"""A file of credentials to revoke, suspend or reinstate: one commit, one publication, a row report.

Exit codes: 0 when every row was changed, or stood so already; 64 when a row needs mending (the
others are changed all the same).
"""

from collections import Counter
from dataclasses import asdict
from pathlib import Path

import typer

from issuer.awarding.change_list import read_change_list
from issuer.awarding.standing import Change, change_awards
from issuer.cli import console
from issuer.cli.telling import plain
from issuer.db.session import reading
from issuer.errors import InvalidUpload
from issuer.instance import Instance
from issuer.status.service import Act

__all__ = ["change_listed"]

NEEDS_MENDING = 64
MOST_SHOWN = 50


def change_listed(
    instance: Instance, path: Path, change: Change, act: Act, *, as_json: bool
) -> None:
    """Change every award the file names that can be changed so, and tell of the other rows."""
    if not path.is_file():
        raise InvalidUpload(f"{path}: there is no such file")
    with reading(instance.engine) as connection:
        report = read_change_list(connection, None, path, change)
    changed = len(change_awards(instance, report.awards, change, act))
    codes = Counter(problem.code for problem in report.problems)
    told = {"rows": report.rows, "changed": changed, "before": codes["duplicate"]}
    to_mend = [problem for problem in report.problems if problem.code != "duplicate"]
    if as_json:
        console.print_json(told | {"problems": [asdict(problem) for problem in to_mend]})
    else:
        console.out.print(
            f"{report.rows} rows: {changed} changed, {codes['duplicate']} stood so already or are "
            f"listed twice, {len(to_mend)} to mend"
        )
        for problem in to_mend[:MOST_SHOWN]:
            value = plain(problem.value)
            console.out.print(
                f"  row {problem.row}: {value}: {problem.reason}; {problem.fix}", markup=False
            )
    raise typer.Exit(NEEDS_MENDING if to_mend else 0)
