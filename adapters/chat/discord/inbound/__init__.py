"""What comes in from Discord: requests, reactions, who comes to events."""
