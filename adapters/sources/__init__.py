"""Where papers come from: one module for each source, each knowing only its own outside system."""
