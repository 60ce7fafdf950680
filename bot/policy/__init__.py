"""The shop's written rules and the engine that decides by them."""
