# SPDX-License-Identifier: Apache-2.0
"""What everybody on a machine sees of its processes."""
import os
import threading


class WatchCommandLines:
    """What `ps` would show of the program meanwhile."""

    def __init__(self):
        self._stop, self._seen = threading.Event(), set()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self):
        while not self._stop.wait(0.02):
            for entry in os.listdir("/proc"):
                if entry.isdigit():
                    try:
                        line = open(f"/proc/{entry}/cmdline", "rb").read()
                    except OSError:
                        continue
                    if b"tidemill" in line:
                        self._seen.add(line.decode(errors="replace"))

    def stop(self):
        self._stop.set()
        self._thread.join()
        assert self._seen
        return "\n".join(self._seen)
