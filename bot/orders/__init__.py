"""The shop's order system, or sample orders where none is connected."""
