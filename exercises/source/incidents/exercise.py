# %% [markdown]
# # A Sunday night, and what to do about it
#
# Somebody was in the control server of a quantum link who had no business there.
# It is over now, the server is locked, and six things are left to you: find out which copy of the log is to be believed, put the events in order, start the clocks that run for the partners and no others, say what would turn your answer, ask whether the link was touched as well, and report.
#
# Everything here is training and not legal advice.
# People, partners, addresses and events are invented, and nobody else has the same incident; the rules are not invented.
# What was found lies beside this notebook, in your sheet (`sheet.json` and `sheet.npz`).
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
# In a course the token stands here already, and your sheet lies beside the notebook.
# If you learn on your own, write `practice: ` and your name in place of `practice: your name`; a sheet for practice is drawn then, which takes a few seconds.

# %%
TOKEN = "practice: your name"

import datetime
from numbers import Integral, Real

import numpy as np

from coursefacts import load
from courselab import alarms, incidents, merkle, variants
from courselab.figures import table

sheet = variants.mine("incidents", TOKEN)
facts = load()
print(
    f"{len(sheet.copies['server'])} entries in the log, {len(sheet.notes)} partners, rules as of {sheet.as_of}"
)
if sheet.practice:
    print("This is a practice variant: it earns no record.")

# %% [markdown]
# ## 1 Which copy is the log?
#
# Three copies of the log were found: on the `server`, on its `backup`, and as a `mail` that the log sends out by itself.
# They are not the same.
# On the morning after the last entry, before anybody had asked a question, the log's head went out in the weekly mail to all groups: `sheet.published` is the number of entries and the Merkle root, by RFC 9162.
#
# `sheet.copies["server"]` is a tuple of entries, in the order in which they were collected, and `entry.data()` gives the bytes of one.
# `merkle.root(list_of_bytes)` gives the head of a log; `.hex()` writes it as text.

# %%
table(
    "The copy on the server",
    ("entry", "from", "stamp", "what it says"),
    [(entry.id, entry.source, entry.stamp, entry.text) for entry in sheet.copies["server"]],
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
true_copy = "server"
edited = "entry-213"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-copy", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert true_copy in ("server", "backup", "mail"), "Name one of the three copies: server, backup or mail."
assert isinstance(edited, str), "Name the changed entry by its first column, in quotes."
### BEGIN HIDDEN TESTS
assert true_copy == ANSWERS["true_copy"], (
    "Does this copy give the head that was published? How many copies agree with each other says nothing: whoever edits one can edit its backup."
)
assert edited == ANSWERS["edited"], (
    "Compare the copy that fits the published head with one that does not, entry by entry: where do they part?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 What happened when?
#
# Each source stamps its entries by its own clock, in a zone of its own, a few minutes fast or slow or more than a few.
# Nobody wrote down by how much.
# In the days after, the security team held each clock beside a time server: `sheet.comparisons[source]` holds seven pairs, what the clock showed and what was UTC, both to the minute.
# One of each seven was written down wrongly.
#
# Give
#
# - `when`: for each entry, the moment in UTC, as text such as `"2026-10-04 21:15"` or as a `datetime`, right to three minutes;
# - `order`: the names of all entries, in the order in which things happened.

# %%
table(
    "Clocks beside the time server",
    ("source", "what it is", "shown", "UTC"),
    [
        (source, sheet.sources[source], shown, utc)
        for source, pairs in sheet.comparisons.items()
        for shown, utc in pairs
    ],
)

# %% nbgrader={"grade": false, "grade_id": "timeline", "locked": false, "schema_version": 3, "solution": true, "task": false}
when = {}
order = []
### BEGIN SOLUTION
when = {
    "entry-131": "2026-10-19 06:46",
    "entry-213": "2026-10-19 16:21",
    "entry-247": "2026-10-19 16:05",
    "entry-411": "2026-10-19 08:44",
    "entry-477": "2026-10-18 23:49",
    "entry-507": "2026-10-19 22:07",
    "entry-521": "2026-10-19 19:16",
    "entry-542": "2026-10-19 21:44",
    "entry-576": "2026-10-19 11:28",
    "entry-593": "2026-10-19 12:39",
    "entry-602": "2026-10-21 22:30",
    "entry-651": "2026-10-19 13:17",
    "entry-773": "2026-10-20 01:36",
    "entry-793": "2026-10-18 20:54",
    "entry-805": "2026-10-19 13:04",
    "entry-844": "2026-10-19 06:03",
    "entry-850": "2026-10-19 21:04",
    "entry-858": "2026-10-19 16:49",
    "entry-911": "2026-10-19 20:33",
    "entry-935": "2026-10-19 11:40",
    "entry-950": "2026-10-19 18:10",
    "entry-958": "2026-10-18 22:08",
    "entry-970": "2026-10-18 20:02",
    "entry-972": "2026-10-19 22:16",
    "entry-987": "2026-10-19 07:10",
}
order = sorted(when, key=when.get)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-when", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(when, dict) and set(when) == {entry.id for entry in sheet.copies["mail"]}, (
    "Give a moment for every entry of the log, under its name."
)
assert all(isinstance(moment, (str, datetime.datetime)) for moment in when.values()), (
    "Write each moment as a datetime or as text such as 2026-10-04 21:15, in UTC."
)
### BEGIN HIDDEN TESTS
times = ANSWERS["times"]
allowed = 60 * ANSWERS["tolerance"]["when"]
hits = sum(
    name in times
    and abs((incidents.as_utc(moment) - incidents.as_utc(times[name])).total_seconds()) <= allowed
    for name, moment in when.items()
)
assert hits >= len(times) / 2, (
    "Most moments are off. A stamp that is ahead of UTC shows a later hour than UTC does: which way do you have to go, which copy did you read, and what does one wrong reading of seven do to a mean?"
)
1.0 if hits == len(times) else 0.5
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-order", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(order, (list, tuple)) and sorted(order) == sorted(
    entry.id for entry in sheet.copies["mail"]
), "The order should hold the name of every entry once."
### BEGIN HIDDEN TESTS
assert list(order) == ANSWERS["order"], (
    "The order is not yet that in which things happened. Can two stamps be compared before both are in UTC, and is this the copy that fits the published head?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 Which clocks run, and until when?
#
# Eight partners had something on the server.
# Each has written you a note, and its office asks about one step of one rule: does the time for it run for this partner, or for somebody there in person, from which entry of the log, and until when?
# Read in the rule whom it binds, from which moment it runs, and whether it is in force (where that may change, the standing says as of which day, and that day counts here).
# Then decide with the note and with what the log says of this partner.

# %%
table(
    "Eight partners",
    ("id", "partner", "asks about", "fact", "what the partner writes"),
    [(note["id"], note["partner"], note["asks"], note["fact"], note["text"]) for note in sheet.notes],
)

# %%
asked = sorted({note["fact"] for note in sheet.notes})
table(
    "What the rules say",
    ("fact", "in our words", "whom it binds", "standing"),
    [(name, facts.get(name).text(), facts.get(name).binds, facts.get(name).standing) for name in asked],
)

# %% [markdown]
# Give
#
# - `starts`: for each note the entry with which the clock starts, or `None` where no clock runs for this partner;
# - `ends`: for each note the end of the time that is asked about, in UTC and right to five minutes, or `None`.
#
# The hours are in the facts: `facts.get(note["fact"]).values[note["value"]].value`.
# A clock that should not have been started takes back what a right one earns, and so does one that was left.

# %% nbgrader={"grade": false, "grade_id": "start-clocks", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: starts = {"note-321": "entry-456", "note-654": None, …}
starts = {}
ends = {}
### BEGIN SOLUTION
starts = {
    "note-273": None,
    "note-279": None,
    "note-344": None,
    "note-348": "entry-247",
    "note-673": "entry-858",
    "note-751": "entry-911",
    "note-818": "entry-213",
    "note-864": None,
}
ends = {
    "note-273": None,
    "note-279": None,
    "note-344": None,
    "note-348": "2026-10-20 16:05",
    "note-673": "2026-10-22 16:49",
    "note-751": "2026-10-22 20:33",
    "note-818": "2026-10-22 16:21",
    "note-864": None,
}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-binding", "locked": true, "points": 5, "schema_version": 3, "solution": false, "task": false}
assert isinstance(starts, dict) and set(starts) == {note["id"] for note in sheet.notes}, (
    "Decide on all eight notes: the entry with which the clock starts, or None where no clock runs."
)
names = [entry.id for entry in sheet.copies["mail"]]
assert all(start is None or start in names for start in starts.values()), (
    "A clock starts with an entry of your log, by its name in the first column."
)
### BEGIN HIDDEN TESTS
right = ANSWERS["starts"]
hits = sum(starts[name] == entry for name, entry in right.items())
wrong = sum((starts[name] is None) != (entry is None) for name, entry in right.items())
assert hits > wrong, (
    "Several clocks run that should not, or stand still that should not. For each ask three things: is it in force, does it bind a body like this one, and did the thing that it is about really happen?"
)
# The right side but another moment, such as the suspicion or the confirmation, gives nothing and takes nothing.
5.0 * (hits - wrong) / len(right)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-ends", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert isinstance(ends, dict) and ends, "No ends yet: give one for each clock that you start, or None."
assert all(end is None or isinstance(end, (str, datetime.datetime)) for end in ends.values()), (
    "Write each end as a datetime or as text such as 2026-10-04 21:15, in UTC, or None."
)
### BEGIN HIDDEN TESTS
due = {name: end for name, end in ANSWERS["ends"].items() if end is not None}
allowed = 60 * ANSWERS["tolerance"]["end"]
right = sum(
    ends.get(name) is not None
    and abs((incidents.as_utc(ends[name]) - incidents.as_utc(end)).total_seconds()) <= allowed
    for name, end in due.items()
)
assert right > 0, (
    "No end is right yet. From which moment does each clock run: from the suspicion, from the finding, or from its confirmation? And in whose time is that moment written?"
)
idle = sum(name not in due and end is not None for name, end in ends.items())
max(0.0, 3.0 * (right - idle) / len(due))
### END HIDDEN TESTS

# %% [markdown]
# ### What would turn your answer?
#
# For each note, four other sentences are given.
# Think of each in the place of the sentence that speaks of the same thing, in the note, in the log or in the rule, with everything else as it is.
# Exactly one of the four turns your answer: a clock that runs would stop, or one that does not would start.
#
# Give `turns`: for each note the id of that change.
# It counts where you were right about whether the clock runs.
# A wrong change takes half of what a right one gives, so leave out what you do not know.

# %%
table(
    "Four changes each",
    ("note", "change", "what would stand there"),
    [(note["id"], change, text) for note in sheet.notes for change, text in note["changes"].items()],
)

# %% nbgrader={"grade": false, "grade_id": "turns", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: turns = {"note-321": "change-456", …}
turns = {}
### BEGIN SOLUTION
turns = {
    "note-273": "change-712",
    "note-279": "change-116",
    "note-344": "change-556",
    "note-348": "change-795",
    "note-673": "change-621",
    "note-751": "change-349",
    "note-818": "change-255",
    "note-864": "change-136",
}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-turns", "locked": true, "points": 4, "schema_version": 3, "solution": false, "task": false}
assert isinstance(turns, dict) and turns, "No change yet: begin with the note of which you are surest."
assert all(turns[note["id"]] in list(note["changes"]) for note in sheet.notes if note["id"] in turns), (
    "Choose for each note one of its own four changes, by its id."
)
### BEGIN HIDDEN TESTS
right = ANSWERS["turns"]
sound = {
    name
    for name, entry in ANSWERS["starts"].items()
    if name in starts and (starts[name] is None) == (entry is None)
}
hits = sum(name in sound and change == right[name] for name, change in turns.items() if name in right)
wrong = sum(change != right.get(name) for name, change in turns.items())
assert hits > wrong / 2, (
    "Most of these would leave your answer as it is. What alone stands against a clock that does not run, and which one thing would have to fall away where one runs?"
)
4.0 * (hits - wrong / 2) / len(right)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 Was the link touched as well?
#
# You have the Z basis of the link's telemetry: the number of wrong bits in each window of five minutes, `sheet.bits` bits compared in each.
#
# - `sheet.quiet`: 400 nights without an intruder;
# - `sheet.staged`: 400 nights on which colleagues played one, from a window that they drew;
# - `sheet.night`: the night in question, window 0 first.
#
# Telemetry has flaws: look at the counts before you use them.
# A counter that has lost its clock writes a number that cannot be; take such a window for one with the usual number of errors, so that the others keep their places.
# And the last calibration states an error rate of the quiet link, `sheet.stated`, by a method that is off by a factor which nobody knows.
#
# The alarm is `alarms.Watch(base, raised)` with the rate of quiet nights as its base, and raised by `sheet.rise`.
# `watch.levels(counts, sheet.bits)` gives its level after each window; the module `alarms` has what else you need.
#
# The group allows a false alarm on at most one quiet night in twenty.
# Intrusions of this kind are expected on one night in `sheet.one_in`.
#
# Give
#
# - `rate`: the error rate of quiet nights, measured;
# - `threshold`: the lowest threshold that keeps the promise (a night rings when its level goes *above* the threshold);
# - `window`: the first window of the night in question in which the alarm rings, or `None`;
# - `found`: the share of staged nights that ring;
# - `probability`: how probable an intrusion is on a night of which you know only that the alarm rang.

# %% nbgrader={"grade": false, "grade_id": "detect", "locked": false, "schema_version": 3, "solution": true, "task": false}
rate = None
threshold = None
window = None
found = None
probability = None
### BEGIN SOLUTION
rate = 0.008079
threshold = 5.1659
window = 47
found = 0.5925
probability = 0.0156
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-rate", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(rate, Real) and 0 < rate < 0.5, "The rate should be one number: a share of wrong bits."
### BEGIN HIDDEN TESTS
assert abs(rate / ANSWERS["rate"] - 1) <= ANSWERS["tolerance"]["rate"], (
    "This is not the error rate of the quiet nights. Is every count one that can be, and did you measure, or believe the calibration?"
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-threshold", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(threshold, Real) and threshold > 0, "The threshold should be one number above 0."
### BEGIN HIDDEN TESTS
low, high = ANSWERS["threshold"]
assert threshold >= low, (
    "This alarm rings on too many quiet nights. A night counts once however often it rings: look at the highest level of each."
)
assert threshold <= high, (
    "This alarm rings less often than the group allows, and what it misses instead has a price too. Which is the lowest threshold that keeps the promise, once the counts that cannot be are gone?"
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-window", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(window, Integral), (
    "The window should be a whole number: the first one in which the level is above the threshold."
)
### BEGIN HIDDEN TESTS
assert abs(window - ANSWERS["window"]) <= ANSWERS["tolerance"]["windows"], (
    "The alarm rings in another window. Is it the level that you compare with the threshold, and not the count of one window? Windows are counted from 0, and one of this night's counts cannot be."
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-probability", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert all(isinstance(share, Real) and 0 < share < 1 for share in (found, probability)), (
    "Both are shares between 0 and 1."
)
### BEGIN HIDDEN TESTS
low, high = ANSWERS["found"]
assert low <= found <= high, (
    "This is not the share of staged nights that ring at a threshold that keeps the promise."
)
low, high = ANSWERS["probability"]
assert low <= probability <= high, (
    "How many of a thousand alarms are real? Count the intruded nights that ring and the quiet nights that ring; a small share of very many nights is many nights."
)
### END HIDDEN TESTS

# %% [markdown]
# ### An alarm for the nights to come
#
# Write the alarm as a function, so that it can watch by itself.
# It gets the counts of *one* night as an array, window 0 first, with whatever flaws they have, and gives the first window in which it rings, or `None` for a night on which it does not.
# It is tried on new nights of your link: it has to find about as many intrusions as the one above, not before they begin, and to ring on about as few quiet nights.


# %% nbgrader={"grade": false, "grade_id": "rings", "locked": false, "schema_version": 3, "solution": true, "task": false}
def rings(counts):
    """Give the first window of a night in which the alarm rings, or None."""
    ### BEGIN SOLUTION
    counts = np.asarray(counts)
    usable = np.where(counts > sheet.bits, rate * sheet.bits, counts)
    watch = alarms.Watch(rate, rate + sheet.rise)
    return alarms.first_alarm(watch.levels(usable, sheet.bits), threshold)
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-rings", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
try:
    first = rings(sheet.quiet[0])
except NotImplementedError:
    raise AssertionError("The function rings is not written yet: it takes the counts of one night.") from None
assert first is None or isinstance(first, Integral), "rings should give the number of a window, or None."
### BEGIN HIDDEN TESTS
trials = ANSWERS["trials"]
firsts = [rings(np.array(counts)) for counts in trials["nights"]]
rung = [
    first is not None and isinstance(first, Integral) and first >= (began or 0)
    for first, began in zip(firsts, trials["began"])
]
quiet = [rang for rang, began in zip(rung, trials["began"]) if began is None]
intruded = [rang for rang, began in zip(rung, trials["began"]) if began is not None]
assert sum(quiet) <= trials["false"] * len(quiet), (
    "On new nights your alarm rings too often while nobody is there. What does it do with a count that cannot be, and is it the highest level of a whole night that its threshold was chosen for?"
)
assert sum(intruded) >= trials["caught"] * len(intruded) > 0, (
    "On new nights your alarm misses intrusions, or rings before they begin. Does it add up small signs from window to window?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 The first report, and the page for the others
#
# Write two texts, in at most 350 words together.
#
# **First report**, as of an hour after the account was locked, to the incident office of the institution that runs the server, which has to decide whom to tell.
# What is known, what is not known, what was done, what you need; times in UTC with the copy they come from; which partners' clocks you think run, from which moment, until when, and which one you looked at and left.
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
