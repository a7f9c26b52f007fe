"""Discord: cards as messages with buttons, slash commands, reactions as votes. `surface.py` is the Adapter."""
