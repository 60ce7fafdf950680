"""Runs a command that cannot outlive the process that started it.

`python child.py COMMAND…`. On Linux the kernel is asked to kill it when its parent dies, however
the parent died, and this process then becomes the command. Elsewhere this process stays, looks at
its parent every second and passes signals on.

The signal is KILL: a command that ignores TERM would stay behind as an orphan, and turns are
transactions, so that nothing half-done is kept.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from types import FrameType

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 1.0


def die_with_parent(parent: int, sign: signal.Signals = signal.SIGKILL) -> None:
    """Ask Linux to send this process a signal when `parent` dies; it survives exec, not fork."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was asked
        os._exit(1)


def stay_beside(command: list[str], parent: int) -> int:
    """Run the command as a child, end it when `parent` is gone, pass TERM and INT on."""
    child = subprocess.Popen(command)

    def pass_on(number: int, _frame: FrameType | None) -> None:
        child.send_signal(number)

    signal.signal(signal.SIGTERM, pass_on)
    signal.signal(signal.SIGINT, pass_on)
    while (code := child.poll()) is None:
        if os.getppid() != parent:
            child.kill()
        time.sleep(LOOK_SECONDS)
    return code if code >= 0 else 128 - code


def main(command: list[str]) -> None:
    """Become the command, or stay beside it where the kernel cannot be asked."""
    parent = os.getppid()
    if sys.platform == "linux" and "CHILD_STAYS" not in os.environ:
        die_with_parent(parent)
        os.execvp(command[0], command)
    sys.exit(stay_beside(command, parent))


if __name__ == "__main__":
    main(sys.argv[1:])
