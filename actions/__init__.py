"""What Rasa's rules can do: read the turn's context, call a service, say the outcome."""
