"""An application that never finishes loading, such as one that runs a server of its own when it is imported."""

import time

print("importing")
while True:
    time.sleep(1)
