# %% [markdown]
# # A claim, a flaw, a paper
#
# Three things have landed on your desk in one week.
# Somebody claims to have factored a number and sends you the readings.
# Your own group has found a flaw in a product, and you have to say when what becomes public.
# And the paper on it has to be written, so that it helps those who use the product and those who check you.
#
# Everything here is training and not legal advice.
# Data, product and people are invented, and nobody else has the same ones.
# What you were sent lies beside this notebook, in your sheet (`sheet.json` and `sheet.npz`).
# Use the book and its instruments, and talk to others; the answers must be yours.
#
# Work from top to bottom.
# Replace `raise NotImplementedError` by your own code, and run the check below it.
# A check that stays silent has found nothing wrong *so far*: it looks at the form of an answer, and a wrong one passes it too.
# Whether an answer is right, you ask at the end.
#
# In the book: [this exercise](/modules/publication/exercise.html), the [rubric of the written part](/modules/publication/exercise.html#how-the-first-page-is-marked), and the labs [*is this quantum factoring?*](/modules/publication/lab-is-this-quantum-factoring.html) and [*the key that leaks nothing visible*](/modules/publication/lab-the-key-that-leaks-nothing-visible.html).

# %% [markdown]
# ## Your token
#
# In a course the token stands here already, and your sheet lies beside the notebook.
# If you learn on your own, write `practice: ` and your name in place of `practice: your name`; a sheet for practice is drawn then, which takes a few seconds.

# %%
TOKEN = "practice: your name"

import datetime
from numbers import Real

import numpy as np
from coursefacts import load
from courselab import disclosure, factoring, variants
from courselab.disclosure import Course
from courselab.figures import table
from courselab.migration import Plan

sheet = variants.mine("publication", TOKEN)
facts, public = load(), sheet.public()
claim, story = sheet.claim, sheet.story
print(f"Claim: {claim.number} factored with base {claim.base}, readings of {claim.bits} bits.")
if sheet.practice:
    print("This is a practice variant: it earns no record.")

# %% [markdown]
# ## 1 What kind of thing is it?
#
# Six results and sentences of this week.
# For each say what it is *first of all*:
#
# - `"sensitive"`: others can be harmed with it, and somebody can still prevent that;
# - `"embarrassing"`: it hurts you and endangers nobody;
# - `"hyped"`: it claims more than its evidence can carry;
# - `"plain"`: none of these. Publish it and go home.
#
# A wrong word takes back half of what a right one gives, so leave out what you do not know.
#
# Then read one of the six again, with four changes of its text.
# With one of them your answer would be another; give its id as `turns_kind`.
# It counts where your answer on that item is right too, and more than half of your table; so it is in the parts below.

# %%
table("This week", ("id", "what it is"), [(item["id"], item["text"]) for item in public["results"]])

# %%
turn = public["turns"]["results"]
table(f"Changes of {turn['item']}", ("id", "change"), [(one["id"], one["text"]) for one in turn["changes"]])

# %% nbgrader={"grade": false, "grade_id": "sort", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: kinds = {"result-321": "embarrassing", …}
kinds = {}
turns_kind = None
### BEGIN SOLUTION
kinds = {
    "result-348": "embarrassing",
    "result-618": "plain",
    "result-664": "hyped",
    "result-815": "embarrassing",
    "result-924": "sensitive",
    "result-939": "sensitive",
}
turns_kind = "change-745"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-sort", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert kinds, "Nothing sorted yet: begin with the result of which you are surest."
assert set(kinds) <= {item["id"] for item in public["results"]}, (
    "Sort only the six results of your own table, under their ids."
)
assert all(kind in ("sensitive", "embarrassing", "hyped", "plain") for kind in kinds.values()), (
    "Use one of the four words sensitive, embarrassing, hyped and plain."
)
### BEGIN HIDDEN TESTS
hits = sum(ANSWERS["results"][name] == kind for name, kind in kinds.items())
max(0.0, hits - (len(kinds) - hits) / 2) / 2
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-turn-kind", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(turns_kind, str) and turns_kind in {
    one["id"] for one in public["turns"]["results"]["changes"]
}, "turns_kind should be the id of one of the four changes in the table above, in quotes."
### BEGIN HIDDEN TESTS
right, asked = ANSWERS["results"], ANSWERS["asked"]["results"]
hits = [name for name, answer in kinds.items() if right.get(name) == answer]
assert asked in hits and len(hits) > len(right) / 2, (
    "Which change turns an answer counts only where the answer itself is right, and more than half of its table."
)
assert turns_kind == ANSWERS["turns"]["results"], (
    "Make each of the four changes in your mind: who is harmed, what is claimed and on what evidence, before and after it?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 Is it quantum factoring?
#
# `claim.jobs` holds what you were sent: some jobs, each with its log and `job.readings`, one reading for each shot.
# Such files have flaws, and the log tells of them.
# A job that ran with another base says nothing on this claim.
# A job that writes the lowest bit first has to be turned round: `factoring.reversed_bits(readings, bits)`.
# `factoring.counted(readings, bits)` counts how often each reading occurred.
#
# Give, for this number, base and width, with the recipe of `factoring.split`:
#
# - `chance_level`: the probability that *one random reading* gives a factor (exact, to three digits);
# - `success_share`: the share of the shots that give one, of all jobs of the claim.

# %%
table(
    "What was sent",
    ("job", "base", "first bit", "shots"),
    [(job.id, job.base, job.first_bit, f"{len(job.readings):,}") for job in claim.jobs],
)

# %% nbgrader={"grade": false, "grade_id": "chance", "locked": false, "schema_version": 3, "solution": true, "task": false}
chance_level = None
success_share = None
### BEGIN SOLUTION
chance_level = 0.85229
success_share = 0.81450
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-chance", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(chance_level, Real) and 0 < chance_level < 1, (
    "The chance level is a probability between 0 and 1, and not per cent."
)
assert isinstance(success_share, Real) and 0 < success_share < 1, (
    "The share of successful shots is a number between 0 and 1, and not per cent."
)
### BEGIN HIDDEN TESTS
assert abs(chance_level - ANSWERS["chance_level"]) < 0.002, (
    "This is not the chance level of your claim. Did you try every reading of this width once, with this base?"
)
assert abs(success_share - ANSWERS["success_share"]) < 0.002, (
    "Count shots and not different readings, of the jobs that belong to the claim, each read from its right end."
)
### END HIDDEN TESTS

# %% [markdown]
# Now use all readings.
#
# - `signal_share`: your estimate of the share of shots that follow a perfect machine (the others being coins);
# - `interval`: its 95 % interval, as `(low, high)`;
# - `verdict`: `"signal"` if the data show that the machine did something, `"chance"` if they do not.

# %% nbgrader={"grade": false, "grade_id": "signal", "locked": false, "schema_version": 3, "solution": true, "task": false}
signal_share = None
interval = None
verdict = None
### BEGIN SOLUTION
signal_share = 0.18479
interval = (0.16722, 0.20321)
verdict = "signal"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-signal", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(signal_share, Real) and 0 <= signal_share <= 1, (
    "The share of signal is a number between 0 and 1; chance alone has the share 0."
)
assert (
    isinstance(interval, (tuple, list)) and len(interval) == 2 and all(isinstance(x, Real) for x in interval)
), "The interval should be two numbers, (low, high)."
assert interval[0] <= signal_share <= interval[1], (
    "The interval should lie around your estimate: (low, high)."
)
assert verdict in ("signal", "chance"), 'The verdict is "signal" or "chance", in quotes.'
### BEGIN HIDDEN TESTS
assert abs(signal_share - ANSWERS["signal_share"]) <= ANSWERS["tolerance"], (
    "Compare the whole distribution of readings with that of a perfect machine for this base. Successes alone do not tell."
)
assert all(
    abs(end - right) <= ANSWERS["tolerance"] for end, right in zip(interval, ANSWERS["interval"], strict=True)
), "Think about the width of the interval: which other shares explain these readings nearly as well?"
assert verdict == ANSWERS["verdict"], (
    "Does the interval of the share of signal hold zero? More successes than coins, or fewer, decide nothing."
)
### END HIDDEN TESTS

# %% [markdown]
# The next claim comes on Monday.
# Write a function that judges *any* claim of this kind: `counts[y]` says how often the reading `y` occurred.
# It is tried on claims that you have not seen, with other numbers and bases.
# Among them is a machine that is stuck: its readings are far from even, and no signal for that.


# %% nbgrader={"grade": false, "grade_id": "judge", "locked": false, "schema_version": 3, "solution": true, "task": false}
def judge(counts, base, number, bits):
    """Say "signal" if the counts show that the machine did something, else "chance"."""
    ### BEGIN SOLUTION
    estimate = factoring.signal(counts, factoring.ideal(base, number, bits))
    return "signal" if estimate.low > 0 else "chance"
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-judge", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
try:
    said = judge(np.full(256, 4), 7, 15, 8)
except NotImplementedError:
    raise AssertionError(
        "The function judge is not written yet: it takes counts, base, number and bits."
    ) from None
assert said in ("signal", "chance"), 'judge should give "signal" or "chance" for every claim.'
### BEGIN HIDDEN TESTS
trials = ANSWERS["trials"]
wrong = [
    trial
    for trial in trials
    if judge(np.array(trial["counts"]), trial["base"], trial["number"], trial["bits"]) != trial["verdict"]
]
assert len(trials) > 0 and not wrong, (
    "Your function misjudges a claim. Does it compare with the perfect machine of that base, or only with an even distribution, or with the successes?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 Is there time?
#
# The journalist asks what the claim means for a data set of your hospital partner.
# Your own range for the arrival of a machine that matters is stated in `public["years"]`, with the shelf life of the data and the time that a migration takes.
# Judge the plan with the names of the book: `"late"`, `"depends"` or `"in time"`.

# %%
public["years"]

# %% nbgrader={"grade": false, "grade_id": "years", "locked": false, "schema_version": 3, "solution": true, "task": false}
in_time = None
### BEGIN SOLUTION
in_time = "depends"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-years", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert in_time in ("late", "depends", "in time"), (
    'Answer with one of "late", "depends" and "in time", in quotes.'
)
### BEGIN HIDDEN TESTS
assert in_time == ANSWERS["in_time"], (
    "What is sent on the last day before the change is finished has to stay secret for its whole shelf life: add the two spans."
)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 The calendar
#
# Your own flaw: a receiver in a product reports what an attacker wants.
# This is how the disclosure went, or is planned.

# %%
patched = f"a patch is available on {story.patch:%d %B %Y}" if story.patch else "no patch is announced"
used = (
    "is being used against real users, as you write to the vendor"
    if story.exploited
    else "is not known to be used"
)
table(
    "What happened",
    ("day", "what"),
    [
        (f"{story.first_mail:%d %B %Y}", f"you write to the vendor; the flaw {used}"),
        (f"{story.answer:%d %B %Y}", "the vendor's first answer"),
        (f"{story.coordinator:%d %B %Y}", "you report to CERT/CC, which accepts"),
        ("patch", patched),
        (f"{story.conference:%d %B %Y}", "a conference with the rule that `venue.fc24.window` quotes"),
    ],
)

# %% [markdown]
# Give three days as `datetime.date`:
#
# - `coordinator_publishes`: the day on which CERT/CC publishes by its policy, if nothing changes its mind;
# - `details_follow`: the day on which a group that follows Project Zero's policy would publish the details of this flaw; no grace period was asked for;
# - `tell_by`: the last day on which the vendor could have been told, if at least the shortest window of that rule is to pass before the conference.

# %%
clocks = (
    "cvd.certcc",
    "cvd.project-zero",
    "cvd.project-zero.exploited",
    "eu.cra.art14.vulnerability",
    "venue.fc24.window",
)
table("Clocks", ("id", "what it says"), [(name, facts.get(name).text()) for name in clocks])

# %% nbgrader={"grade": false, "grade_id": "calendar", "locked": false, "schema_version": 3, "solution": true, "task": false}
coordinator_publishes = None
details_follow = None
tell_by = None
### BEGIN SOLUTION
coordinator_publishes = datetime.date(2028, 1, 3)
details_follow = datetime.date(2027, 11, 11)
tell_by = datetime.date(2028, 1, 1)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-days", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(coordinator_publishes, datetime.date), (
    "coordinator_publishes should be a day: datetime.date(year, month, day)."
)
assert isinstance(tell_by, datetime.date), "tell_by should be a day: datetime.date(year, month, day)."
### BEGIN HIDDEN TESTS
assert coordinator_publishes.isoformat() == ANSWERS["coordinator_publishes"], (
    "From which event does CERT/CC's clock run, and how many days? A month is not a number of days."
)
assert tell_by.isoformat() == ANSWERS["tell_by"], (
    "Count back from the day of the conference, and by the shorter end of the window."
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-details", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(details_follow, datetime.date), (
    "details_follow should be a day: datetime.date(year, month, day)."
)
### BEGIN HIDDEN TESTS
assert details_follow.isoformat() == ANSWERS["details_follow"], (
    "When was the vendor told, is the flaw in use, and did the patch come before the deadline? Only a patch in time buys more days."
)
### END HIDDEN TESTS

# %% [markdown]
# Whom does a clock bind?
# Here are four other flaws, each with one of the clocks above.
# For each say in `binds` whether that clock binds *you*: `True` or `False`.
# *That conference* is one with the rule that `venue.fc24.window` quotes.
# A wrong answer takes back what a right one gives.
#
# Then four changes of one of them: give the id of the one that turns the answer as `turns_clock`.

# %%
table(
    "Four flaws",
    ("id", "clock", "what happens"),
    [(item["id"], item["rule"], item["text"]) for item in public["clocks"]],
)

# %%
turn = public["turns"]["clocks"]
table(f"Changes of {turn['item']}", ("id", "change"), [(one["id"], one["text"]) for one in turn["changes"]])

# %% nbgrader={"grade": false, "grade_id": "clocks", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: binds = {"clock-321": False, …}
binds = {}
turns_clock = None
### BEGIN SOLUTION
binds = {"clock-140": True, "clock-297": True, "clock-334": False, "clock-346": False}
turns_clock = "change-777"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-clocks", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert binds, "Nothing decided yet: ask of each clock who made it, and for whom."
assert set(binds) <= {item["id"] for item in public["clocks"]}, (
    "Decide only on the four flaws of your own table, under their ids."
)
assert all(answer in (True, False) for answer in binds.values()), (
    "Each answer should be True or False, without quotes."
)
### BEGIN HIDDEN TESTS
hits = sum(bool(answer) is ANSWERS["clocks"][name] for name, answer in binds.items())
# A guess is right half of the time, so a wrong answer takes back what a right one gives.
max(0.0, hits - (len(binds) - hits)) / 2
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-turn-clock", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(turns_clock, str) and turns_clock in {
    one["id"] for one in public["turns"]["clocks"]["changes"]
}, "turns_clock should be the id of one of the four changes in the table above, in quotes."
### BEGIN HIDDEN TESTS
right, asked = ANSWERS["clocks"], ANSWERS["asked"]["clocks"]
hits = [name for name, answer in binds.items() if right.get(name) == answer]
assert asked in hits and len(hits) > len(right) / 2, (
    "Which change turns an answer counts only where the answer itself is right, and more than half of its table."
)
assert turns_clock == ANSWERS["turns"]["clocks"], (
    "Make each of the four changes in your mind: whom does the rule name, and are you that before and after it?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 What goes where?
#
# Six pieces lie in the folder on your flaw.
# For each choose where it goes:
#
# - `"paper"`: into the public paper;
# - `"vendor"`: to the vendor, and to a coordinator who works on the patch, and not into the paper;
# - `"nobody"`: to neither, because it is not yours to pass on or should not exist.
#
# A wrong word takes back half of what a right one gives.
#
# Then four changes of one of the pieces: give the id of the one that turns the answer as `turns_piece`.

# %%
table("In the folder", ("id", "what it is"), [(item["id"], item["text"]) for item in public["pieces"]])

# %%
turn = public["turns"]["pieces"]
table(f"Changes of {turn['item']}", ("id", "change"), [(one["id"], one["text"]) for one in turn["changes"]])

# %% nbgrader={"grade": false, "grade_id": "places", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: places = {"piece-321": "paper", …}
places = {}
turns_piece = None
### BEGIN SOLUTION
places = {
    "piece-190": "nobody",
    "piece-544": "paper",
    "piece-834": "vendor",
    "piece-842": "nobody",
    "piece-871": "paper",
    "piece-895": "nobody",
}
turns_piece = "change-157"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-places", "locked": true, "points": 3, "schema_version": 3, "solution": false, "task": false}
assert places, "Nothing placed yet: begin with what users of the product need."
assert set(places) <= {item["id"] for item in public["pieces"]}, (
    "Place only the six pieces of your own table, under their ids."
)
assert all(place in ("paper", "vendor", "nobody") for place in places.values()), (
    "Use one of the three words paper, vendor and nobody."
)
### BEGIN HIDDEN TESTS
hits = sum(ANSWERS["pieces"][name] == place for name, place in places.items())
max(0.0, hits - (len(places) - hits) / 2) / 2
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-turn-piece", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(turns_piece, str) and turns_piece in {
    one["id"] for one in public["turns"]["pieces"]["changes"]
}, "turns_piece should be the id of one of the four changes in the table above, in quotes."
### BEGIN HIDDEN TESTS
right, asked = ANSWERS["pieces"], ANSWERS["asked"]["pieces"]
hits = [name for name, answer in places.items() if right.get(name) == answer]
assert asked in hits and len(hits) > len(right) / 2, (
    "Which change turns an answer counts only where the answer itself is right, and more than half of its table."
)
assert turns_piece == ANSWERS["turns"]["pieces"], (
    "Make each of the four changes in your mind: who needs the piece, whose is it, and can it still do harm?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 6 What does it cost you?
#
# You work at a university in the United States, and your results are fundamental research as long as nothing is promised away.
# For each of four things that happen, say whether it takes that standing from the results concerned: `True` or `False`.
# A wrong answer takes back what a right one gives.
#
# Then four changes of one of them: give the id of the one that turns the answer as `turns_offer`.

# %%
table("Four offers", ("id", "what happens"), [(item["id"], item["text"]) for item in public["offers"]])

# %%
turn = public["turns"]["offers"]
table(f"Changes of {turn['item']}", ("id", "change"), [(one["id"], one["text"]) for one in turn["changes"]])

# %%
rules = ("us.15cfr734.8", "us.15cfr734.8.b", "us.15cfr734.8.c", "us.15cfr734.8.restricted")
table("Rules", ("fact", "what it says"), [(name, facts.get(name).text()) for name in rules])

# %% nbgrader={"grade": false, "grade_id": "offers", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: lost = {"offer-321": False, …}
lost = {}
turns_offer = None
### BEGIN SOLUTION
lost = {"offer-122": True, "offer-529": False, "offer-786": True, "offer-896": False}
turns_offer = "change-855"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-offers", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert lost, "Nothing decided yet: ask of each offer who may say no to your publishing."
assert set(lost) <= {item["id"] for item in public["offers"]}, (
    "Decide only on the four offers of your own table, under their ids."
)
assert all(answer in (True, False) for answer in lost.values()), (
    "Each answer should be True or False, without quotes."
)
### BEGIN HIDDEN TESTS
hits = sum(bool(answer) is ANSWERS["offers"][name] for name, answer in lost.items())
# A guess is right half of the time, so a wrong answer takes back what a right one gives.
max(0.0, hits - (len(lost) - hits)) / 2
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-turn-offer", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(turns_offer, str) and turns_offer in {
    one["id"] for one in public["turns"]["offers"]["changes"]
}, "turns_offer should be the id of one of the four changes in the table above, in quotes."
### BEGIN HIDDEN TESTS
right, asked = ANSWERS["offers"], ANSWERS["asked"]["offers"]
hits = [name for name, answer in lost.items() if right.get(name) == answer]
assert asked in hits and len(hits) > len(right) / 2, (
    "Which change turns an answer counts only where the answer itself is right, and more than half of its table."
)
assert turns_offer == ANSWERS["turns"]["offers"], (
    "Make each of the four changes in your mind: who may say no to your publishing, and has somebody agreed to that?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 7 The first page
#
# Write two pieces, in at most 350 words together.
#
# **The notice to users**, as it stands on the first page of your paper: what is new, who is affected and who is not, what to do now and when, whom to ask, what of the past is touched, and what you do not know.
# Those who read it do not read your section 4.
#
# **The dual-use statement**, for the reviewer: what could be done with the paper, what stands in it and what does not and why, whom you told when, which clock that follows, what remains free to be published, and who else has looked at the decision.
#
# A person marks this with the [rubric of the exercise's page](/modules/publication/exercise.html#how-the-first-page-is-marked): five parts, two points each.

# %% [markdown] nbgrader={"grade": true, "grade_id": "notice", "locked": false, "points": 10, "schema_version": 3, "solution": true, "task": false}
# Write your notice and your statement here.

# %% [markdown]
# ## Am I right?
#
# Nothing above has told you: silent checks are no proof.
# Save this notebook with Ctrl-S.
#
# - For practice, press *Am I right?* on [the exercise's page](/modules/publication/exercise.html#am-i-right), or type `practice publication` in a terminal (*File*, *New*, *Terminal*).
#   Your notebook is graded here, on your own machine, and a page shows part by part what is right and what to think about.
# - In a course, press [*Pack for hand-in*](/modules/publication/exercise.html#hand-in) on the same page, or type `handin publication --learner you`.
