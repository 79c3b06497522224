"""px bench send: durable sending beside yagmail's own send(), to the same server in the same run.

Mails of about 10 KB, each rendered, built, sent and committed on its own. Beside them yagmail as
its manual says: send() with the HTML, one object per thread. Then both again through a proxy with a
round trip of 20 ms. Prints each figure beside its bar; exit status 1 when one is missed.

The server is Postfix's smtp-sink where it is found (PX_SMTP_SINK, else PATH), else sink.py.
"""

import argparse
import os
import resource
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import yagmail

from benchmarks.report import say, told
from benchmarks.shop import composed, filled
from px.channels.account import identity_of
from px.channels.mime import build
from px.messages.sender import Sender

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[1]
ROUND_TRIP = 0.020
SUBJECT = "Your order is on its way"


@dataclass(frozen=True)
class Figure:
    """What one way of sending did."""

    per_second: float
    cpu_ms: float

    def __str__(self) -> str:
        return f"{self.per_second:7.0f}/s {self.cpu_ms:7.3f} ms CPU a message"


def main(arguments: Sequence[str] = ()) -> int:
    """Measures near and far; 0 when every bar is met."""
    parser = argparse.ArgumentParser(prog="px bench send")
    parser.add_argument("--messages", type=int, default=6000)
    parser.add_argument("--connections", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    html, size = the_mail()
    with server() as (port, name):
        say(f"to {name}; a mail has {size / 1000:.1f} KB; best of {options.rounds} rounds")
        met = near(port, html, options)
        with far(port) as proxy:
            met &= from_afar(proxy, html, min(options.messages, 1500))
    return 0 if met else 1


def near(port: int, html: str, options: argparse.Namespace) -> bool:
    """Both on loopback, yagmail with as many threads as it does best with."""
    ours = best(lambda: px_to(port, options.messages, options.connections), options.rounds)
    say(f"  px, {options.connections} connections{ours}")
    counts = (1, options.connections)
    theirs = [best(lambda n=n: yagmail_to(port, 200, n, html), options.rounds) for n in counts]
    for threads, figure in zip(counts, theirs, strict=True):
        say(f"  yagmail, {threads} threads{figure}")
    plain = best(lambda: yagmail_to(port, 400, counts[1], html, prettify=False), options.rounds)
    say(f"  the same, its HTML left as it is{plain}")
    ratio = ours.per_second / max(figure.per_second for figure in theirs)
    fast = ours.per_second >= 1000 or ratio >= 8
    met = told(f"{ours.per_second:.0f}/s, {ratio:.1f} times yagmail", "1,000/s or 8 times", fast)
    return met & told(f"{ours.cpu_ms:.3f} ms CPU a message", "at most 0.8", ours.cpu_ms <= 0.8)


def from_afar(port: int, html: str, count: int) -> bool:
    """Both with 8 connections and 20 ms to the server and back."""
    ours = best(lambda: px_to(port, count, 8), 2)
    theirs = best(lambda: yagmail_to(port, 240, 8, html), 2)
    say(f"  20 ms away, px       {ours}")
    say(f"  20 ms away, yagmail  {theirs}")
    ratio = ours.per_second / theirs.per_second
    return told(f"{ratio:.1f} times yagmail at 20 ms", "at least 4 times", ratio >= 4)


def best(measure: Callable[[], Figure], rounds: int) -> Figure:
    """The best of several rounds: the machine has other things to do."""
    return max((measure() for _ in range(rounds)), key=lambda figure: figure.per_second)


def px_to(port: int, count: int, connections: int) -> Figure:
    """An outbox of `count` mails, sent until it is empty."""
    with filled(count, port, now=NOW) as settings:
        sender = Sender(clock=lambda: NOW, connections=connections)
        sent = []
        figure = measured(lambda: sent.append(sender.run(settings)["sent"]), count)
        sender.close()
    if sent != [count]:
        raise SystemExit(f"{sent} of {count} were sent")
    return figure


def yagmail_to(port: int, count: int, threads: int, html: str, *, prettify: bool = True) -> Figure:
    """As many mails by yagmail's own send(); by default it rewrites the HTML of each."""

    def work(share: int) -> None:
        client = yagmail.SMTP(
            "hello@fern.example",
            "",
            host="127.0.0.1",
            port=port,
            smtp_ssl=False,
            smtp_starttls=False,
            smtp_skip_login=True,
        )
        for n in range(share):
            client.send(f"c{n}@x.example", SUBJECT, html, prettify_html=prettify)
        client.close()

    def run() -> None:
        workers = [threading.Thread(target=work, args=(count // threads,)) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    return measured(run, count)


def measured(run: Callable[[], object], count: int) -> Figure:
    """What running it took, per message."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    run()
    seconds, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Figure(count / seconds, cpu / count * 1000)


def the_mail() -> tuple[str, int]:
    """The HTML that both send, and the size of ours."""
    with filled(1, 25, now=NOW) as settings:
        message = composed(settings, now=NOW)
        return message.html or "", len(build(message, identity_of(settings)))


@contextmanager
def server() -> Iterator[tuple[int, str]]:
    """A mail server on loopback that takes everything."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    if program := os.environ.get("PX_SMTP_SINK") or shutil.which("smtp-sink"):
        name, command = "smtp-sink", [program, "-u", "nobody", f"127.0.0.1:{port}", "200"]
    else:
        name = "benchmarks/sink.py (no smtp-sink was found)"
        command = [sys.executable, "-m", "benchmarks.sink", str(port)]
    with running(command) as process:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        if process.poll() is not None:
            raise SystemExit("The mail server did not start.")
        yield port, name


@contextmanager
def far(port: int) -> Iterator[int]:
    """A proxy in a process of its own, half a round trip each way."""
    command = [sys.executable, "-m", "benchmarks.far", str(port), str(ROUND_TRIP / 2)]
    with running(command) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())


@contextmanager
def running(command: Sequence[str]) -> Iterator["subprocess.Popen[str]"]:
    """The program, until the end of the block."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
