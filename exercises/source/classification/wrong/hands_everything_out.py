# expected-score: 11.25
# token: practice: generous
# mistake: Thinks that a university has nothing to hide, and calls everything open and its own.
# %% place
placed = {thing["id"]: 0 for thing in public["artefacts"]}
# %% reason
because = dict.fromkeys(placed, "ours")
