# %% [markdown]
# # A claim, a flaw, a paper
#
# Three things have landed on your desk in one week.
# Somebody claims to have factored a number and sends you the counts.
# Your own group has found a flaw in a product, and you have to say when what becomes public.
# And the paper on it has to be written, so that it helps those who use the product and those who check you.
#
# Everything here is training and not legal advice.
# Data, product and people are invented, and nobody else has the same ones.
# Use the book and its instruments, and talk to others; the numbers must be yours.
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
# Put the token that your instructor gave you between the quotes.
# If you learn on your own, write `practice: ` and your name in place of `practice: your name`.

# %%
TOKEN = "practice: your name"

import datetime
from numbers import Real

from coursefacts import load
from courselab import disclosure, factoring, variants
from courselab.disclosure import Course
from courselab.figures import table
from courselab.migration import Plan

variant = variants.mine("publication", TOKEN)
facts, public = load(), variant.public()
claim, story = variant.claim, variant.story
print(f"Claim: {claim.number} factored with base {claim.base}, {claim.shots:,} shots of {claim.bits} bits.")
if variant.practice:
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

# %%
table("This week", ("id", "what it is"), [(item["id"], item["text"]) for item in public["results"]])

# %% nbgrader={"grade": false, "grade_id": "sort", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: kinds = {"lost-raw-data": "embarrassing", …}
kinds = {}
### BEGIN SOLUTION
read = {
    "sensitive": "bright-light rng-seed maintenance-port cheaper-key timing-leak",
    "embarrassing": "wrong-sign lost-raw-data postselected slower-than-laptop intern-repeat",
    "hyped": "cracks-banking unbreakable exponential qday-date first-ever",
    "plain": "estimate-open better-fit theorem null-test open-decoder",
}
known = {name: kind for kind, names in read.items() for name in names.split()}
kinds = {item["id"]: known[item["id"]] for item in public["results"]}
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
right = {item.id: item.answer for item in variants.mine("publication", TOKEN).results}
float(sum(right.get(name) == kind for name, kind in kinds.items())) / 2
### END HIDDEN TESTS

# %% [markdown]
# ## 2 Is it quantum factoring?
#
# `claim.counts[y]` says how often the reading `y` occurred.
# Give, for this number, base and width, with the recipe of `factoring.split`:
#
# - `chance_level`: the probability that *one random reading* gives a factor (exact, to three digits);
# - `success_share`: the share of the shots of the claim that give one.

# %% nbgrader={"grade": false, "grade_id": "chance", "locked": false, "schema_version": 3, "solution": true, "task": false}
chance_level = None
success_share = None
### BEGIN SOLUTION
chance_level = factoring.chance(claim.base, claim.number, claim.bits)
success_share = factoring.success(claim.counts, claim.base, claim.number, claim.bits)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-chance", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(chance_level, Real) and 0 < chance_level < 1, (
    "The chance level is a probability between 0 and 1, and not per cent."
)
### BEGIN HIDDEN TESTS
assert abs(chance_level - variants.mine("publication", TOKEN).claim.chance) < 0.002, (
    "This is not the chance level of your claim. Did you try every reading of this width once, with this base?"
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-success", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(success_share, Real) and 0 < success_share < 1, (
    "The share of successful shots is a number between 0 and 1, and not per cent."
)
### BEGIN HIDDEN TESTS
assert abs(success_share - variants.mine("publication", TOKEN).claim.success) < 0.002, (
    "Count shots and not different readings: a reading that occurred five times counts five times."
)
### END HIDDEN TESTS

# %% [markdown]
# Now use all readings.
#
# - `signal_share`: your estimate of the share of shots that follow a perfect machine (the others being coins);
# - `verdict`: `"signal"` if the data show that the machine did something, `"chance"` if they do not.

# %% nbgrader={"grade": false, "grade_id": "signal", "locked": false, "schema_version": 3, "solution": true, "task": false}
signal_share = None
verdict = None
### BEGIN SOLUTION
found = factoring.signal(claim.counts, factoring.ideal(claim.base, claim.number, claim.bits))
signal_share = found.share
verdict = "signal" if found.low > 0 else "chance"
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-signal", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert isinstance(signal_share, Real) and 0 <= signal_share <= 1, (
    "The share of signal is a number between 0 and 1; chance alone has the share 0."
)
### BEGIN HIDDEN TESTS
assert abs(signal_share - variants.mine("publication", TOKEN).claim.signal.share) < 0.01, (
    "Compare the whole distribution of readings with that of a perfect machine for this base. Successes alone do not tell."
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-verdict", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert verdict in ("signal", "chance"), 'The verdict is "signal" or "chance", in quotes.'
assert isinstance(signal_share, Real), "A verdict needs the estimate that it rests on: give signal_share."
### BEGIN HIDDEN TESTS
mine = variants.mine("publication", TOKEN)
assert abs(signal_share - mine.claim.signal.share) < 0.01, (
    "The verdict does not count while the estimate that it rests on is off."
)
assert verdict == mine.verdict, (
    "Does the interval of the share of signal hold zero? More successes than coins, or fewer, decide nothing."
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
years = public["years"]
in_time = Plan(years["shelf_life"], years["migration"]).verdict(years["earliest"], years["latest"])
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-years", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert in_time in ("late", "depends", "in time"), (
    'Answer with one of "late", "depends" and "in time", in quotes.'
)
### BEGIN HIDDEN TESTS
assert in_time == variants.mine("publication", TOKEN).migration, (
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
venue = "you have a paper there" if story.venue_binds else "a colleague has a paper there, and you have none"
table(
    "What happened",
    ("day", "what"),
    [
        (f"{story.first_mail:%d %B %Y}", f"you write to the vendor; the flaw {used}"),
        (f"{story.answer:%d %B %Y}", "the vendor's first answer"),
        (f"{story.coordinator:%d %B %Y}", "you report to CERT/CC, which accepts"),
        ("patch", patched),
        (
            f"{story.conference:%d %B %Y}",
            f"a conference with the rule that `venue.fc24.window` quotes; {venue}",
        ),
    ],
)

# %% [markdown]
# Give three days as `datetime.date`, and a set:
#
# - `coordinator_publishes`: the day on which CERT/CC publishes by its policy, if nothing changes its mind;
# - `details_follow`: the day on which a group that follows Project Zero's policy would publish the details of this flaw; no grace period was asked for;
# - `tell_by`: the last day on which the vendor could have been told, if at least the shortest window of that rule is to pass before the conference;
# - `binding`: which of the four clocks below bind *you*, as a set of ids; the empty set is `set()`.

# %%
clocks = ("cvd.certcc", "cvd.project-zero", "eu.cra.art16.delay", "venue.fc24.window")
table("Four clocks", ("id", "what it says"), [(name, facts.get(name).text()) for name in clocks])

# %% nbgrader={"grade": false, "grade_id": "calendar", "locked": false, "schema_version": 3, "solution": true, "task": false}
coordinator_publishes = None
details_follow = None
tell_by = None
binding = None
### BEGIN SOLUTION
course = Course(story.first_mail, story.patch, story.exploited)
coordinator_publishes = disclosure.coordinator_publishes(story.coordinator)
details_follow = disclosure.details_follow(course)
tell_by = disclosure.tell_by(story.conference)
binding = {"venue.fc24.window"} if story.venue_binds else set()
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-coordinator", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(coordinator_publishes, datetime.date), (
    "coordinator_publishes should be a day: datetime.date(year, month, day)."
)
### BEGIN HIDDEN TESTS
mine = variants.mine("publication", TOKEN).story
assert coordinator_publishes == disclosure.coordinator_publishes(mine.coordinator), (
    "From which event does this clock run, and how many days? A month is not a number of days."
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-details", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert isinstance(details_follow, datetime.date), (
    "details_follow should be a day: datetime.date(year, month, day)."
)
### BEGIN HIDDEN TESTS
mine = variants.mine("publication", TOKEN).story
assert details_follow == disclosure.details_follow(mine.course), (
    "When was the vendor told, is the flaw in use, and did the patch come before the deadline? Only a patch in time buys more days."
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-tell-by", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(tell_by, datetime.date), "tell_by should be a day: datetime.date(year, month, day)."
### BEGIN HIDDEN TESTS
mine = variants.mine("publication", TOKEN).story
assert tell_by == disclosure.tell_by(mine.conference), (
    "Count back from the day of the conference, and by the shorter end of the window."
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-binding", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(binding, (set, frozenset, list, tuple)) and set(binding) <= set(clocks), (
    "binding should be a set of ids from the table above, or set()."
)
### BEGIN HIDDEN TESTS
mine = variants.mine("publication", TOKEN)
assert set(binding) == set(mine.binding), (
    "A policy binds whoever made it. Whom does each of the four name, and is that you?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 5 What goes where?
#
# Six pieces lie in the folder.
# For each choose where it goes:
#
# - `"paper"`: into the public paper;
# - `"vendor"`: to the vendor, and to a coordinator who works on the patch, and not into the paper;
# - `"nobody"`: to neither, because it is not yours to pass on or should not exist.

# %%
table("In the folder", ("id", "what it is"), [(item["id"], item["text"]) for item in public["pieces"]])

# %% nbgrader={"grade": false, "grade_id": "places", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: places = {"timeline": "paper", …}
places = {}
### BEGIN SOLUTION
where = {
    "paper": "who-is-affected physics countermeasure past-keys timeline limits cost",
    "vendor": "scripts firmware-offsets raw-traces serial-numbers second-flaw customer-network",
    "nobody": "real-key customer-mail live-test colleague-account staff-names",
}
known = {name: place for place, names in where.items() for name in names.split()}
places = {item["id"]: known[item["id"]] for item in public["pieces"]}
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
right = {item.id: item.answer for item in variants.mine("publication", TOKEN).pieces}
float(sum(right.get(name) == place for name, place in places.items())) / 2
### END HIDDEN TESTS

# %% [markdown]
# ## 6 What does it cost you?
#
# You work in the United States, and your results are fundamental research as long as nothing is promised away.
# For each of four things that happen, say whether it takes that standing from the results concerned: `True` or `False`.

# %%
table("Four offers", ("id", "what happens"), [(item["id"], item["text"]) for item in public["offers"]])

# %%
names = ("us.15cfr734.8", "us.15cfr734.8.b", "us.15cfr734.8.c", "us.15cfr734.8.restricted")
table("Rules", ("fact", "what it says"), [(name, facts.get(name).text()) for name in names])

# %% nbgrader={"grade": false, "grade_id": "offers", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: lost = {"patent-delay": False, …}
lost = {}
### BEGIN SOLUTION
ends = ["vendor-veto", "sponsor-hold", "kept-back", "national-security-clause", "blanket-nda"]
lost = {item["id"]: item["id"] in ends for item in public["offers"]}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-offers", "locked": true, "points": 2, "schema_version": 3, "solution": false, "task": false}
assert lost, "Nothing decided yet: ask of each offer who may say no to your publishing."
assert set(lost) <= {item["id"] for item in public["offers"]}, (
    "Decide only on the four offers of your own table, under their ids."
)
assert all(answer in (True, False) for answer in lost.values()), "Each answer is True or False."
### BEGIN HIDDEN TESTS
right = {item.id: item.answer for item in variants.mine("publication", TOKEN).offers}
hits = sum(name in right and bool(answer) is right[name] for name, answer in lost.items())
# A guess is right half of the time, so a wrong answer takes back what a right one gives.
max(0.0, float(hits - (len(lost) - hits)) / 2)
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
