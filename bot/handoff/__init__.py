"""Handing a conversation to people."""
