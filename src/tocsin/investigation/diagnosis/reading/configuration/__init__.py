"""What containers are told: variables, ConfigMaps and Secrets, and the databases that they name."""
