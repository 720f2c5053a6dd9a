# expected-score: 8.5
# token: practice: careful
# mistake: Puts everything into the restricted tier, to be on the safe side, until further notice.
# %% place
placed = {thing["id"]: 3 for thing in public["artefacts"]}
# %% reason
because = dict.fromkeys(placed, "listed")
# %% review
again = dict.fromkeys(placed, "2036-12-31")
