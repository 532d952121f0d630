"""Ways in which Kubernetes workloads break."""
