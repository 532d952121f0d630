"""Failing infrastructure deployments for the demonstration: real runs where there is a tool, else recorded ones."""
