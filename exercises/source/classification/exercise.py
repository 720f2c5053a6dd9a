# %% [markdown]
# # Twelve things and one release
#
# Your group, at a university in the European Union, is part of a consortium of ten laboratories.
# Each runs one small processor, and users send jobs to the consortium without saying which machine they would like.
# This week the group cleans up: twelve things must be placed in a tier, a new machine has been measured for one night, and the consortium must decide in which form it publishes the calibration of its machines.
#
# Everything here is training and not legal advice.
# The machines are simulated, and nobody else has the same ones.
# What you need lies beside this notebook, in your sheet (`sheet.json` and `sheet.npz`).
# You may use the book and talk to others; the answers must be those of your own twelve and your own fleet.
#
# Work from top to bottom.
# Replace `raise NotImplementedError` by your own code, and run the check below it.
# A check that stays silent has found nothing wrong *so far*: it looks at the form of an answer, and a wrong one passes it too.
# Whether an answer is right, you ask at the end.
#
# In the book: [this exercise](/modules/classification/exercise.html), the [rubric of the written part](/modules/classification/exercise.html#how-the-plan-is-marked), and the labs [*what does a calibration file give away?*](/modules/classification/lab-calibration-file.html) and [*what travels inside a circuit file?*](/modules/classification/lab-circuit-file.html).

# %% [markdown]
# ## Your token
#
# In a course the token stands here already, and your sheet lies beside the notebook.
# If you learn on your own, write `practice: ` and your name in place of `practice: your name`; a sheet for practice is drawn then, which takes a few seconds.

# %%
TOKEN = "practice: your name"

import datetime
from numbers import Integral, Real

import numpy as np

from courselab import fingerprints, releases, tiers, variants
from courselab.figures import table

sheet = variants.mine("classification", TOKEN)
today = datetime.date.fromisoformat(sheet.as_of)
print(
    f"Today is {today}. The consortium has {len(sheet.ghz)} machines and {len(sheet.jobs.owners)} jobs of this week."
)
if sheet.practice:
    print("This is a practice variant: it earns no record.")

# %% [markdown]
# ## 1 Twelve things, five tiers
#
# This is the scheme of the course, from the lesson *Five tiers and a date*.
# It binds nobody outside this course.

# %%
table(
    "The scheme",
    ("tier", "name", "who may have it", "who decides"),
    [(step.tier, step.name, step.who, step.decides) for step in tiers.SCHEME],
)

# %%
table(
    "Your twelve", ("id", "what it is, and how it stands"), [(one["id"], one["text"]) for one in sheet.things]
)

# %% [markdown]
# Give each a tier, from 0 to 4, as it stands today.
# Where several sentences ask for something, the highest tier counts; where none does, the thing is open.
# A condition with a day holds before that day.
# A right tier counts one, a tier that is one step off nothing, and two steps or more take one back, *in both directions*: locking away what is free is as wrong as handing out what is not.
# Leave out what you do not know.

# %% nbgrader={"grade": false, "grade_id": "place", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: placed = {"thing-321": 2, …}
placed = {}
### BEGIN SOLUTION
placed = {
    "thing-166": 1,
    "thing-190": 0,
    "thing-274": 3,
    "thing-322": 2,
    "thing-365": 2,
    "thing-449": 4,
    "thing-539": 3,
    "thing-595": 1,
    "thing-640": 0,
    "thing-651": 0,
    "thing-809": 0,
    "thing-941": 3,
}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-tiers", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert isinstance(placed, dict) and placed, (
    "Nothing is placed yet: begin with the thing of which you are surest."
)
assert set(placed) <= {one["id"] for one in sheet.things}, (
    "Place only the twelve things of your own table, under their ids."
)
assert all(isinstance(tier, Integral) and 0 <= tier <= 4 for tier in placed.values()), (
    "Each tier is a whole number from 0, open, to 4, not ours."
)
### BEGIN HIDDEN TESTS
right = ANSWERS["tiers"]
steps = [abs(tier - right[name]) for name, tier in placed.items() if name in right]
counted = sum(step == 0 for step in steps) - sum(step > 1 for step in steps)
round(max(0.0, 5 * counted / len(right)), 2)
### END HIDDEN TESTS

# %% [markdown]
# A tier without a reason is a mood.
# Choose the reason that decides, from this list.
# A reason counts where the tier is right too, and a wrong one takes as much back.

# %%
table("Reasons", ("reason", "what it says"), list(tiers.REASONS.items()))

# %% nbgrader={"grade": false, "grade_id": "reason", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: because = {"thing-321": "agreement", …}
because = {}
### BEGIN SOLUTION
because = {
    "thing-166": "ours-later",
    "thing-190": "ours",
    "thing-274": "listed",
    "thing-322": "agreement",
    "thing-365": "agreement",
    "thing-449": "marked",
    "thing-539": "listed",
    "thing-595": "ours-later",
    "thing-640": "ours",
    "thing-651": "ours",
    "thing-809": "published",
    "thing-941": "security",
}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-reasons", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert isinstance(because, dict) and because, (
    "No reason yet: what is it that decides, for one of your twelve?"
)
assert set(because) <= {one["id"] for one in sheet.things}, (
    "Give reasons only for the twelve things of your own table, under their ids."
)
assert all(isinstance(reason, str) and reason in sheet.reasons for reason in because.values()), (
    "Choose each reason from the table above, by its name."
)
### BEGIN HIDDEN TESTS
right, reasons = ANSWERS["tiers"], ANSWERS["reasons"]
hits = sum(
    name in right and placed.get(name) == right[name] and reason in reasons[name]
    for name, reason in because.items()
)
round(max(0.0, 3 * (2 * hits - len(because)) / len(right)), 2)
### END HIDDEN TESTS

# %% [markdown]
# Whoever knows why a thing is in its tier also knows what would move it.
# For each of your twelve there are four changes of the text.
# One of them would move the thing to another tier; after each of the others it would stay where it is.

# %%
table(
    "One of four",
    ("thing", "change", "what would be written"),
    [(one["id"], change["id"], change["text"]) for one in sheet.things for change in one["changes"]],
)

# %% [markdown]
# Give for each thing the change that would move it.
# It counts where the tier is right too, and a wrong one takes as much back.

# %% nbgrader={"grade": false, "grade_id": "turn", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: turned = {"thing-321": "change-4711", …}
turned = {}
### BEGIN SOLUTION
turned = {
    "thing-166": "change-6192",
    "thing-190": "change-2431",
    "thing-274": "change-1872",
    "thing-322": "change-1484",
    "thing-365": "change-5246",
    "thing-449": "change-2634",
    "thing-539": "change-5593",
    "thing-595": "change-9423",
    "thing-640": "change-3489",
    "thing-651": "change-3092",
    "thing-809": "change-7506",
    "thing-941": "change-4842",
}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-turns", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
assert isinstance(turned, dict) and turned, (
    "No change yet: what would have to be written there, for one of your twelve to move?"
)
menus = {one["id"]: {change["id"] for change in one["changes"]} for one in sheet.things}
assert all(name in menus and change in menus[name] for name, change in turned.items()), (
    "Choose for each thing one of its own four changes, by its id."
)
### BEGIN HIDDEN TESTS
right, turns = ANSWERS["tiers"], ANSWERS["turns"]
hits = sum(
    name in right and placed.get(name) == right[name] and change == turns[name]
    for name, change in turned.items()
)
round(max(0.0, 4 * (2 * hits - len(turned)) / len(right)), 2)
### END HIDDEN TESTS

# %% [markdown]
# The scheme looks at every decision again: at the next event that is known, and after a year at the latest.
# A look long before anything can have changed is a look for nothing.
# So give for each of the twelve a day of the next look, as `"YYYY-MM-DD"`:
# where the text has days that are still to come, on the first of them or in the 31 days before it; where it has none, between half a year (183 days) and a year (365 days) from today.
# A wrong day takes as much back as a right one gives.

# %% nbgrader={"grade": false, "grade_id": "review", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: again = {"thing-321": "2027-02-01", …}
again = {}
### BEGIN SOLUTION
again = {
    "thing-166": "2027-08-10",
    "thing-190": "2027-11-25",
    "thing-274": "2027-01-25",
    "thing-322": "2027-04-05",
    "thing-365": "2027-08-05",
    "thing-449": "2027-11-25",
    "thing-539": "2027-07-11",
    "thing-595": "2027-06-22",
    "thing-640": "2027-11-25",
    "thing-651": "2027-11-25",
    "thing-809": "2027-11-25",
    "thing-941": "2027-01-29",
}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-review", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert isinstance(again, dict) and again, "No day yet: when does the first of your twelve change?"
assert set(again) <= {one["id"] for one in sheet.things}, (
    "Give days only for the twelve things of your own table, under their ids."
)
assert all(isinstance(day, str) and len(day) == 10 for day in again.values()), (
    'Each day is a text such as "2027-02-01", and nothing else.'
)
days = {name: datetime.date.fromisoformat(day).isoformat() for name, day in again.items()}
### BEGIN HIDDEN TESTS
spans = ANSWERS["review"]
hits = sum(name in spans and spans[name][0] <= day <= spans[name][1] for name, day in days.items())
round(max(0.0, 2 * (2 * hits - len(days)) / len(spans)), 2)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 A register that keeps the scheme
#
# The office would like a program that places things by their record.
# A record is a dictionary such as
#
#     {"marked": False, "listed": False, "promised": False,
#      "flaw_until": None, "agreement_until": "2027-03-01", "waits_for": "2027-06-15"}
#
# `marked`: by an authority (tier 4). `listed`: described by a control list, and `promised`: a person was promised that nobody else sees it (tier 3 each).
# `flaw_until` (tier 3), `agreement_until` (tier 2) and `waits_for` (tier 1) are days, or `None`; each holds *before* its day and no more *on* it.
# The highest tier counts; where nothing asks for one, the thing is open.
#
# Write `tier_of(record, today)`, where `today` is a day as text.
# It gives two things: the tier, and the day of the next look as text, which is the first of the record's days after today, and a year (365 days) from today at the latest.
# Your function is tried on records that you have not seen.


# %% nbgrader={"grade": false, "grade_id": "register", "locked": false, "schema_version": 3, "solution": true, "task": false}
def tier_of(record, today):
    """Give tier and day of the next look of a record, as (whole number, "YYYY-MM-DD")."""
    ### BEGIN SOLUTION
    asks = {"flaw_until": 3, "agreement_until": 2, "waits_for": 1}
    # Days as texts of this form sort as days do.
    ahead = {name: record[name] for name in asks if record[name] is not None and record[name] > today}
    tier = max([0] + [asks[name] for name in ahead])
    if record["listed"] or record["promised"]:
        tier = 3
    if record["marked"]:
        tier = 4
    year = datetime.date.fromisoformat(today) + datetime.timedelta(days=365)
    return tier, min([*ahead.values(), year.isoformat()])
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-register", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
one_record = {"marked": False, "listed": True, "promised": False}
one_record |= {"flaw_until": None, "agreement_until": None, "waits_for": "2027-06-15"}
try:
    found = tier_of(one_record, "2027-01-11")
except NotImplementedError:
    raise AssertionError("The function tier_of is not written yet: it takes a record and a day.") from None
assert isinstance(found, (tuple, list)) and len(found) == 2, (
    "tier_of should give two things: a tier, and the day of the next look."
)
assert isinstance(found[0], Integral) and isinstance(found[1], str), (
    "The tier is a whole number, and the day a text such as '2027-02-01'."
)
### BEGIN HIDDEN TESTS
given = [(trial["answer"], tier_of(dict(trial["record"]), trial["today"])) for trial in ANSWERS["trials"]]
assert len(given) > 0 and all(right[0] == found[0] for right, found in given), (
    "Your function puts a record into the wrong tier. What does it do on the very day on which a condition ends, and where two conditions ask for different tiers?"
)
assert all(right[1] == found[1] for right, found in given), (
    "Your function gives a wrong day for a next look. Which days of a record lie after today, and what if the first of them is more than a year away?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 A machine that nobody knows yet
#
# A machine of your own joins the consortium.
# You had one night with it, and ran the probe job of the lab: three public circuits, of which the first reads all six qubits in 0, the second is an echo of twenty C-NOTs on the couplers 0–1, 2–3 and 4–5, and the third one on the couplers 1–2 and 3–4.
#
# `sheet.outcomes` holds the raw outcomes, of shape (circuits, batches, 64): how often each outcome was seen in each batch of shots.
# The number of an outcome is that of its bits as Qiskit writes them, so qubit 0 is the *last* bit.
# `fingerprints.expected` says what such a job gives on average, and its docstring has the formula: the share of 00 of an echoed pair is (1−p)^20 (1−rₐ)(1−r_b) + (1 − (1−p)^20)/4.
#
# A night has flaws: during one batch of each circuit something else was going on in the cryostat.
# And last month's calibration, `sheet.calibration`, was made by a method that is off by another factor on each coupler.
#
# Give `gates`: the depolarising parameter p of the five couplers, from 0–1 to 4–5.

# %% nbgrader={"grade": false, "grade_id": "night", "locked": false, "schema_version": 3, "solution": true, "task": false}
gates = None
### BEGIN SOLUTION
gates = [0.02292, 0.006245, 0.01291, 0.02174, 0.01748]
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-night", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
found = np.asarray(gates, dtype=float)
assert found.shape == (5,), "Give five numbers, one for each coupler, from 0–1 to 4–5."
assert ((found > 0) & (found < 0.2)).all(), (
    "A depolarising parameter of these machines lies between 0 and 0.2. Is one of yours a fidelity, or in per cent?"
)
### BEGIN HIDDEN TESTS
truth = np.array(ANSWERS["gates"])
assert found.shape == truth.shape and (np.abs(found / truth - 1) <= ANSWERS["tolerance"]["gates"]).all(), (
    "At least one coupler is off. Do the batches of one circuit agree with one another, and do you read qubit 0 from the last bit?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 What a release gives away
#
# `sheet.jobs` holds the consortium's jobs of this week: `counts` of the eleven shares of a probe job, the `shots` of each job, and the `owners`, the machine that ran it, which the attacker does not know.
# The log has lost some owners; there it says −1, and nothing can be said of such a job.
# `sheet.forms` are six ways of publishing the calibration, each with the `table` that would be published and its `spread`.
#
# The attacker of the lab has the published table and one job, and names a machine: `releases.believed(form.table, form.spread, shares, shots=shots)` is what that attacker believes, one row for each job.
# Give for each form, under its name,
#
# - `rates`: the share of the jobs in which the attacker's *first guess* is right.

# %%
table("Forms of release", ("name",), [(form.name,) for form in sheet.forms])

# %% nbgrader={"grade": false, "grade_id": "leak", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: rates = {"one digit": 0.93, …}
rates = {}
### BEGIN SOLUTION
rates = {
    "noise of 22 %": 0.967,
    "late by 15 days": 0.983,
    "one number per machine": 0.4,
    "noise of 91 %": 0.411,
    "one number per machine, late by 32 days": 0.228,
    "one digit": 0.989,
}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-rates", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(rates, dict) and set(rates) == {form.name for form in sheet.forms}, (
    "Give a rate for each of your six forms, under its name."
)
assert all(isinstance(rate, Real) and 0 <= rate <= 1 for rate in rates.values()), (
    "A rate is a share between 0 and 1."
)
### BEGIN HIDDEN TESTS
right = ANSWERS["rates"]
assert set(rates) == set(right) and all(
    abs(rates[name] - right[name]) <= ANSWERS["tolerance"]["rates"] for name in right
), (
    "At least one rate is off. Do you count how often the most believed machine is the one that ran the job, over all jobs of which that is known?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 What it is worth
#
# A user reads the published table and forecasts how well a GHZ state on four qubits will come out, on each chain of each machine.
# `releases.ghz_fidelities(table)` gives these forecasts, of shape (machines, chains).
# What came out this week is in `sheet.ghz`, out of `sheet.ghz_shots`; some chains were not run.
# Give `worth`: for each form the share of the variance of the measured fidelities that the forecast explains (`releases.usefulness`).

# %% nbgrader={"grade": false, "grade_id": "use", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: worth = {"one digit": 0.91, …}
worth = {}
### BEGIN SOLUTION
worth = {
    "noise of 22 %": 0.867,
    "late by 15 days": 0.766,
    "one number per machine": 0.431,
    "noise of 91 %": 0.311,
    "one number per machine, late by 32 days": 0.241,
    "one digit": 0.913,
}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-use", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(worth, dict) and set(worth) == {form.name for form in sheet.forms}, (
    "Give the usefulness of each of your six forms, under its name."
)
assert all(isinstance(share, Real) and 0 <= share <= 1 for share in worth.values()), (
    "A share of the variance lies between 0 and 1."
)
### BEGIN HIDDEN TESTS
right = ANSWERS["worth"]
assert set(worth) == set(right) and all(
    abs(worth[name] - right[name]) <= ANSWERS["tolerance"]["worth"] for name in right
), (
    "At least one is off. Do you hold the forecast from the released table against what was measured, on the chains that were run?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 The release
#
# Two users of the consortium compete with each other and have asked not to be traced through the machine that serves them.
# The consortium has decided: not more than `sheet.ceiling` of the jobs may be identified.
# The users who compile circuits have a say as well: of all forms that keep the ceiling, they get the one that is worth most.
#
# Give `chosen`, the name of that form.

# %% nbgrader={"grade": false, "grade_id": "choose", "locked": false, "schema_version": 3, "solution": true, "task": false}
chosen = None
### BEGIN SOLUTION
chosen = "one number per machine"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-choice", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(chosen, str) and chosen in {form.name for form in sheet.forms}, (
    "Choose one of your six forms, by its name."
)
### BEGIN HIDDEN TESTS
assert chosen in ANSWERS["allowed"], (
    "This form lets more jobs be identified than the consortium allows. Which of the six keep the ceiling?"
)
assert chosen == ANSWERS["choice"], (
    "This form keeps the ceiling, and another one that keeps it is worth more to the users. What is secrecy beyond the ceiling for?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 7 The release plan
#
# Write the plan on which the consortium will vote, in at most 350 words.
# It covers the calibration data of your fleet, and two things of your twelve: one that is going to be open, and one that is not.
#
# The reader wants to know: what is released, in which form, and from which day; who gets what is not released, and on which ground; what the release gives away and what it is worth, with your numbers and how sure you are of them; what it would cost to be stricter; who signs, and when the plan is looked at again.
#
# A person marks this with the [rubric of the exercise's page](/modules/classification/exercise.html#how-the-plan-is-marked): five parts, two points each.

# %% [markdown] nbgrader={"grade": true, "grade_id": "plan", "locked": false, "points": 10, "schema_version": 3, "solution": true, "task": false}
# Write your plan here.

# %% [markdown]
# ## Am I right?
#
# Nothing above has told you: silent checks are no proof.
# Save this notebook with Ctrl-S.
#
# - For practice, press *Am I right?* on [the exercise's page](/modules/classification/exercise.html#am-i-right), or type `practice classification` in a terminal (*File*, *New*, *Terminal*).
#   Your notebook is graded here, on your own machine, and a page shows part by part what is right and what to think about.
# - In a course, press [*Pack for hand-in*](/modules/classification/exercise.html#hand-in) on the same page, or type `handin classification --learner you`.
