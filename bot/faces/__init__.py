"""The doors: each face knows one outlet, and only that."""
