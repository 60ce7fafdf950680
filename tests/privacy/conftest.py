"""Cases of shoppers whose data is looked for everywhere."""

from tests.fixtures.cases import cases, small_cases
from tests.fixtures.desk import database_url, postgres_desk_url

__all__ = ["cases", "database_url", "postgres_desk_url", "small_cases"]
