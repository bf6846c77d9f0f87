"""Real programs on a small loop file system."""
