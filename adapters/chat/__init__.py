"""Surfaces: where a group is shown and heard. One module or package each; none imports another."""
