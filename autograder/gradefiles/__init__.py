"""Marks and feedback out of a course, in the files that platforms take back."""
