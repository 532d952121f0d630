"""What tools print for people (`kubectl describe`, `kubectl get`, …) read into the sections of a snapshot. Pure."""
