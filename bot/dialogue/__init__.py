"""The only client of Rasa."""
