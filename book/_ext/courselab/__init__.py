"""Instruments for labs and exercises: simulated devices and what measures them."""
