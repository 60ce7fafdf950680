"""Figures over the stored facts."""
