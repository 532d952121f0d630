"""How pods start and answer: images, sandboxes, ports and probes."""
