# %% area
def area(radius):
    return math.pi * radius
