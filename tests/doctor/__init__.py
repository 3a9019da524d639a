"""The look at an installation."""
