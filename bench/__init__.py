"""Benchmarks: each table measures us and a rival in one run on one machine."""
