"""What is shown on Discord: messages, answers, events, pins."""
