"""The story: what follows what. The only place where jobs are declared."""
