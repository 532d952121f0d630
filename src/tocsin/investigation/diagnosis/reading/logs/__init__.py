"""What containers wrote: the lines that sound like trouble."""
