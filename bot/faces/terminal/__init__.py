"""The terminal: a conversation, one question, or questions line by line."""
