# expected-score: 13
# token: practice: fourth third
# mistake: Reports the depolarising parameter p, which is four thirds of the average gate error.
# %% measure
design = Design.for_error(sum(variant.calibration[pair] for pair in variant.to_measure) / 3)
results = [benchmark(device, pair, design, seed=variant.seed) for pair in variant.to_measure]
cnot_error = sum(1 - result.fit.alpha_gate for result in results) / len(results)
interval = (cnot_error * 0.95, cnot_error * 1.05)
