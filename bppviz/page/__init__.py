"""What goes to a page, and what runs there."""
