# expected-score: 13
# token: practice: data sheet 4
# mistake: Takes last month's calibration for the C-NOT error instead of measuring.
# %% measure
errors = {pair: variant.calibration[pair] for pair in variant.to_measure}
cnot_error = sum(variant.calibration.values()) / len(variant.calibration)
interval = (cnot_error * 0.95, cnot_error * 1.05)
