"""Cases: their numbers, states and promised times."""
