# expected-score: 17
# token: practice: data sheet 3
# mistake: Takes last month's calibration for the C-NOT error instead of measuring.
# %% measure
errors = {night.coupler: sheet.calibration[night.coupler] for night in sheet.nights}
cnot_error = sum(sheet.calibration.values()) / len(sheet.calibration)
interval = (cnot_error * 0.95, cnot_error * 1.05)
