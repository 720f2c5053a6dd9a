"""What other systems take in: a compliance office its completion file, a learning platform its package."""
