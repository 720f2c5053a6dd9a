# %% [markdown]
# # A tiny exercise
# Write two functions and one sentence.

# %%
import math

# %% [markdown]
# ## Your own data

# %%
LEARNER = "practice"
TOKEN = ""


# %% nbgrader={"grade": false, "grade_id": "half", "locked": false, "schema_version": 3, "solution": true, "task": false}
def half(number):
    """Return half of a number."""
    ### BEGIN SOLUTION
    return number / 2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-half", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert half(4) == 2, "half(4) should be 2: divide, do not subtract."
### BEGIN HIDDEN TESTS
assert half(9) == 4.5, "half should keep fractions."
### END HIDDEN TESTS


# %% nbgrader={"grade": false, "grade_id": "area", "locked": false, "schema_version": 3, "solution": true, "task": false}
def area(radius):
    """Return the area of a disc."""
    ### BEGIN SOLUTION
    return math.pi * radius**2
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "test-area", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
### BEGIN HIDDEN TESTS
import os

factor = len(os.environ.get("COURSE_VARIANT_TOKEN", "")) or 1
### END HIDDEN TESTS
assert abs(area(1) - math.pi) < 1e-9, "The disc of radius 1 has the area pi."
### BEGIN HIDDEN TESTS
assert abs(area(factor) - math.pi * factor**2) < 1e-6, "The area grows with the square of the radius."
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "partial", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
score = 0.0
for number in (2, 3):
    score += 1.0 if half(number) * 2 == number else 0.0
score

# %% [markdown] nbgrader={"grade": true, "grade_id": "why", "locked": false, "points": 3, "schema_version": 3, "solution": true, "task": false}
# Say in one sentence why a half is not a whole.
