# %% [markdown]
# # A Sunday night, and what to do about it
#
# Somebody was in your laboratory's control server who had no business there.
# It is over now, the server is locked, and five things are left to you: find out which copy of the log is to be believed, put the events in order, start the clocks that run and no others, ask whether the quantum link was touched as well, and report.
#
# Everything here is training and not legal advice.
# People, addresses and events are invented, and nobody else has the same incident; the rules are not invented.
# You may use the book and talk to others; the answers must be those of your own incident.
#
# Work from top to bottom.
# Replace `raise NotImplementedError` by your own code, and run the check below it.
# A check that stays silent has found nothing wrong *so far*: it looks at the form of an answer, and a wrong one passes it too.
# Whether an answer is right, you ask at the end.
#
# In the book: [this exercise](/modules/incidents/exercise.html), the [rubric of the written part](/modules/incidents/exercise.html#how-the-report-is-marked), and the labs [*drift or Eve?*](/modules/incidents/lab-drift-or-eve.html) and [*a log that cannot be quietly changed*](/modules/incidents/lab-log.html).

# %% [markdown]
# ## Your token
#
# Put the token that your instructor gave you between the quotes.
# If you learn on your own, write `practice: ` and your name in place of `practice: your name`.

# %%
TOKEN = "practice: your name"

import datetime
from numbers import Integral, Real

from coursefacts import load
from courselab import alarms, incidents, merkle, variants
from courselab.figures import table

variant = variants.mine("incidents", TOKEN)
facts = load()
for sentence in variant.body:
    print("-", sentence)
if variant.practice:
    print("This is a practice variant: it earns no record.")

# %% [markdown]
# ## 1 Which copy is the log?
#
# Three copies of the log were found: on the `server`, on its `backup`, and as a `mail` that the log sends out by itself.
# They are not the same.
# On the morning after the last entry, before anybody had asked a question, the log's head went out in the weekly mail to all groups: `variant.published` is the number of entries and the Merkle root, by RFC 9162.
#
# `variant.copies["server"]` is a tuple of entries, in the order in which they were collected, and `entry.data()` gives the bytes of one.
# `merkle.root(list_of_bytes)` gives the head of a log; `.hex()` writes it as text.

# %%
table(
    "The copy on the server",
    ("entry", "from", "stamp", "what it says"),
    [(entry.id, entry.source, entry.stamp, entry.text) for entry in variant.copies["server"]],
)

# %% [markdown]
# Give
#
# - `true_copy`: the name of the copy that fits the published head;
# - `edited`: the name of the entry that was changed in the others.

# %% nbgrader={"grade": false, "grade_id": "copies", "locked": false, "schema_version": 3, "solution": true, "task": false}
true_copy = None
edited = None
### BEGIN SOLUTION
size, published = variant.published
for name, entries in variant.copies.items():
    if merkle.root([entry.data() for entry in entries[:size]]).hex() == published:
        true_copy = name
other = next(entries for name, entries in variant.copies.items() if name != true_copy)
edited = next(a.id for a, b in zip(variant.copies[true_copy], other) if a != b)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-copy", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert true_copy in ("server", "backup", "mail"), "Name one of the three copies: server, backup or mail."
### BEGIN HIDDEN TESTS
assert true_copy == variants.mine("incidents", TOKEN).true_copy, (
    "Does this copy give the head that was published? How many copies agree with each other says nothing: whoever edits one can edit its backup."
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-edited", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(edited, str), "Name the changed entry by its first column, in quotes."
### BEGIN HIDDEN TESTS
assert edited == variants.mine("incidents", TOKEN).edited, (
    "Compare the copy that fits the published head with one that does not, entry by entry: where do they part?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 What happened when?
#
# Each source stamps its entries by its own clock.
# `variant.zones[source]` holds two numbers: by how many hours its stamps are ahead of UTC (behind, if negative), and by how many minutes its clock was found to be fast.
#
# Give
#
# - `when`: for each entry, the moment in UTC, as text such as `"2026-10-04 21:15"` or as a `datetime`;
# - `order`: the names of all entries, in the order in which things happened.

# %%
table(
    "Whose time the stamps show",
    ("source", "hours ahead of UTC", "minutes fast"),
    [(source, *zone) for source, zone in variant.zones.items()],
)

# %% nbgrader={"grade": false, "grade_id": "timeline", "locked": false, "schema_version": 3, "solution": true, "task": false}
when = {}
order = []
### BEGIN SOLUTION
for entry in variant.copies[true_copy]:
    hours, fast = variant.zones[entry.source]
    stamp = datetime.datetime.strptime(entry.stamp, "%Y-%m-%d %H:%M")
    when[entry.id] = stamp - datetime.timedelta(hours=hours, minutes=fast)
order = sorted(when, key=when.get)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-when", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert isinstance(when, dict) and set(when) == {entry.id for entry in variant.copies["mail"]}, (
    "Give a moment for every entry of the log, under its name."
)
assert all(isinstance(moment, (str, datetime.datetime)) for moment in when.values()), (
    "Write each moment as a datetime or as text such as 2026-10-04 21:15, in UTC."
)
### BEGIN HIDDEN TESTS
times = variants.mine("incidents", TOKEN).times
hits = sum(
    name in times and abs((incidents.as_utc(moment) - times[name]).total_seconds()) <= 60
    for name, moment in when.items()
)
assert hits >= len(times) / 2, (
    "Most moments are off. A stamp that is ahead of UTC shows a later hour than UTC does: which way do you have to go, and which copy did you read?"
)
2.0 if hits == len(times) else 1.0
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-order", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert isinstance(order, (list, tuple)) and sorted(order) == sorted(
    entry.id for entry in variant.copies["mail"]
), "The order should hold the name of every entry once."
### BEGIN HIDDEN TESTS
assert list(order) == list(variants.mine("incidents", TOKEN).order), (
    "The order is not yet that in which things happened. Can two stamps be compared before both are in UTC, and is this the copy that fits the published head?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 Which clocks run, and until when?
#
# Eight rules are named below, with the place of their fact in the book.
# Read whom each binds, from which moment it runs, and whether it is in force (where that may change, the standing says as of which day, and that day counts here); then decide for *your* institution, with what was printed under your token and with what the log says.
#
# Give `clocks`: for each rule the end of its time in UTC, or `None` where no clock runs for you.
# A clock that should not have been started takes back what a right one earns.

# %%
regimes = incidents.pool().regimes
table(
    "Eight rules",
    ("name", "what would be due", "fact", "whom it binds", "standing"),
    [
        (name, regime.asks, regime.fact, facts.get(regime.fact).binds, facts.get(regime.fact).standing)
        for name, regime in regimes.items()
    ],
)

# %%
table(
    "What the rules say",
    ("name", "in our words"),
    [(name, facts.get(regime.fact).text()) for name, regime in regimes.items()],
)

# %% nbgrader={"grade": false, "grade_id": "start-clocks", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: clocks = {"nis2": "2026-10-05 21:15", "gdpr": None, …}
clocks = {}
### BEGIN SOLUTION
# What decides, read from the sentences about the institution; three rules are only proposed and bind nobody.
told = " ".join(variant.body)
start = {
    "nis2": "significant" if "important entity" in told else None,
    "gdpr": "personal" if "not encrypted" in told else None,
    "dfars": "discovered" if "covered defense information of that contract" in told else None,
    "seer": "registry" if "on the same server" in told else None,
    "cra": "product" if "makes and sells the key-distribution boxes" in told else None,
    "circia": None,
    "far-cui": None,
    "omnibus": None,
}
for name, event in start.items():
    clocks[name] = None
    if event:
        hours = facts.get(regimes[name].fact).values[regimes[name].value].value
        clocks[name] = incidents.as_utc(when[event]) + datetime.timedelta(hours=hours)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-binding", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert isinstance(clocks, dict) and set(clocks) == set(regimes), (
    "Decide on all eight rules: the end of the time, or None where no clock runs for you."
)
assert any(end is not None for end in clocks.values()), (
    "No clock at all? Read once more whom each rule binds, and what lay on the server."
)
### BEGIN HIDDEN TESTS
ends = variants.mine("incidents", TOKEN).deadlines()
wrong = sum((clocks[name] is None) != (end is None) for name, end in ends.items())
assert wrong <= 2, (
    "Several clocks run that should not, or stand still that should not. For each ask three things: is it in force, does it bind a body like yours, and did the thing that it is about really happen?"
)
3.0 - 1.5 * wrong
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-ends", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert isinstance(clocks, dict) and clocks, "Start the clocks first."
assert all(end is None or isinstance(end, (str, datetime.datetime)) for end in clocks.values()), (
    "Write each end as a datetime or as text such as 2026-10-04 21:15, in UTC, or None."
)
### BEGIN HIDDEN TESTS
ends = {name: end for name, end in variants.mine("incidents", TOKEN).deadlines().items() if end}
right = sum(
    clocks.get(name) is not None and abs((incidents.as_utc(clocks[name]) - end).total_seconds()) <= 60
    for name, end in ends.items()
)
assert right > 0, (
    "No end is right yet. From which moment does each clock run: from the break-in, from its discovery, or from its confirmation? And in whose time is that moment written?"
)
idle = sum(name not in ends and end is not None for name, end in clocks.items())
max(0.0, 3.0 * (right - idle) / len(ends))
### END HIDDEN TESTS

# %% [markdown]
# ## 4 Was the link touched as well?
#
# You have the Z basis of the link's telemetry: the number of wrong bits in each window of five minutes, `variant.bits` bits compared in each.
#
# - `variant.quiet`: 400 nights without an intruder;
# - `variant.staged`: 400 nights on which colleagues played one, from a window that they drew;
# - `variant.night`: the night in question, window 0 first.
#
# `variant.watch.levels(counts, variant.bits)` gives the alarm's level after each window; the module `alarms` has what else you need.
#
# The group allows a false alarm on at most one quiet night in twenty.
# Intrusions of this kind are expected on one night in `variant.one_in`.
#
# Give
#
# - `threshold`: the lowest threshold that keeps the promise (a night rings when its level goes *above* the threshold);
# - `window`: the first window of the night in question in which the alarm rings, or `None`;
# - `found`: the share of staged nights that ring;
# - `probability`: how probable an intrusion is on a night of which you know only that the alarm rang.

# %% nbgrader={"grade": false, "grade_id": "detect", "locked": false, "schema_version": 3, "solution": true, "task": false}
threshold = None
window = None
found = None
probability = None
### BEGIN SOLUTION
quiet = alarms.highest(variant.watch.levels(variant.quiet, variant.bits))
staged = alarms.highest(variant.watch.levels(variant.staged, variant.bits))
threshold = alarms.threshold_for(quiet, 0.05)
window = alarms.first_alarm(variant.watch.levels(variant.night, variant.bits), threshold)
found = alarms.share_above(staged, threshold)
probability = alarms.probability_given_alarm(1 / variant.one_in, found, alarms.share_above(quiet, threshold))
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-threshold", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert isinstance(threshold, Real) and threshold > 0, "The threshold should be one number above 0."
### BEGIN HIDDEN TESTS
share = variants.mine("incidents", TOKEN).shares(float(threshold))[1]
assert share <= 0.05 + incidents.TOLERANCE, (
    "This alarm rings on too many quiet nights. A night counts once however often it rings: look at the highest level of each."
)
assert share >= 0.05 - incidents.TOLERANCE, (
    "This alarm rings less often than the group allows, and what it misses instead has a price too. Which is the lowest threshold that keeps the promise?"
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-window", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert isinstance(window, Integral), (
    "The window should be a whole number: the first one in which the level is above the threshold."
)
### BEGIN HIDDEN TESTS
mine = variants.mine("incidents", TOKEN)
assert abs(window - mine.rings_in(mine.threshold)) <= incidents.WINDOWS_OFF, (
    "The alarm rings in another window. Is it the level that you compare with the threshold, and not the count of one window? Windows are counted from 0."
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-probability", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert all(isinstance(share, Real) and 0 < share < 1 for share in (found, probability)), (
    "Both are shares between 0 and 1."
)
### BEGIN HIDDEN TESTS
mine = variants.mine("incidents", TOKEN)
assert abs(mine.shares(mine.threshold)[1] - mine.shares(float(threshold))[1]) <= incidents.TOLERANCE, (
    "The probability rests on the threshold: correct that first."
)
assert abs(found - mine.shares(float(threshold))[0]) <= 0.02, (
    "This is not the share of staged nights that ring at your threshold."
)
assert abs(probability / mine.posterior(float(threshold)) - 1) <= 0.1, (
    "How many of a thousand alarms are real? Count the intruded nights that ring and the quiet nights that ring; a small share of very many nights is many nights."
)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 The first report, and the page for the others
#
# Write two texts, in at most 350 words together.
#
# **First report**, as of the hour of `contained`, to your institution's incident office, which has to decide whom to tell.
# What is known, what is not known, what was done, what you need; times in UTC with the copy they come from; which clocks you think run, from which moment, until when, and which one you looked at and left.
# Say what your alarm on the link does and does not show.
# The person whose account it was has told you something: write it as you would want it written about yourself.
#
# **Lessons page**, for the other groups in the building, a month later.
# What helped, what did not, and two things that will be different, each with somebody's role and a date; nothing that helps the next intruder, and nobody to blame.
#
# A person marks this with the [rubric of the exercise's page](/modules/incidents/exercise.html#how-the-report-is-marked): five parts, two points each.

# %% [markdown] nbgrader={"grade": true, "grade_id": "report", "locked": false, "points": 10, "schema_version": 3, "solution": true, "task": false}
# Write both texts here.

# %% [markdown]
# ## Am I right?
#
# Nothing above has told you: silent checks are no proof.
# Save this notebook with Ctrl-S.
#
# - For practice, press *Am I right?* on [the exercise's page](/modules/incidents/exercise.html#am-i-right), or type `practice incidents` in a terminal (*File*, *New*, *Terminal*).
#   Your notebook is graded here, on your own machine, and a page shows part by part what is right and what to think about.
# - In a course, press [*Pack for hand-in*](/modules/incidents/exercise.html#hand-in) on the same page, or type `handin incidents --learner you`.
