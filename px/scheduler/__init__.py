"""The scheduler: the jobs that make rows walk, and the runner that repeats them in a process.

Rows: the lease "scheduler", whose detail says what the last tick did and which problems there are.
Verbs: run_once (one pass, at a given time), Runner (start, stop_soon, stop).
"""

from px.scheduler.jobs import run_once
from px.scheduler.runner import LEASE, Runner

__all__ = ["LEASE", "Runner", "run_once"]
