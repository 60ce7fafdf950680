"""Finds what is wrong with rules before anybody is judged by them."""
