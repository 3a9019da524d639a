"""Composing replies and rendering them: `compose` decides what is shown, a renderer how it looks."""
