# expected-score: 0
# token: practice: ada
# mistake: Hands in the tiers, days and numbers of a neighbour, whose token is another one.
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
