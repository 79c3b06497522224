"""px bench crash: what is lost and what is sent twice when a sender is killed, again and again.

Fills an outbox, starts senders, and kills them (kill -9) at seeded random moments while they send
to a server that writes down every message it took. Then the invariants are checked; exit status 1
when one does not hold.

    resend    mail of a purchase: nothing is lost, copies are those that were being sent
    hold      marketing: no copies, what is unknown waits for a person
    drain     SIGTERM: nothing lost, nothing twice, nothing unknown, within 10 s
    points    ended at every named step of sending, one after another
"""

import argparse
import random
import sys
from collections.abc import Sequence

from benchmarks.crash_child import POINTS
from benchmarks.crash_run import Invariants, Run
from benchmarks.report import say
from db.kinds import Purpose

UNDECIDED = ("dot", "250", "before commit")


def main(arguments: Sequence[str] = ()) -> int:
    """Runs every part; 0 when all invariants hold."""
    parser = argparse.ArgumentParser(prog="px bench crash")
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--restart", type=float, default=3.0, help="seconds to the first mail")
    parser.add_argument("--postgres", action="store_true", help="two workers on PostgreSQL")
    parser.add_argument("--part", choices=("resend", "hold", "drain", "points"))
    options = parser.parse_args(arguments)
    held = Invariants()
    for part in [options.part] if options.part else ("resend", "hold", "drain", "points"):
        say(f"{part}:")
        PARTS[part](options, held)
    say("every invariant holds" if held.ok else "NOT every invariant holds")
    return 0 if held.ok else 1


def resend(options: argparse.Namespace, held: Invariants) -> None:
    """Kills while mails of purchases are sent."""
    with Run(options.messages, Purpose.TRANSACTIONAL, options.postgres) as run:
        run.kill_again_and_again(options.kills, options.connections, random.Random(options.seed))
        held.nothing_lost(run)
        held.copies_were_being_sent(run, _most(options))
        held.copies_are_equal(run)
        held.database_is_sound(run)
        held.restarts_are_quick(run, options.restart)


def hold(options: argparse.Namespace, held: Invariants) -> None:
    """Kills while marketing is sent."""
    with Run(options.messages, Purpose.MARKETING, options.postgres) as run:
        run.kill_again_and_again(options.kills, options.connections, random.Random(options.seed))
        held.no_copies(run)
        held.lost_are_listed_as_unknown(run, _most(options))
        held.database_is_sound(run)


def drain(options: argparse.Namespace, held: Invariants) -> None:
    """SIGTERM while sending, then a second one while another sender drains."""
    with Run(max(500, options.messages // 5), Purpose.TRANSACTIONAL, options.postgres) as run:
        seconds = run.drain(options.connections)
        held.say(seconds <= 10, f"I10 SIGTERM: ended after {seconds:.1f} s (at most 10 s)")
        held.no_copies(run)
        held.say(not run.unknown(), f"I10 SIGTERM: {len(run.unknown())} unknown (none)")
        at_once = run.stop_twice(options.connections)
        held.say(at_once < 1, f"I10 a second SIGTERM: ended after {at_once:.2f} s (at once)")
        run.finish(options.connections)
        held.nothing_lost(run)


def points(options: argparse.Namespace, held: Invariants) -> None:
    """Ends the sender at each named point, command by command and with the next envelope ahead."""
    for point in POINTS:
        for pipelining in (False, True):
            if pipelining and point in ("RCPT", "DATA"):
                continue
            with Run(40, Purpose.TRANSACTIONAL, options.postgres, pipelining=pipelining) as run:
                run.fail_at(point)
                run.finish(1)
                copies, lost = sum(run.copies().values()), len(run.lost() | run.missing())
            # With pipelining an envelope travels behind the dot of the message before it.
            most = 1 if point in (*UNDECIDED, *(["MAIL"] if pipelining else [])) else 0
            how = "pipelined" if pipelining else "one by one"
            said = f"I14 {point}, {how}: {lost} lost, {copies} twice (none, at most {most})"
            held.say(not lost and copies <= most, said)


def _most(options: argparse.Namespace) -> int:
    """How many messages can be under way at all kills together: one for each connection."""
    workers = 2 if options.postgres else 1
    return int(options.kills * options.connections * workers)


PARTS = {"resend": resend, "hold": hold, "drain": drain, "points": points}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
