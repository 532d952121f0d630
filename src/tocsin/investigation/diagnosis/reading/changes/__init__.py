"""What was changed, by whom and when, and what deployment tools made of it."""
