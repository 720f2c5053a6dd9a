# expected-score: 1
# token: practice: copies the solution
# mistake: Hands in the published solution, which answers the sheet of the rehearsal and no other.
# %% count
counts = {"total": 216, "connected": 215, "counted": 189}
# %% measure
errors = {(39, 57): 0.001485, (156, 157): 0.001107, (201, 202): 0.001728}
cnot_error = 1.440e-03
interval = (0.001319, 0.001561)
rotation = (156, 157)
# %% classify
classification = {"US": None, "EU": None, "GB": None, "CA": None, "DE": "not verified", "ES": "not verified"}
# %% decide
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
