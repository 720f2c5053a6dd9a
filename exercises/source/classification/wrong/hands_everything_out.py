# expected-score: 8
# token: practice: generous
# mistake: Thinks that a university has nothing to hide, and calls everything open and its own.
# %% place
placed = {one["id"]: 0 for one in sheet.things}
# %% reason
because = dict.fromkeys(placed, "ours")
