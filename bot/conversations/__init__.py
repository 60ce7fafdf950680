"""Who talks, on which channel, in which mode, what was said and what is known."""
