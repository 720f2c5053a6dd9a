# %% [markdown]
# # Twelve things and one release
#
# Your group, at a university in the European Union, is part of a consortium of ten laboratories.
# Each runs one small processor, and users send jobs to the consortium without saying which machine they would like.
# This week the group cleans up: twelve things must be placed in a tier, and the consortium must decide in which form it publishes the calibration of its machines.
#
# Everything here is training and not legal advice.
# The machines are simulated, and nobody else has the same ones.
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
# Put the token that your instructor gave you between the quotes.
# If you learn on your own, write `practice: ` and your name in place of `practice: your name`.

# %%
TOKEN = "practice: your name"

import datetime
from numbers import Integral, Real

import numpy as np

from courselab import classification, fingerprints, plots_release, releases, tiers, variants
from courselab.figures import table

variant = variants.mine("classification", TOKEN)
public, scheme = variant.public(), classification.pool()
today = scheme.as_of
print(f"Today is {today}. Your machine is number {variant.own} of {public['machines']}.")
if variant.practice:
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
    [(step.tier, step.name, step.who, step.decides) for step in scheme.tiers],
)

# %%
table("Your twelve", ("id", "what it is"), [(thing["id"], thing["text"]) for thing in public["artefacts"]])

# %% [markdown]
# Give each a tier, from 0 to 4.
# Some have more than one right tier; the marks go by the distance to the nearest of them.
# One step off earns a little, and two steps or more take something away, *in both directions*: locking away what is free is as wrong as handing out what is not.
# What you leave out is worth nothing.

# %% nbgrader={"grade": false, "grade_id": "place", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: placed = {"qkd-box": 2, …}
placed = {}
### BEGIN SOLUTION
read = {
    "old-raw-data": 0,
    "cloud-noise-model": 0,
    "benchmark-code": 0,
    "null-result": 0,
    "invented-calibration": 0,
    "posted-manuscript": 0,
    "stamped-notes": 0,
    "home-made-label": 0,
    "embargo-that-ended": 0,
    "readout-manuscript": 1,
    "raw-data-of-a-paper": 1,
    "flux-line": 1,
    "own-calibration": 1,
    "pulse-library": 1,
    "thesis-noise-model": 1,
    "partner-layout": 2,
    "fibre-telemetry": 2,
    "prototype-calibration": 2,
    "refereed-manuscript": 2,
    "licensed-firmware": 2,
    "advisory-green": 2,
    "listed-process": 3,
    "control-passwords": 3,
    "receiver-flaw": 3,
    "interviews": 3,
    "network-plan": 3,
    "stray-cui": 4,
    "old-stick": 4,
    "stray-report": 4,
    "qkd-box": 3,
}
# The bounds are those of the EU entries 6A007.a and 6A006.a.2: better than this is listed.
bounds = {"gravimeter": ("µGal", 10.0), "magnetometer": ("pT/√Hz", 20.0)}
for thing in public["artefacts"]:
    name = thing["id"]
    if name in bounds:
        unit, bound = bounds[name]
        value = float(thing["text"].split(unit)[0].split()[-1])
        placed[name] = 3 if value < bound else 2
    else:
        placed[name] = read[name]
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-tiers", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
assert isinstance(placed, dict) and placed, (
    "Nothing is placed yet: begin with the thing of which you are surest."
)
assert set(placed) <= {thing["id"] for thing in public["artefacts"]}, (
    "Place only the twelve things of your own table, under their ids."
)
assert all(isinstance(tier, Integral) and 0 <= tier <= 4 for tier in placed.values()), (
    "Each tier is a whole number from 0, open, to 4, not ours."
)
assert len(placed) < 4 or len(set(placed.values())) > 1, (
    "Twelve different things in one tier? Ask of each what harm it could do, to whom and until when, and who would miss it."
)
### BEGIN HIDDEN TESTS
mine = variants.mine("classification", TOKEN)
round(6 * tiers.score(mine.artefacts, {name: int(tier) for name, tier in placed.items()}), 2)
### END HIDDEN TESTS

# %% [markdown]
# A tier without a reason is a mood.
# Choose the reason that decides, from this list.
# A reason counts where the tier is right too.

# %%
table("Reasons", ("reason", "what it says"), list(scheme.reasons.items()))

# %% nbgrader={"grade": false, "grade_id": "reason", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: because = {"qkd-box": "agreement", …}
because = {}
### BEGIN SOLUTION
by_tier = {1: "ours-later", 2: "agreement", 4: "marked"}
others = {
    "old-raw-data": "published",
    "posted-manuscript": "published",
    "stamped-notes": "published",
    "home-made-label": "published",
    "embargo-that-ended": "published",
    "control-passwords": "security",
    "receiver-flaw": "security",
    "network-plan": "security",
    "interviews": "person",
}
for name, tier in placed.items():
    because[name] = others.get(name) or by_tier.get(tier) or ("ours" if tier == 0 else "listed")
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-reasons", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert isinstance(because, dict) and because, (
    "No reason yet: what is it that decides, for one of your twelve?"
)
assert all(reason in scheme.reasons for reason in because.values()), (
    "Choose each reason from the table above, by its name."
)
### BEGIN HIDDEN TESTS
mine = {thing.id: thing for thing in variants.mine("classification", TOKEN).artefacts}
sum(
    name in mine and placed.get(name) in mine[name].tiers and because[name] in mine[name].reasons
    for name in because
) / 4
### END HIDDEN TESTS

# %% [markdown]
# The scheme looks at every decision again: on the day of the next event that is known, or before it, and after a year at the latest.
# Give the day of the next look for each of the twelve, as `"YYYY-MM-DD"`, after today.

# %% nbgrader={"grade": false, "grade_id": "review", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: again = {"qkd-box": "2027-02-01", …}
again = {}
### BEGIN SOLUTION
import re

for thing in public["artefacts"]:
    named = re.search(r"\d{1,2} [A-Z][a-z]+ 20\d\d", thing["text"])
    day = (
        datetime.datetime.strptime(named[0], "%d %B %Y").date()
        if named
        else today + datetime.timedelta(days=365)
    )
    again[thing["id"]] = day.isoformat()
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-review", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert isinstance(again, dict) and again, "No day yet: when does the first of your twelve change?"
assert all(isinstance(day, str) and len(day) == 10 for day in again.values()), (
    'Each day is a text such as "2027-02-01".'
)
days = {name: datetime.date.fromisoformat(day) for name, day in again.items()}
assert all(day > today for day in days.values()), "A next look lies after today."
assert any(day <= today + datetime.timedelta(days=365) for day in days.values()), (
    "The scheme looks again after a year at the latest. Who would still know the reason on the day that you give?"
)
### BEGIN HIDDEN TESTS
mine = {thing.id: thing for thing in variants.mine("classification", TOKEN).artefacts}
sum(name in mine and day <= scheme.last_review(mine[name]) for name, day in days.items()) / 4
### END HIDDEN TESTS

# %% [markdown]
# ## 2 What your machine looks like to others
#
# A probe job is three public circuits: read all qubits in 0, and an echo of twenty C-NOTs on the even and on the odd couplers.
# `fingerprints.run(machine, shots=…, seed=…)` runs it with Aer and gives eleven shares: the ones of each of six qubits, and the 00 of each of five pairs.
# Run it on your own machine, with at least a thousand shots.

# %%
fleet = variant.fleet
my_machine = fleet.today.of(variant.own)
plots_release.fingerprints(fleet.calibration())

# %% nbgrader={"grade": false, "grade_id": "probe", "locked": false, "schema_version": 3, "solution": true, "task": false}
shots = None
my_job = None
### BEGIN SOLUTION
shots = 4000
my_job = fingerprints.run(my_machine, shots=shots, seed=7)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-probe", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(shots, Integral) and shots >= 1000, "Say how many shots you took; a thousand at least."
seen = np.asarray(my_job, dtype=float)
assert seen.shape == (11,), "A probe job gives eleven shares: six of qubits and five of pairs."
assert ((seen >= 0) & (seen <= 1)).all(), "A share lies between 0 and 1. Are yours counts?"
### BEGIN HIDDEN TESTS
mine = variants.mine("classification", TOKEN)
truth = fingerprints.expected(mine.fleet.today.of(mine.own))[0]
sigma = np.sqrt(truth * (1 - truth) / min(shots, 4000))
assert (np.abs(seen - truth) < 5 * sigma).all(), (
    "This is not what your machine does. Is it the number that your token names, today and not by its calibration?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 What a release gives away
#
# The consortium has 200 jobs of this week, 20 from each machine.
# `variant.measured` holds what each of them measured and `variant.owners` which machine ran it, which the attacker does not know.
# `variant.forms` are six ways of publishing the calibration.
#
# The attacker of the lab has the published table and one job, and names a machine: `releases.chances(form, fleet, variant.measured)` is what that attacker believes, one row for each job.
# Give for each form, under its name,
#
# - `rates`: the share of the jobs in which the attacker's *first guess* is right.

# %%
table("Forms of release", ("name",), [(form.name,) for form in variant.forms])

# %% nbgrader={"grade": false, "grade_id": "leak", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: rates = {"one digit": 0.93, …}
rates = {}
### BEGIN SOLUTION
for form in variant.forms:
    belief = releases.chances(form, fleet, variant.measured)
    rates[form.name] = float((belief.argmax(axis=1) == variant.owners).mean())
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-rates", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert isinstance(rates, dict) and set(rates) == {form.name for form in variant.forms}, (
    "Give a rate for each of your six forms, under its name."
)
assert all(isinstance(rate, Real) and 0 <= rate <= 1 for rate in rates.values()), (
    "A rate is a share between 0 and 1."
)
### BEGIN HIDDEN TESTS
right = variants.mine("classification", TOKEN).rates
assert set(rates) == set(right) and all(abs(rates[name] - right[name]) <= 0.04 for name in right), (
    "At least one rate is off. Do you count how often the most believed machine is the one that ran the job, over all 200 jobs?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 What it is worth
#
# A user reads the published table and forecasts how well a GHZ state on four qubits will come out, on each chain of each machine.
# `releases.ghz_fidelities(table)` gives these forecasts, and for `fleet.today` the truth.
# Give `worth`: for each form the share of the variance of the true fidelities that the forecast explains (`releases.usefulness`).

# %% nbgrader={"grade": false, "grade_id": "use", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: worth = {"one digit": 0.91, …}
worth = {}
### BEGIN SOLUTION
truth_of_fleet = releases.ghz_fidelities(fleet.today)
for form in variant.forms:
    worth[form.name] = releases.usefulness(releases.ghz_fidelities(form.table(fleet)), truth_of_fleet)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-use", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert isinstance(worth, dict) and set(worth) == {form.name for form in variant.forms}, (
    "Give the usefulness of each of your six forms, under its name."
)
assert all(isinstance(share, Real) and 0 <= share <= 1 for share in worth.values()), (
    "A share of the variance lies between 0 and 1."
)
### BEGIN HIDDEN TESTS
right = variants.mine("classification", TOKEN).usefulness
assert set(worth) == set(right) and all(abs(worth[name] - right[name]) <= 0.04 for name in right), (
    "At least one is off. Do you hold the forecast from the released table against what the machines do today?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 The release
#
# Two users of the consortium compete with each other and have asked not to be traced through the machine that serves them.
# The consortium has decided: not more than `variant.ceiling` of the jobs may be identified.
# The users who compile circuits have a say as well: of all forms that keep the ceiling, they get the one that is worth most.
#
# Give `chosen`, the name of that form, and `given_away`, the bits that it gives away about a job on average (`releases.bits`).

# %% nbgrader={"grade": false, "grade_id": "choose", "locked": false, "schema_version": 3, "solution": true, "task": false}
chosen = None
given_away = None
### BEGIN SOLUTION
kept = [name for name, rate in rates.items() if rate <= variant.ceiling]
chosen = max(kept, key=lambda name: worth[name])
form = next(form for form in variant.forms if form.name == chosen)
given_away = releases.bits(releases.chances(form, fleet, variant.measured), variant.owners)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-choice", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert chosen in {form.name for form in variant.forms}, "Choose one of your six forms, by its name."
assert isinstance(given_away, Real), "The bits should be one number, for the form that you chose."
### BEGIN HIDDEN TESTS
mine = variants.mine("classification", TOKEN)
assert mine.rates[chosen] <= mine.ceiling, (
    "This form lets more jobs be identified than the consortium allows. Which of the six keep the ceiling?"
)
assert chosen == mine.choice, (
    "This form keeps the ceiling, and another one that keeps it is worth more to the users. What is secrecy beyond the ceiling for?"
)
2.0 + float(abs(given_away - mine.bits[mine.choice]) <= 0.1)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 The release plan
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
