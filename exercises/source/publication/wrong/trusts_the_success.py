# expected-score: 16
# token: practice: coins 1
# mistake: Takes more successes than coins for a signal, and fewer for chance, and never looks at the readings.
# says: Successes alone do not tell
# %% signal
hit = factoring.hits(claim.base, claim.number, claim.bits)
best = float(factoring.ideal(claim.base, claim.number, claim.bits) @ hit)
signal_share = min(1.0, abs((success_share - chance_level) / (best - chance_level)))
verdict = "signal" if success_share > chance_level else "chance"
