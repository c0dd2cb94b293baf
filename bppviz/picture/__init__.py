"""Where things stand in the picture, and what it shows at a stop."""
