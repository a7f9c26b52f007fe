"""The group's meetings: when, what moves where, which paper, who presents and who follows. Pure functions on data."""
