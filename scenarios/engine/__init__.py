"""Read, prove, play, compile and replay branching cases."""
