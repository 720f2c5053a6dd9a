"""Collect: from a folder of strangers' files to nbgrader's submitted/, refusing what could do harm."""
