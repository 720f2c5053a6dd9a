# expected-score: 18
# token: practice: shelf 2
# mistake: Counts each different reading once, however often it occurred, and holds the shelf life alone against the machine.
# says: Count shots and not different readings
# %% chance
own = [
    factoring.reversed_bits(job.readings, claim.bits) if job.first_bit == "lowest" else job.readings
    for job in claim.jobs
    if job.base == claim.base
]
counts = factoring.counted(np.concatenate(own), claim.bits)
hit = factoring.hits(claim.base, claim.number, claim.bits)
chance_level = float(hit.mean())
success_share = float(hit[counts > 0].mean())
# %% years
years = public["years"]
in_time = Plan(years["shelf_life"], 0).verdict(years["earliest"], years["latest"])
