"""A process that decides: for each line with days on stdin one line with a decision on stdout.

python -m tests.policy.deciding DATABASE_URL FOLDER
"""

import json
import sys
from pathlib import Path

from bot.clock import Clock
from bot.db import Database
from bot.policy.service import PolicyService
from tests.fixtures.desk import ZONE
from tests.policy_store.conftest import MONDAY


def main() -> None:
    url, folder = sys.argv[1:]
    clock = Clock(ZONE, MONDAY)
    service = PolicyService.running(Database(url), clock, Path(folder))
    for line in sys.stdin:
        facts = {"wants": "refund", "problem": "dislike", "days_since_purchase": int(line)}
        decision = service.decide("corner", facts, clock.today())
        print(json.dumps([decision.version, decision.outcome, decision.reason]), flush=True)


if __name__ == "__main__":
    main()
