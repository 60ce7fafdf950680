"""The desk: NiceGUI pages for agents, supervisors and whoever keeps the rules."""
