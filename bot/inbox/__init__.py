"""Accept each line once and run the turns of a conversation in order."""
