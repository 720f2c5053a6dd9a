# expected-score: 18
# token: practice: coins 1
# mistake: Takes more successes than coins for a signal, and fewer for chance, and never looks at the readings.
# says: Successes alone do not tell
# %% signal
own = [
    factoring.reversed_bits(job.readings, claim.bits) if job.first_bit == "lowest" else job.readings
    for job in claim.jobs
    if job.base == claim.base
]
counts = factoring.counted(np.concatenate(own), claim.bits)
hit = factoring.hits(claim.base, claim.number, claim.bits)
best = float(factoring.ideal(claim.base, claim.number, claim.bits) @ hit)
signal_share = min(1.0, abs((success_share - chance_level) / (best - chance_level)))
interval = (signal_share / 2, min(1.0, 2 * signal_share))
verdict = "signal" if success_share > chance_level else "chance"


# %% judge
def judge(counts, base, number, bits):
    success = factoring.success(counts, base, number, bits)
    return "signal" if success > factoring.chance(base, number, bits) else "chance"
