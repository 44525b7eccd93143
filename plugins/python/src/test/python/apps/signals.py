"""Forks a process and ends it with SIGTERM."""

import os
import signal
import time


def application(environ, start_response):
    pid = os.fork()
    if pid == 0:
        time.sleep(60)
        os._exit(0)
    os.kill(pid, signal.SIGTERM)
    _, status = os.waitpid(pid, 0)
    start_response("200 OK", [])
    return [b"killed by %d" % os.WTERMSIG(status)]
