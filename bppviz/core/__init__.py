"""The mathematics and its record: a network, its two passes, and a walk through them. Needs NumPy alone."""
