"""The canary: an innocent program whose result tells whether anybody has tampered with it.

It holds a secret of its own, and touches what a program before it could have changed.
"""

from __future__ import annotations

INNOCENT = """
import calendar, datetime, decimal, fractions, json, math, re, statistics, sys, warnings
note = "program-$secret"
def depth(n):
    return n if n == 0 else 1 + depth(n - 1)
def solution():
    warnings.warn("nothing to worry about")
    print("tweet", math.sqrt(16))
    return [
        math.sqrt(2), sum([1, 2]), depth(200), len(str(10**4000)),
        fractions.Fraction(1, 3) + 16, str(decimal.Decimal(1) / 3),
        json.dumps({"b": 1, "a": [2]}), statistics.mean([1, 2, 6]),
        calendar.monthrange(2023, 2)[1], re.sub("a+", "b", "caat"),
        datetime.datetime.fromtimestamp(0).hour, sys.get_int_max_str_digits(), note,
    ]
"""
"""What the policy, too, allows."""

CURIOUS = """
import os, resource, signal, threading
def look(ask, *more):
    try:
        return str(ask(*more))
    except (OSError, ValueError) as error:
        return str(error)
def around():
    # how much address space a worker takes by itself is no two workers' same
    limits = {name for name in dir(resource) if name.startswith("RLIMIT_")} - {"RLIMIT_AS"}
    return [
        look(os.getpriority, 0, 0), look(os.sched_getaffinity, 0), look(os.getcwd),
        look(os.sched_getscheduler, 0), look(signal.pthread_sigmask, 0, []),
        look(threading.active_count), look(os.umask, 0o22),
        *(look(resource.getrlimit, getattr(resource, name)) for name in sorted(limits)),
        *neighbours(),
    ]
def neighbours():
    if os.getppid() != 1:
        return []
    gone = "[Errno 3] No such process"
    return [pid for pid in range(2, os.getpid()) if look(os.kill, pid, 0) != gone]
inner = solution
def solution():
    return [*inner(), *around()]
"""
"""What plain Python sees besides: what a process inherits."""
