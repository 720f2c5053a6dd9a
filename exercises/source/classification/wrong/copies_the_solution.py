# expected-score: 3
# token: practice: copies the solution
# mistake: Hands in the published solution, which answers the sheet of the rehearsal and no other.
# %% place
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
# %% reason
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
# %% turn
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
# %% review
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
