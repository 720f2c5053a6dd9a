"""Facts of law and record as typed data with sources and dates."""
