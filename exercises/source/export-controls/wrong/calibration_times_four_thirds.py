# expected-score: 7.5
# token: practice: four thirds
# mistake: Has heard that last month's calibration reads three quarters of the truth, and analyses nothing.
# %% measure
errors = {night.coupler: 4 / 3 * sheet.calibration[night.coupler] for night in sheet.nights}
cnot_error = 4 / 3 * sum(sheet.calibration.values()) / len(sheet.calibration)
interval = (0.95 * cnot_error, 1.05 * cnot_error)
rotation = sheet.nights[0].coupler
# %% decide
decisions = {plan["id"]: (True, sheet.rules[0]) for plan in sheet.plans}
