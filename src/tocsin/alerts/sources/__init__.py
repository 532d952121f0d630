"""One file a vendor: bytes in, alerts out, nothing else."""
