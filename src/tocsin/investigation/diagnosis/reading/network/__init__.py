"""Who calls whom, by which name, and what stands in between."""
