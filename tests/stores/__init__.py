"""The contract that every Store keeps, by topic; and what is peculiar to one file of SQLite."""
