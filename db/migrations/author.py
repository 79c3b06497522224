"""Writes the next file of db/migrations/versions from what the models say now.

    python -m db.migrations.author "what changed"        the next version
    python -m db.migrations.author --first               0001 again, while no database is to keep

Read what it wrote: it does not see changed CHECKs (a new word in db.kinds), and cannot know how to
fill a new column.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

from alembic import command
from alembic.config import Config

from db import migrate
from db.engine import Database, connect


def write_next(message: str) -> Path:
    """A new file stands in db/migrations/versions, from the version before to the models."""
    known = migrate.versions()
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{folder}/px.db")
        try:
            if known:
                migrate.upgrade(database)
            path = _revision(database, len(known) + 1, message)
        finally:
            database.close()
    _tidy(path)
    return path


def _revision(database: Database, number: int, message: str) -> Path:
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    # Batch mode is for tables that already exist.
    config.attributes["batch"] = number > 1
    name = f"{number:04d}"
    with database.promises.begin() as connection, open(os.devnull, "w") as nowhere:
        config.attributes["connection"] = connection
        with redirect_stdout(nowhere):
            command.revision(config, message=message, rev_id=name, autogenerate=True)
    return next((migrate.FOLDER / "versions").glob(f"{name}_*.py"))


def _tidy(path: Path) -> None:
    lines = [line for line in path.read_text().splitlines(keepends=True) if "### " not in line]
    path.write_text("".join(lines))
    ruff = (sys.executable, "-m", "ruff")
    subprocess.run([*ruff, "check", "--fix", "--quiet", "--select", "I,F401", path], check=False)
    subprocess.run([*ruff, "format", "--quiet", path], check=True)


def main() -> None:
    """The file is written and named on standard output."""
    message = " ".join(sys.argv[1:])
    if message == "--first":
        for path in (migrate.FOLDER / "versions").glob("[0-9]*_*.py"):
            path.unlink()
        message = "the first tables"
    if not message or message.startswith("-"):
        sys.exit(__doc__)
    sys.stdout.write(f"{write_next(message)}\n")


if __name__ == "__main__":
    main()
