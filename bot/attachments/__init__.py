"""Photos of shoppers: checked, drawn anew, kept, shown to those who may see them."""
