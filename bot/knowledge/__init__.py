"""What can be looked up: care of goods, care symbols, and the shop's clauses by what they say."""
