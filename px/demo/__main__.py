"""python -m px.demo NOW CUSTOMERS DAYS: the demo shop's life, in a database of its own."""

import json
import sys
from dataclasses import asdict
from datetime import datetime, timedelta

from px.core.settings import host_settings
from px.core.work import close_database, open_migrated
from px.demo.shop import live_through


def main(now: str, customers: str, days: str) -> None:
    """What the demo shop brought stands on standard output, as JSON."""
    open_migrated(host_settings().database_address)
    try:
        filled = live_through(
            now=datetime.fromisoformat(now),
            customers=int(customers),
            live_for=timedelta(days=int(days)),
        )
    finally:
        close_database()
    sys.stdout.write(json.dumps(asdict(filled)))


if __name__ == "__main__":
    main(*sys.argv[1:])
