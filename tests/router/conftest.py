"""The desk with a scripted Rasa."""

from tests.fixtures.desk import database_url, desk, postgres_desk_url, small_desk

__all__ = ["database_url", "desk", "postgres_desk_url", "small_desk"]
