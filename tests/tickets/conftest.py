"""The desk with a scripted Rasa, and cases with a clock that tests set."""

from tests.fixtures.cases import cases, small_cases
from tests.fixtures.desk import database_url, desk, postgres_desk_url, small_desk

__all__ = ["cases", "database_url", "desk", "postgres_desk_url", "small_cases", "small_desk"]
