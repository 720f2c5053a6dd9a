"""A module that an exercise ships under the name of an installed package."""


def same_colour(a, b):
    return a.lower() == b.lower()
