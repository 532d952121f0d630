"""Volumes: who mounts what, why a claim is not bound, and how full it is."""
