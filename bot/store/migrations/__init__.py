"""How the tables came to be, one step a file; run when the store is opened."""
