"""Charts and tables beside the picture, as plain dicts."""
