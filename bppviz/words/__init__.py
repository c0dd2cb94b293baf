"""A stop of a walk in formulas and sentences."""
