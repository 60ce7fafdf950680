"""Past decisions judged once more by rules that are not in force yet."""
