"""The language room: what a shopper's line says, in the words of the policy."""
