"""Who answers a line now: the bot, a person, or nobody yet."""
