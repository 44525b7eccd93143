"""Started as a script by its path, so that nothing must be installed and no environment variable leaks to children."""

import os
import sys

if sys.version_info < (3, 9):  # This file must be readable for any Python that somebody may have in PATH.
    sys.stderr.write("juwsgi needs Python 3.9 or newer: %s is %s\n" % (sys.executable, sys.version.split()[0]))
    sys.exit(1)

# The directory of this file would make our modules top-level ones. The one above it goes last: what the application
# imports is never found here first.
_here = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [entry for entry in sys.path if entry != _here]
sys.path.append(os.path.dirname(_here))

from juwsgi_worker.zygote import main  # noqa: E402

main()
