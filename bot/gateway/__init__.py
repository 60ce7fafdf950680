"""HTTP routes that acknowledge at once and leave the work to the lanes."""
