"""Telling the shop's own systems that a case has moved."""
