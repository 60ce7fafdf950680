"""Versions of the rules in the database: imported, drafted, published, run."""
