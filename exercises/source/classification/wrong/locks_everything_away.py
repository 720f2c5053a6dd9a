# expected-score: 6
# token: practice: careful
# mistake: Puts everything into the restricted tier, to be on the safe side, until further notice.
# %% place
placed = {one["id"]: 3 for one in sheet.things}
# %% reason
because = dict.fromkeys(placed, "listed")
# %% review
again = dict.fromkeys(placed, "2036-12-31")
