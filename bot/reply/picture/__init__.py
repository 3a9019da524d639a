"""Charts and comparison cards as PNG: laid out without a pixel, then drawn by matplotlib in a process of its own."""
