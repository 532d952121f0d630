"""What each matter looks like in a snapshot, one package a matter: causes read the world through these."""
