"""Put this process behind every wall that the system has, each tried on its own.

`Jail.enter` comes when everything is loaded, for after it there are no files. A wall that
cannot be put up is left out and named with the reason, so that whoever needs it can refuse
to go on. Linux has them all; elsewhere the limits of resources remain.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from reasongap.sandbox.seccomp import filter_for

NEW_USER = 0x10000000
NAMESPACES = {
    "mount": 0x00020000,
    "ipc": 0x08000000,
    "network": 0x40000000,
    "pid": 0x20000000,
}
LAYERS = (*NAMESPACES, "empty-root", "uid", "no-new-privs", "landlock", "undumpable", "seccomp")
"""Every wall, in the order in which they go up."""

NOBODY = 65534
FIRST_UID = 0x70000000
"""User ids from here on belong to nobody; a worker takes the one at its process id."""

MOUNTPOINTS = ("/tmp", "/var", "/usr")
PRIVATE, RECURSIVE, DETACH = 1 << 18, 1 << 14, 2
READ_ONLY_NO_SUID_DEV_EXEC = 1 | 2 | 4 | 8
SET_DEATH_SIGNAL, SET_DUMPABLE, SET_SECCOMP, SET_NO_NEW_PRIVS = 1, 4, 22, 38
CAPABILITY_VERSION = 0x20080522
CALLS = {"x86_64": {"pivot_root": 155, "capset": 126}, "aarch64": {"pivot_root": 41, "capset": 91}}
LANDLOCK_CREATE, LANDLOCK_ALLOW, LANDLOCK_RESTRICT = 444, 445, 446
LANDLOCK_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 5: 16}
"""Landlock's version → how many rights over files it knows (a bit each)."""
READ_FILES_AND_FOLDERS = 0b1100


@dataclass
class Jail:
    """The walls around this process: those that stand, and why the others do not.

    `without` names walls that are left out on purpose, as a system without them would.
    `readable` names folders whose files may still be read.
    """

    without: frozenset[str] = frozenset()
    readable: tuple[str, ...] = ()
    active: list[str] = field(default_factory=list)
    missing: dict[str, str] = field(default_factory=dict)

    def enter(self) -> None:
        """Put them up. With a process namespace, what returns is its first process."""
        uid = FIRST_UID + os.getpid()
        if os.geteuid() != 0 and not self.without.issuperset(NAMESPACES):
            self._try("user", _own_user_namespace)
        for name, flag in NAMESPACES.items():
            self._try(name, partial(_unshare, flag))
        if "pid" in self.active:
            _continue_in_child()
        os.chdir("/")
        self._try("empty-root", _empty_root, needs="mount")
        self._try("uid", partial(self._change_user, uid))
        if "pid" in self.active:
            _prctl(SET_DEATH_SIGNAL, signal.SIGKILL)  # a change of user has cleared it
        self._try("no-new-privs", partial(_prctl, SET_NO_NEW_PRIVS, 1))
        self._try("landlock", partial(_landlock, self.readable), needs="no-new-privs")
        self._try("undumpable", partial(_prctl, SET_DUMPABLE, 0))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        self._try("seccomp", partial(_seccomp, bool(self.readable)), needs="no-new-privs")

    def _try(self, name: str, build: Callable[[], object], needs: str | None = None) -> None:
        if name in self.without:
            self.missing[name] = "left out on purpose"
            return
        if needs in self.missing:
            self.missing[name] = f"needs {needs}"
            return
        try:
            build()
        except (OSError, AttributeError) as error:
            self.missing[name] = str(error)
        else:
            self.active.append(name)

    def _change_user(self, uid: int) -> None:
        """Nobody's user id where we are root; no capabilities where we only seemed to be."""
        if os.geteuid() == 0:
            os.setgroups([])
            try:
                _become(uid)
            except OSError:
                _become(NOBODY)
        elif "user" not in self.active:
            raise OSError("neither root nor in a user namespace")
        _drop_capabilities()


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(function: Callable[..., int], *arguments: object) -> int:
    result = function(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


def _prctl(option: int, value: int) -> None:
    if sys.platform != "linux":
        raise OSError(f"{sys.platform} has no prctl")
    _checked(_libc().prctl, option, value, 0, 0, 0)


def _system_call(name: str, *arguments: object) -> int:
    numbers = CALLS.get(platform.machine(), {})
    if name not in numbers:
        raise OSError(f"{name} is not known for {platform.machine()}")
    return _checked(_libc().syscall, numbers[name], *arguments)


def _unshare(namespace: int) -> None:
    _checked(_libc().unshare, namespace)


def _own_user_namespace() -> None:
    """A user namespace, in which the other namespaces are ours to make."""
    outside_uid, outside_gid = os.geteuid(), os.getegid()
    _unshare(NEW_USER)
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{NOBODY} {outside_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{NOBODY} {outside_gid} 1")


def _continue_in_child() -> None:
    """Fork: the child goes on, the parent only waits for it, and they die together."""
    child = os.fork()
    if child == 0:
        _prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
        return
    os.closerange(0, 3)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def _empty_root() -> None:
    """An empty file system that nothing can write in place of the host's."""
    mount = _libc().mount
    _checked(mount, b"none", b"/", None, PRIVATE | RECURSIVE, None)
    place = next(each for each in MOUNTPOINTS if Path(each).is_dir())
    options = b"size=4k,nr_inodes=1,mode=555"
    flags = READ_ONLY_NO_SUID_DEV_EXEC
    _checked(mount, b"reasongap", place.encode(), b"tmpfs", flags, options)
    os.chdir(place)
    try:
        _system_call("pivot_root", b".", b".")
        _checked(_libc().umount2, b".", DETACH)
    except OSError:  # the root of an initramfs cannot be pivoted away from
        os.chroot(".")
    os.chdir("/")


def _become(identity: int) -> None:
    os.setresgid(identity, identity, identity)
    os.setresuid(identity, identity, identity)


def _drop_capabilities() -> None:
    header = struct.pack("=Ii", CAPABILITY_VERSION, 0)
    _system_call("capset", header, bytes(24))


def _landlock(readable: tuple[str, ...]) -> None:
    """No right over any file, but to read these; nor over ports and signals, where known."""
    call = _libc().syscall
    version = _checked(call, LANDLOCK_CREATE, None, 0, 1)
    rights = max(bits for since, bits in LANDLOCK_FILE_RIGHTS.items() if since <= version)
    ports = 0b11 if version >= 4 else 0
    scopes = 0b11 if version >= 6 else 0
    size = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = struct.pack("=QQQ", (1 << rights) - 1, ports, scopes)[:size]
    descriptor = _checked(call, LANDLOCK_CREATE, ruleset, size, 0)
    try:
        for folder in filter(os.path.isdir, readable):
            _allow_reading(descriptor, folder)
        _checked(call, LANDLOCK_RESTRICT, descriptor, 0)
    finally:
        os.close(descriptor)


def _allow_reading(ruleset: int, folder: str) -> None:
    place = os.open(folder, os.O_PATH)
    try:
        rule = struct.pack("=Qi", READ_FILES_AND_FOLDERS, place)
        _checked(_libc().syscall, LANDLOCK_ALLOW, ruleset, 1, rule, 0)
    finally:
        os.close(place)


def _seccomp(reading: bool) -> None:
    program = filter_for(platform.machine(), reading)
    if program is None or sys.platform != "linux":
        raise OSError(f"no filter for {sys.platform} on {platform.machine()}")
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: a count of instructions of 8 bytes, and where they are
    header = struct.pack("HL", len(program) // 8, ctypes.addressof(code))
    _checked(_libc().prctl, SET_SECCOMP, 2, header, 0, 0)
