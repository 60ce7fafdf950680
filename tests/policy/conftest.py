"""The shipped policies, loaded once."""

import pytest

from bot.policy.service import PolicyService


@pytest.fixture(scope="session")
def service() -> PolicyService:
    return PolicyService.load()
