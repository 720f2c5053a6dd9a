# expected-score: 18
# token: practice: all jobs
# mistake: Pools every job as it lies there, another base and a job that is written the other way round with it.
# says: of the jobs that belong to the claim
# %% chance
counts = factoring.counted(np.concatenate([job.readings for job in claim.jobs]), claim.bits)
chance_level = factoring.chance(claim.base, claim.number, claim.bits)
success_share = factoring.success(counts, claim.base, claim.number, claim.bits)
# %% signal
estimate = factoring.signal(counts, factoring.ideal(claim.base, claim.number, claim.bits))
signal_share = estimate.share
interval = (estimate.low, estimate.high)
verdict = "signal" if estimate.low > 0 else "chance"
