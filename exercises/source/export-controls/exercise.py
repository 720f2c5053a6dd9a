# %% [markdown]
# # Your device, your project
#
# You work in a laboratory that has just received a quantum processor.
# Before anyone ships it, logs in from abroad or shows it to guests, the export control office asks you four things: how many of its qubits count, how good its C-NOT is, where that puts it in the control lists, and which of the project's plans are exports.
#
# Everything here is training and not legal advice.
# The device is simulated, and nobody else has the same one.
# What was measured on it in one night lies beside this notebook, in your sheet (`sheet.json` and `sheet.npz`).
# You may analyse it as you like, use the book, and talk to others; the numbers must be yours.
#
# Work from top to bottom.
# Replace `raise NotImplementedError` by your own code, and run the check below it.
# A check that stays silent has found nothing wrong *so far*: it looks at the form of an answer, and a wrong one passes it too.
# Whether an answer is right, you ask at the end.
#
# In the book: [this exercise](/modules/export-controls/exercise.html), the [rubric of the written part](/modules/export-controls/exercise.html#how-the-e-mail-is-marked), and the labs [*the road map crosses a line*](/modules/export-controls/lab-road-map.html) and [*where does my device stand?*](/modules/export-controls/lab-where-does-my-device-stand.html).

# %% [markdown]
# ## Your token
#
# In a course the token stands here already, and your sheet lies beside the notebook.
# If you learn on your own, write `practice: ` and your name in place of `practice: your name`; a sheet for practice is drawn then, which takes a few seconds.

# %%
TOKEN = "practice: your name"

from numbers import Integral, Real

from coursefacts import controls, load
from courselab import plots, variants
from courselab.benchmarking import analyse
from courselab.connectivity import census
from courselab.figures import table

sheet = variants.mine("export-controls", TOKEN)
facts = load()
print(f"{sheet.layout.qubits} qubits, {len(sheet.layout.couplers)} couplers, layout: {sheet.layout.kind}")
if sheet.practice:
    print("This is a practice variant: it earns no record.")

# %% [markdown]
# ## 1 How many qubits count?
#
# The map shows all qubits, and the couplers that are present; dotted lines are couplers that were lost in fabrication.
# `sheet.calibration` holds last month's calibrated error of each coupler, and `sheet.specification` the largest value at which a coupler is still within the machine's own specification.
# In this exercise a qubit with a coupler outside specification is *not working*.
# That is one reading of the list's words; state it when you use it.

# %%
plots.device_map(sheet.layout)

# %% [markdown]
# Give three numbers:
#
# - `total`: the qubits on the chip;
# - `connected`: those in the largest part that is joined by the couplers that are present;
# - `counted`: those in the largest part that is joined *and* working. This is the number that the lists ask for.

# %% nbgrader={"grade": false, "grade_id": "count", "locked": false, "schema_version": 3, "solution": true, "task": false}
counts = {"total": None, "connected": None, "counted": None}
### BEGIN SOLUTION
counts = {"total": 216, "connected": 215, "counted": 189}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-connected", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(counts, dict) and set(counts) == {"total", "connected", "counted"}, (
    "counts needs the three keys total, connected and counted."
)
assert all(isinstance(number, Integral) for number in counts.values()), (
    "Each of the three counts should be a whole number."
)
assert counts["total"] == sheet.layout.qubits, (
    "The total is every qubit on the chip, whether it works or not: look at sheet.layout.qubits."
)
assert counts["connected"] <= counts["total"], (
    "Can more qubits be connected than there are? Count the largest part of the map."
)
### BEGIN HIDDEN TESTS
assert counts["connected"] == ANSWERS["connected"], (
    "Count the largest part that the couplers which are present hold together: is a qubit without any coupler in it?"
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-counted", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(counts.get("counted"), Integral), "The counted qubits should be a whole number."
assert counts["counted"] <= counts.get("connected", 0), (
    "A qubit that counts is connected and working, so there cannot be more of them than connected ones."
)
### BEGIN HIDDEN TESTS
assert counts["counted"] == ANSWERS["counted"], (
    "Which qubits does a coupler outside specification take along, and what is left connected when they are gone?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 2 How large is the C-NOT error?
#
# Last month's calibration is not enough: its method is off by a factor that nobody knows, another one on each machine.
# You had one night of machine time on three couplers, `sheet.nights`.
# They were chosen so that their mean is a fair sample of the machine; in a real laboratory you would have to show that.
#
# Each night holds raw results of interleaved randomised benchmarking: `night.coupler`, the `night.design` (lengths, sequences for each length, shots), the `night.counts` of 00, and the same as shares in `night.curves`.
# `analyse(night.curves)` fits both decays.
#
# A night has flaws.
# One coupler was given too few random sequences.
# On another a good part of the error is a *rotation*: the same small turn each time, which adds up in one sequence and cancels in the next, so that sequences of one length scatter far more than the counting of shots explains.
#
# Give
#
# - `errors`: the error of each of the three, as `{(a, b): error}`;
# - `cnot_error`: your estimate of the machine's *average gate error* of a C-NOT (not the depolarising parameter);
# - `interval`: its 95 % interval, as `(low, high)`;
# - `rotation`: the coupler whose error has the rotation in it, as `(a, b)`.

# %% nbgrader={"grade": false, "grade_id": "measure", "locked": false, "schema_version": 3, "solution": true, "task": false}
errors = {}
cnot_error = None
interval = None
rotation = None
### BEGIN SOLUTION
errors = {(39, 57): 0.001485, (156, 157): 0.001107, (201, 202): 0.001728}
cnot_error = 1.440e-03
interval = (0.001319, 0.001561)
rotation = (156, 157)
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-couplers", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert set(errors) == {night.coupler for night in sheet.nights}, (
    "Give the error of each of the three couplers on which you had machine time, and of no other."
)
assert all(isinstance(error, Real) and 0 < error < 0.05 for error in errors.values()), (
    "An error per gate lies between 0 and 1, and for this device well below 0.05. Is one of yours a fidelity, or in per cent?"
)
### BEGIN HIDDEN TESTS
truths = ANSWERS["errors"]
assert {f"{a}-{b}" for a, b in errors} == set(truths), "These are not the couplers of your device."
assert all(
    abs(error / truths[f"{a}-{b}"] - 1)
    <= ANSWERS["tolerance"]["few" if f"{a}-{b}" == ANSWERS["few"] else "coupler"]
    for (a, b), error in errors.items()
), (
    "At least one coupler is off. Do you quote the average gate error of the C-NOT, from both decays of its own night?"
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-error", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(cnot_error, Real), (
    "cnot_error should be one number: the mean over the couplers that you measured."
)
assert 0 < cnot_error < 0.05, (
    "An error per gate lies between 0 and 1, and for this device well below 0.05. Is yours a fidelity, or in per cent?"
)
### BEGIN HIDDEN TESTS
truth = ANSWERS["cnot_error"]
assert abs(cnot_error - truth) <= ANSWERS["tolerance"]["error"] * truth, (
    "This is not the machine's average C-NOT error. Did you use all three nights, and do you quote the average gate error rather than the depolarising parameter or last month's calibration?"
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-interval", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert (
    isinstance(interval, (tuple, list))
    and len(interval) == 2
    and all(isinstance(x, Real) for x in (*interval, cnot_error))
), "The interval should be two numbers, (low, high), around an estimate that is a number."
low, high = interval
assert low < cnot_error < high, "The interval should lie around your estimate: (low, high)."
### BEGIN HIDDEN TESTS
half = (high - low) / 2
assert ANSWERS["half_width"] / 2 <= half <= 2 * ANSWERS["half_width"], (
    "Think about the width: how uncertain is each of the three numbers, and what does that make of their mean? The bound of the method is another thing, and so is the fit's own sigma."
)
assert abs((low + high) / 2 - ANSWERS["cnot_error"]) <= 2.5 * half, (
    "Your interval lies far from the machine's error: from which numbers does it come?"
)
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-rotation", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert isinstance(rotation, (tuple, list)) and tuple(rotation) in {night.coupler for night in sheet.nights}, (
    "rotation should be one of the three couplers on which you had machine time, as (a, b)."
)
### BEGIN HIDDEN TESTS
assert "{}-{}".format(*rotation) == ANSWERS["coherent"], (
    "Compare the scatter between sequences of one length with what the counting of shots alone gives: on which coupler is it largest?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 3 Where does the device stand?
#
# Place the device in each list as it stands on the day `sheet.as_of`.
# Give the complete code of the paragraph, such as `"4A906.a.1"`, or `None` where the device is in no band.
# A list that has not been read as current is not to be guessed: answer `"not verified"`.
# The book's table shows which lists those are, and the code of each paragraph.

# %%
rows = [
    (fact.id, fact.source.locator, fact.standing)
    for fact in facts.by_topic("control-list")
    if controls.bands(fact)
]
table("Entries on quantum computers", ("fact", "entry", "standing"), rows)

# %% nbgrader={"grade": false, "grade_id": "classify", "locked": false, "schema_version": 3, "solution": true, "task": false}
classification = {"US": None, "EU": None, "GB": None, "CA": None, "DE": None, "ES": None}
### BEGIN SOLUTION
classification = {"US": None, "EU": None, "GB": None, "CA": None, "DE": "not verified", "ES": "not verified"}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-places", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
assert set(classification) == {"US", "EU", "GB", "CA", "DE", "ES"}, (
    "Answer for all six lists, under their two-letter names."
)
assert all(value is None or isinstance(value, str) for value in classification.values()), (
    "Each answer is a code in quotes, or None."
)
assert any(value is not None for value in classification.values()), (
    "None everywhere? Two of the lists ask for another answer than None or a code."
)
### BEGIN HIDDEN TESTS
right = ANSWERS["places"]
hits = [
    classification[name] == right[name] and type(classification[name]) is type(right[name]) for name in right
]
# Six lists, one point; the two that nobody may guess are not enough for anything.
max(0.0, float(sum(hits) - 2) / 4)
### END HIDDEN TESTS

# %% [markdown]
# A list changes, and another country writes one.
# Write a function that finds a machine in *any* list of this kind.
# A list is some bands, in no particular order, each a dictionary such as
#
#     {"code": "X1.2", "qubits_min": 34, "qubits_max": 99, "error_max": 0.0006}
#
# Both ends of a band belong to it, and so does its bound: an error of exactly `error_max` meets it.
# `None` for `qubits_max` or `error_max` means that there is no such limit.
# Give the code of the band that holds the machine, or `None`.
# Your function is tried on lists that no country has.


# %% nbgrader={"grade": false, "grade_id": "place", "locked": false, "schema_version": 3, "solution": true, "task": false}
def place(bands, qubits, error):
    """Find the band of a machine in a list; None where it is in no band."""
    ### BEGIN SOLUTION
    for band in bands:
        if qubits < band["qubits_min"] or (band["qubits_max"] is not None and qubits > band["qubits_max"]):
            continue
        if band["error_max"] is None or error <= band["error_max"]:
            return band["code"]
    return None
    ### END SOLUTION


# %% nbgrader={"grade": true, "grade_id": "check-place", "locked": true, "points": 1, "schema_version": 3, "solution": false, "task": false}
one_band = [{"code": "X0.1", "qubits_min": 34, "qubits_max": 99, "error_max": 0.0006}]
try:
    found = place(one_band, 50, 0.0001)
except NotImplementedError:
    raise AssertionError("The function place is not written yet: it takes bands, qubits and error.") from None
assert found is None or isinstance(found, str), "place should give the code of a band, or None."
### BEGIN HIDDEN TESTS
wrong = [
    trial
    for trial in ANSWERS["trials"]
    if place(trial["bands"], trial["qubits"], trial["error"]) != trial["code"]
]
assert len(ANSWERS["trials"]) > 0 and not wrong, (
    "Your function puts a machine into the wrong band, or into none. What does it do at both ends of a band, exactly on a bound, and where a limit is None?"
)
### END HIDDEN TESTS

# %% [markdown]
# ## 4 Which plans are exports?
#
# Eight things are about to happen in the project.
# For each, decide whether the export rules reach it: `True` for an export, a reexport, a deemed export, or an act that needs the same authorisation as one; `False` for what is none of these, or is taken out of the controls by a rule, such as a research exemption.
# Then name the one rule that decides it.
# Whether it needs a licence, or only a record, or an exception applies, is not asked here: an export can be free to go ahead.
# The place in front of each says whose rules are asked for.
# A wrong yes or no takes as much back as a right one gives, so leave out what you do not know.
# A rule counts where yes or no is right too.

# %%
table(
    "Eight plans",
    ("id", "rules of", "what is about to happen"),
    [(plan["id"], plan["where"], plan["text"]) for plan in sheet.plans],
)

# %%
menu = sheet.rules
table(
    "Rules to choose from",
    ("rule", "source", "what it says"),
    [(rule, facts.get(rule).source.locator, facts.get(rule).text()) for rule in menu],
)

# %% nbgrader={"grade": false, "grade_id": "decide", "locked": false, "schema_version": 3, "solution": true, "task": false}
# For example: decisions = {"plan-321": (True, "us.15cfr734.13"), …}
decisions = {}
### BEGIN SOLUTION
decisions = {
    "plan-356": (False, "us.15cfr734.13"),
    "plan-440": (True, "us.15cfr734.8.inputs"),
    "plan-594": (True, "us.15cfr734.19"),
    "plan-738": (False, "us.15cfr734.10"),
    "plan-752": (False, "us.15cfr734.8"),
    "plan-836": (True, "eu.821.art2.2.d"),
    "plan-843": (False, "eu.821.art11.9"),
    "plan-969": (True, "us.15cfr734.8.restricted"),
}
### END SOLUTION

# %% nbgrader={"grade": true, "grade_id": "check-decisions", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
assert decisions, "No decision yet: begin with the plan of which you are surest."
assert set(decisions) <= {plan["id"] for plan in sheet.plans}, (
    "Decide only on the eight plans of your own table, under their ids."
)
assert all(
    isinstance(choice, (tuple, list)) and len(choice) == 2 and choice[0] in (True, False)
    for choice in decisions.values()
), "Each decision is a pair: True or False, and the id of a rule in quotes."
### BEGIN HIDDEN TESTS
exports = {name: export for name, (export, rules) in ANSWERS["plans"].items()}
hits = sum(name in exports and bool(choice[0]) is exports[name] for name, choice in decisions.items())
max(0.0, 0.75 * (hits - (len(decisions) - hits)))
### END HIDDEN TESTS

# %% nbgrader={"grade": true, "grade_id": "check-rules", "locked": true, "points": 6, "schema_version": 3, "solution": false, "task": false}
assert decisions, "No decision yet: a rule counts only together with its decision."
assert all(len(choice) == 2 and choice[1] in menu for choice in decisions.values()), (
    "Choose each rule from the table above, by its id."
)
### BEGIN HIDDEN TESTS
plans = ANSWERS["plans"]
float(
    sum(
        name in plans and bool(choice[0]) is plans[name][0] and choice[1] in plans[name][1]
        for name, choice in decisions.items()
    )
) * 0.75
### END HIDDEN TESTS

# %% [markdown]
# ## 5 The e-mail
#
# Write to the export control office of your institution, in at most 300 words.
# A guest from abroad arrives in three weeks to work with the device, and a joint paper is planned.
# The office has never heard of the device.
# And this morning a request came in, for something small.

# %%
print(sheet.request)

# %% [markdown]
# They need to know: what it is, with the numbers and how sure you are of them; where it stands, as of when, and which lists you could not check; which of the eight plans need their answer *before* something happens, and by when; what the request says of the parties, the end use and the destination, and which of these three it leaves open; and what can go on in the open meanwhile, and why.
# Do not decide the legal question for them, and do not send more technical detail than the question needs.
#
# A person marks this with the [rubric of the exercise's page](/modules/export-controls/exercise.html#how-the-e-mail-is-marked): five parts, two points each.

# %% [markdown] nbgrader={"grade": true, "grade_id": "letter", "locked": false, "points": 10, "schema_version": 3, "solution": true, "task": false}
# Write your e-mail here.

# %% [markdown]
# ## Am I right?
#
# Nothing above has told you: silent checks are no proof.
# Save this notebook with Ctrl-S.
#
# - For practice, press *Am I right?* on [the exercise's page](/modules/export-controls/exercise.html#am-i-right), or type `practice export-controls` in a terminal (*File*, *New*, *Terminal*).
#   Your notebook is graded here, on your own machine, and a page shows part by part what is right and what to think about.
# - In a course, press [*Pack for hand-in*](/modules/export-controls/exercise.html#hand-in) on the same page, or type `handin export-controls --learner you`.
