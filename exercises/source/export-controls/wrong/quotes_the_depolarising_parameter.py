# expected-score: 13
# token: practice: fourth third 3
# mistake: Reports the depolarising parameter p, which is four thirds of the average gate error.
# %% measure
design = Design.for_error(sum(variant.calibration[pair] for pair in variant.to_measure) / 3)
results = [benchmark(device, pair, design, seed=variant.seed) for pair in variant.to_measure]
errors = {pair: 1 - result.fit.alpha_gate for pair, result in zip(variant.to_measure, results)}
cnot_error = sum(errors.values()) / len(errors)
interval = (cnot_error * 0.95, cnot_error * 1.05)
