"""A shop: its policy set, presumptions, hours and what it promises on a call-back."""
