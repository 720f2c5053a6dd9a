# expected-score: 6
# token: practice: tomorrow
# mistake: Gives one answer to everything: tomorrow for each next look, open for each thing, and the first change of each menu.
# %% place
placed = {one["id"]: 0 for one in sheet.things}
# %% reason
because = dict.fromkeys(placed, "ours")
# %% turn
turned = {one["id"]: one["changes"][0]["id"] for one in sheet.things}
# %% review
again = dict.fromkeys(placed, (today + datetime.timedelta(days=1)).isoformat())
