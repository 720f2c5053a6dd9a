# expected-score: 0
# token: practice: ada
# mistake: Hands in the tiers, days and numbers of a neighbour, whose token is another one.
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
again = {"thing-101": "2027-11-01", "thing-207": "2027-05-03", "thing-664": "2027-02-11"}


# %% register
def tier_of(record, today):
    return 2, "2027-03-01"


# %% night
gates = [0.0121, 0.0234, 0.0158, 0.0327, 0.0119]
# %% leak
rates = {"one digit": 0.97, "late by 30 days": 0.9, "one number per machine": 0.36}
# %% use
worth = {"one digit": 0.93, "late by 30 days": 0.7, "one number per machine": 0.41}
# %% choose
chosen = "one number per machine"
