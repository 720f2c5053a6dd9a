"""Completion records: signed credentials and their verification."""
