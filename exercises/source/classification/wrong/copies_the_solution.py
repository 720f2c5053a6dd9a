# expected-score: 3
# token: practice: copies the solution
# mistake: Hands in the published solution, which answers the sheet of the rehearsal and no other.
# %% place
placed = {
    "thing-158": 3,
    "thing-214": 4,
    "thing-263": 0,
    "thing-321": 0,
    "thing-322": 1,
    "thing-381": 2,
    "thing-506": 3,
    "thing-522": 1,
    "thing-615": 0,
    "thing-659": 3,
    "thing-807": 0,
    "thing-904": 2,
}
# %% reason
because = {
    "thing-158": "listed",
    "thing-214": "marked",
    "thing-263": "ours",
    "thing-321": "ours",
    "thing-322": "ours-later",
    "thing-381": "agreement",
    "thing-506": "listed",
    "thing-522": "ours-later",
    "thing-615": "published",
    "thing-659": "security",
    "thing-807": "ours",
    "thing-904": "agreement",
}
# %% turn
turned = {
    "thing-158": "change-3842",
    "thing-214": "change-9050",
    "thing-263": "change-5650",
    "thing-321": "change-1675",
    "thing-322": "change-2301",
    "thing-381": "change-1187",
    "thing-506": "change-9980",
    "thing-522": "change-9327",
    "thing-615": "change-8507",
    "thing-659": "change-2047",
    "thing-807": "change-4141",
    "thing-904": "change-2066",
}
# %% review
again = {
    "thing-158": "2027-01-30",
    "thing-214": "2027-11-25",
    "thing-263": "2027-11-25",
    "thing-321": "2027-11-25",
    "thing-322": "2027-05-11",
    "thing-381": "2027-05-03",
    "thing-506": "2027-09-09",
    "thing-522": "2027-11-10",
    "thing-615": "2027-11-25",
    "thing-659": "2027-02-05",
    "thing-807": "2027-11-25",
    "thing-904": "2027-10-11",
}
# %% night
gates = [0.02292, 0.006245, 0.01291, 0.02174, 0.01748]
# %% leak
rates = {
    "noise of 22 %": 0.967,
    "late by 15 days": 0.983,
    "one number per machine": 0.4,
    "noise of 91 %": 0.411,
    "one number per machine, late by 32 days": 0.228,
    "one digit": 0.989,
}
# %% use
worth = {
    "noise of 22 %": 0.867,
    "late by 15 days": 0.766,
    "one number per machine": 0.431,
    "noise of 91 %": 0.311,
    "one number per machine, late by 32 days": 0.241,
    "one digit": 0.913,
}
# %% choose
chosen = "one number per machine"
