"""`/paper-admin …`: a file for each word; what several of them share stands beside them."""
