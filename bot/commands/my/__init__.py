"""`/paper my …`: a file for each word."""
