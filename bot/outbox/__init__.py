"""Lines on their way to the shopper: attempts, outcome, permanent failure."""
