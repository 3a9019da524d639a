"""Where editions are made while the bot goes on answering: a process of its own, there only while it is needed."""
