"""What is run: projects, environments, their clusters, and the sources that may send signals."""
