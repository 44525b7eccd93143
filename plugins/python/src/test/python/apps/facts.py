"""Tells what the process looks like."""

import os
import sys
import threading

IMPORTED_IN = os.getpid()
THREAD = None
if os.environ.get("WITH_THREAD"):
    THREAD = threading.Thread(target=threading.Event().wait, daemon=True)
    THREAD.start()
print("imported")


def application(environ, start_response):
    start_response("200 OK", [])
    facts = {
        "imported_here": IMPORTED_IN == os.getpid(),
        "cwd": os.getcwd(),
        "argv": sys.argv,
        "path": sys.path,
        "env": {name: os.environ.get(name) for name in ("ADDED", "HOME", "VIRTUAL_ENV")},
        "session": os.getsid(0) == os.getppid(),
        "stdin": os.readlink("/proc/self/fd/0"),
        "signals": open("/proc/self/status").read().split("SigIgn:")[1].split()[0],
        "fds": sorted(
            os.readlink(f"/proc/self/fd/{fd}")
            for fd in os.listdir("/proc/self/fd")
            if int(fd) > 2 and os.path.exists(f"/proc/self/fd/{fd}")
        ),
        "multi": (environ["wsgi.multithread"], environ["wsgi.multiprocess"]),
    }
    return [repr(facts).encode()]
