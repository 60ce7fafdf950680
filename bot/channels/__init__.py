"""Parse, verify and send on each channel."""
