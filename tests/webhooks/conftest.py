"""Cases whose moves are told to a system on loopback."""

from tests.fixtures.cases import cases, small_cases
from tests.fixtures.desk import database_url, postgres_desk_url

__all__ = ["cases", "database_url", "postgres_desk_url", "small_cases"]
