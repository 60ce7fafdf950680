"""The running product measured from outside, as its shoppers meet it."""
