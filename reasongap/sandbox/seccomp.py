"""A filter over system calls: a short list of what a running program needs, no more.

Everything else, unknown and future calls included, gives EPERM: no sockets, files, ptrace,
mounts, keys, io_uring. `clone` may make a plain child (the worker's fork) but no namespace,
`prlimit64` may only name the caller itself, `fcntl` only copy descriptors, and a foreign
architecture's call kills.

Numbers: Linux's own tables for x86_64 and for aarch64; other machines go without.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

# name: (x86_64, aarch64), -1 where the machine has no such call
CALLS: dict[str, tuple[int, int]] = {
    "read": (0, 63),
    "write": (1, 64),
    "readv": (19, 65),
    "writev": (20, 66),
    "close": (3, 57),
    "fstat": (5, 80),
    "poll": (7, -1),
    "ppoll": (271, 73),
    "lseek": (8, 62),
    "mmap": (9, 222),
    "mprotect": (10, 226),
    "munmap": (11, 215),
    "brk": (12, 214),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "rt_sigtimedwait": (128, 137),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "pipe2": (293, 59),
    "pipe": (22, -1),
    "dup": (32, 23),
    "dup2": (33, -1),
    "dup3": (292, 24),
    "fcntl": (72, 25),
    "clone": (56, 220),
    "fork": (57, -1),
    "wait4": (61, 260),
    "kill": (62, 129),
    "exit": (60, 93),
    "exit_group": (231, 94),
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "set_tid_address": (218, 96),
    "rseq": (334, 293),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getpid": (39, 172),
    "gettid": (186, 178),
    "getppid": (110, 173),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getrlimit": (97, 163),
    "setrlimit": (160, 164),
    "prlimit64": (302, 261),
    "setitimer": (38, 103),
    "getrusage": (98, 165),
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "getrandom": (318, 278),
}

READING: dict[str, tuple[int, int]] = {
    "open": (2, -1),
    "openat": (257, 56),
    "stat": (4, -1),
    "lstat": (6, -1),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "access": (21, -1),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, -1),
    "readlinkat": (267, 78),
    "getdents64": (217, 61),
    "getcwd": (79, 17),
    "ioctl": (16, 29),
    "pread64": (17, 67),
    "fadvise64": (221, 223),
    "uname": (63, 160),
    "sysinfo": (99, 179),
}
"""What else plain Python needs to import: nothing here writes, and files are read-only."""

AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE3 = 435
NAMESPACES = 0x7E020080
"""Every flag of `clone` that makes a namespace."""

KILL, ALLOW = 0x80000000, 0x7FFF0000
EPERM, ENOSYS = 0x00050001, 0x00050026

LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER_AT, ARCHITECTURE_AT = 0, 4
FIRST_ARGUMENT_AT, SECOND_ARGUMENT_AT, THIRD_ARGUMENT_AT = 16, 24, 32

OF_DESCRIPTORS = (0, 1, 2, 3, 1030)
"""The commands of `fcntl` that copy a descriptor, or ask and set what is its own."""
SET_FLAGS, NONBLOCKING = 4, 0o4000

Instruction = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand: one `struct sock_filter`."""


def filter_for(machine: str, reading: bool = False) -> bytes | None:
    """The filter's program for this machine, as the kernel reads it; None for another kind.

    With `reading`, files may be opened: other walls say which.
    """
    if machine not in AUDIT:
        return None
    return b"".join(struct.pack("=HBBI", *each) for each in _instructions(machine, reading))


def _instructions(machine: str, reading: bool) -> Iterator[Instruction]:
    column = list(AUDIT).index(machine)
    allowed = CALLS | READING if reading else CALLS
    number = {name: numbers[column] for name, numbers in allowed.items()}
    yield LOAD, 0, 0, ARCHITECTURE_AT
    yield EQUAL, 1, 0, AUDIT[machine]
    yield RETURN, 0, 0, KILL
    yield LOAD, 0, 0, NUMBER_AT
    # Without clone3, whose flags lie in memory, the C library falls back to clone.
    yield EQUAL, 0, 1, CLONE3
    yield RETURN, 0, 0, ENOSYS
    yield EQUAL, 0, 3, number["clone"]
    yield LOAD, 0, 0, FIRST_ARGUMENT_AT
    yield ANY_BIT, 0, 1, NAMESPACES
    yield RETURN, 0, 0, EPERM
    yield LOAD, 0, 0, NUMBER_AT
    yield EQUAL, 0, 3, number["prlimit64"]
    yield LOAD, 0, 0, FIRST_ARGUMENT_AT
    yield EQUAL, 1, 0, 0
    yield RETURN, 0, 0, EPERM
    yield LOAD, 0, 0, NUMBER_AT
    # No locks and no signals on what outlives a program: flags may only say not to wait.
    more = len(OF_DESCRIPTORS)
    yield EQUAL, 0, more + 6, number["fcntl"]
    yield LOAD, 0, 0, SECOND_ARGUMENT_AT
    for place, command in enumerate(OF_DESCRIPTORS):
        yield EQUAL, more + 3 - place, 0, command
    yield EQUAL, 0, 2, SET_FLAGS
    yield LOAD, 0, 0, THIRD_ARGUMENT_AT
    yield EQUAL, 1, 0, NONBLOCKING
    yield RETURN, 0, 0, EPERM
    yield RETURN, 0, 0, ALLOW
    for each in sorted(number.values()):
        if each >= 0:
            yield EQUAL, 0, 1, each
            yield RETURN, 0, 0, ALLOW
    yield RETURN, 0, 0, EPERM
