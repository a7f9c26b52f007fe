"""The day of a group: collect → merge → rank → list → summarise; the explained day; catch-up."""
