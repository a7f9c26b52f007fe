"""`/paper meeting …`: a file for each word."""
