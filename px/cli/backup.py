"""backup and restore: the whole database in a file."""

from pathlib import Path
from typing import Annotated

import typer

from db import backup as copies
from db.errors import StorageProblem
from px.core import clock
from px.core.errors import DatabaseProblem, PxError
from px.core.settings import Settings, host_settings
from px.core.work import close_database, database, open_database, open_migrated


def register(app: typer.Typer) -> None:
    """The commands stand on the command line."""
    app.command()(backup)
    app.command()(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy goes; must not exist yet.")],
) -> None:
    """Write a complete copy of the database to FILE, also while px runs.

    Example: python -m px backup backups/px-monday.db
    """
    settings = host_settings()
    open_database(settings.database_address)
    try:
        copies.back_up(database(), file)
    except StorageProblem as error:
        raise PxError(str(error)) from error
    finally:
        close_database()
    typer.echo(f"Wrote {file} ({file.stat().st_size / 1e6:.1f} MB).")
    typer.echo(_about_the_key(settings), err=True)


def restore(
    file: Annotated[Path, typer.Argument(help="A copy made with `px backup`.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put the copy FILE in the place of the database; what is there now is kept aside.

    Stop the app and every worker first: a database in use is not touched.
    Example: python -m px restore backups/px-monday.db
    """
    settings = host_settings()
    if not yes:
        typer.confirm(f"Replace the database by what {file} holds?", abort=True, err=True)
    stamp = clock.now().strftime("%Y%m%d_%H%M%S")
    try:
        aside = copies.restore(settings.database_address, file, stamp=stamp)
    except StorageProblem as error:
        raise DatabaseProblem(str(error)) from error
    open_migrated(settings.database_address)
    close_database()
    typer.echo(
        f"Restored {file}." + (f" The database before it is kept: {aside}." if aside else "")
    )
    typer.echo(_about_the_key(settings), err=True)


def _about_the_key(settings: Settings) -> str:
    kept = settings.data_dir / "secret.key"
    where = str(kept) if kept.exists() else "PX_SECRET_KEY"
    return (
        f"The key in {where} is not part of the copy: keep it in another safe place. Without it "
        "links in sent messages stop working and stored passwords must be entered again."
    )
