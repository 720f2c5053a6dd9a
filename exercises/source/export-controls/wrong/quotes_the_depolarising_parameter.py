# expected-score: 16
# token: practice: fourth third 3
# mistake: Reports the depolarising parameter p, which is four thirds of the average gate error.
# %% measure
results = [analyse(night.curves) for night in sheet.nights]
errors = {night.coupler: 1 - result.fit.alpha_gate for night, result in zip(sheet.nights, results)}
cnot_error = sum(errors.values()) / len(errors)
interval = (cnot_error * 0.95, cnot_error * 1.05)
