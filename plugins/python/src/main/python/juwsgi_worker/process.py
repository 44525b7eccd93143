"""What the process plane's options ask of a process itself. The settings hold only what was set."""

from __future__ import annotations

import importlib
import os
import sys
import time

from .loader import LoadError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Settings = dict[str, Any]


CALLS_PATIENCE = 30.0
"""Seconds that the server may take to make its sockets."""


def limit(settings: Settings) -> None:
    """Sets the limits that hold for a worker and whatever it starts."""
    megabytes = settings.get("limit_as")
    if megabytes:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def jail(settings: Settings, boot: Settings) -> None:
    """Makes a directory the root of what the zygote and its workers see; the runtime directory is below it."""
    if "chroot" not in settings:
        return
    root = os.path.realpath(settings["chroot"])
    for module in ("ctypes", "grp", "pwd", "queue", "resource", "traceback"):  # What is used later and may not be there then.
        importlib.import_module(module)
    try:
        inside = {key: _inside(root, boot[key]) for key in ("control", "directory", "calls")}
        # The working directory is below the new root already.
        os.chroot(root)
    except (OSError, ValueError) as error:
        raise LoadError(f"chroot: {error}") from error
    boot.update(inside, root=root)
    for places in (sys.path, sys.modules[__package__].__path__):
        places[:] = [_inside(root, place) if _below(root, place) else place for place in places]
    print(f"chroot() to {root}")


def _below(root: str, path: str) -> bool:
    return os.path.commonpath((root, os.path.abspath(path))) == root


def _inside(root: str, path: str) -> str:
    if not _below(root, path):
        raise ValueError(f"{path} is not below {root}")
    return os.path.join("/", os.path.relpath(path, root))


def enter(settings: Settings, boot: Settings) -> None:
    """Sets in the zygote what it and all workers keep: the umask, then as whom they run."""
    if "umask" in settings:
        try:
            os.umask(int(settings["umask"], 8))
        except ValueError:
            raise LoadError(f"umask: {settings['umask']} (expected: an octal number)") from None
    if "uid" in settings or "gid" in settings:
        try:
            _drop(settings, boot)
        except OSError as error:
            raise LoadError(f"uid, gid: cannot change: {error}") from error
    elif os.geteuid() == 0:
        print("*** WARNING: you are running juwsgi as root !!! (use the --uid flag) ***")


def _drop(settings: Settings, boot: Settings) -> None:
    """Becomes another user, for good."""
    uid, own_group = _user(settings["uid"]) if "uid" in settings else (os.getuid(), os.getgid())
    gid = _group(settings["gid"]) if "gid" in settings else own_group
    if (uid, gid) == (os.getuid(), os.getgid()):
        return
    groups = [_group(name) for name in settings.get("add_gid", ())]
    if os.geteuid() == 0:
        boot["directory"] = _share(boot, uid, gid)
        os.setgroups(groups)
    os.setgid(gid)
    os.setuid(uid)
    print(f"setgid() to {gid}, setuid() to {uid}")


def _share(boot: Settings, uid: int, gid: int) -> str:
    """Opens to the user what its processes need, and nothing that a zygote, which starts as root, would run."""
    directory: str = boot["directory"]
    os.chmod(directory, 0o711)
    package = sys.modules[__package__].__path__[0]
    if package.startswith(directory):
        for shared in (os.path.dirname(package), package):
            os.chmod(shared, 0o755)
            for name in os.listdir(shared):
                os.chmod(os.path.join(shared, name), 0o755)
    os.chmod(boot["control"], 0o600)
    os.chown(boot["control"], uid, gid)
    _await(boot["calls"])
    os.chown(boot["calls"], uid, gid)
    links = os.path.join(directory, f"links-{uid}")
    if not os.path.isdir(links):
        os.mkdir(links, 0o700)
        os.chown(links, uid, gid)
    return links


def _await(path: str) -> None:
    """Waits for a socket that the server makes while this process starts."""
    end = time.monotonic() + CALLS_PATIENCE
    while not os.path.exists(path):
        if time.monotonic() > end:
            raise LoadError(f"uid, gid: the server has not made {path}")
        time.sleep(0.005)


def _user(name: str) -> tuple[int, int]:
    import pwd

    try:
        entry = pwd.getpwuid(int(name)) if name.isdigit() else pwd.getpwnam(name)
    except KeyError:
        if name.isdigit():
            return int(name), int(name)
        raise LoadError(f"uid: {name}: there is no such user") from None
    return entry.pw_uid, entry.pw_gid


def _group(name: str) -> int:
    if name.isdigit():
        return int(name)
    import grp

    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        raise LoadError(f"gid: {name}: there is no such group") from None


def loaded(settings: Settings) -> None:
    """Does what comes after the application is loaded."""
    if "chdir2" in settings:
        try:
            os.chdir(settings["chdir2"])
        except OSError as error:
            raise LoadError(f"chdir2: {error}") from error


def tie(settings: Settings, worker: int) -> None:
    """Ties a worker to its processors."""
    count = settings.get("cpu_affinity", 0)
    if count and hasattr(os, "sched_setaffinity"):
        there = sorted(os.sched_getaffinity(0))
        first = (worker - 1) * count
        os.sched_setaffinity(0, {there[(first + i) % len(there)] for i in range(count)})


def name(settings: Settings, role: str) -> None:
    """Names this process for what it is, where ps and top look."""
    prefix, append = settings.get("procname_prefix", ""), settings.get("procname_append", "")
    if not (settings.get("auto_procname") or settings.get("procname") or prefix or append):
        return
    text = os.fsencode(f"{prefix}{settings.get('procname') or role}{append}")
    import ctypes

    try:
        ctypes.CDLL(None).prctl(15, text[:15], 0, 0, 0)  # PR_SET_NAME; Linux keeps 15 bytes.
        start, end = _arguments()
    except (AttributeError, OSError):  # Not Linux, or without /proc.
        return
    # The command line of this process, in the memory where the kernel put it; the last byte stays 0.
    room = end - start - 1
    ctypes.memmove(start, text[:room].ljust(room, b"\0"), room)


def _arguments() -> tuple[int, int]:
    """Returns where the kernel looks for the command line: fields 48 and 49 of proc(5)'s stat."""
    with open("/proc/self/stat", "rb") as stat:
        fields = stat.read().rpartition(b")")[2].split()
    return int(fields[45]), int(fields[46])
