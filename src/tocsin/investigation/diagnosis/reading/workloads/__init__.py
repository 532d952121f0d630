"""What makes pods: how Jobs end, what revisions changed, where pods may run."""
