"""Reading the world for one investigation. Only ever reads."""
