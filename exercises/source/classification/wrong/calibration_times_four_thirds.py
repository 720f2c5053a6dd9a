# expected-score: 7
# token: practice: four thirds
# mistake: Has heard that last month's calibration reads three quarters of the truth; measures nothing, and puts all into the middle.
# says: Do the batches of one circuit agree
# %% place
placed = {one["id"]: 2 for one in sheet.things}
# %% reason
because = dict.fromkeys(placed, "agreement")
# %% turn
turned = {one["id"]: one["changes"][-1]["id"] for one in sheet.things}
# %% night
gates = 4 / 3 * sheet.calibration
