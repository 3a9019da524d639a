"""What each command of the program does, one module for commands of a kind; loaded when a command is given."""
