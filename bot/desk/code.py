"""A second factor's address as a square code that a phone can read."""

import segno


def qr(address: str) -> str:
    """An SVG to be put into a page; drawn here, so that the secret goes nowhere else."""
    made = segno.make(address, error="m")
    drawn: str = made.svg_inline(scale=5, border=4, light="#fff", dark="#000", title="二维码")
    return drawn
