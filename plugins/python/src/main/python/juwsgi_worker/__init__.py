"""The Python side of juwsgi: a zygote that loads the application, and the workers it forks.

Start reading at ``zygote.py``; the wire is ``docs/worker-link.md``. Standard library only, CPython 3.9 or newer, PyPy.
Modules that cost more than a millisecond to import (typing, inspect, traceback, ctypes) are imported where they are
needed, not at the top: start-up time is the user's time.
"""
