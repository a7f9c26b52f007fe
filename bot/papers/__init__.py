"""What a paper is called, where it is found and how its text is made plain. Fetches nothing, stores nothing."""
