"""Summarizers: one sentence for one paper. Which one is asked, and what happens when it fails, is decided elsewhere."""
