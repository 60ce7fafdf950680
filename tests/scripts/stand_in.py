"""Runs commands given as JSON under the real supervisor, as scripts/run does with the real ones."""

import json
import sys

from scripts.steps.supervise import Process, run
from scripts.steps.tell import say

if __name__ == "__main__":
    commands = json.loads(sys.argv[1])
    processes = [Process(name, f"«{name}»", command, 1) for name, command in commands.items()]
    sys.exit(run(processes, meanwhile=lambda _running: say("started")))
