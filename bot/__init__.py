"""A Telegram bot that settles Bitcoin vs Bitcoin Cash questions."""
