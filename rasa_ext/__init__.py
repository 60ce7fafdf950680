"""What we add to Rasa: a channel, a tracker store, speed-ups and components for Chinese."""
