# expected-score: 18
# token: practice: shelf 1
# mistake: Counts each different reading once, however often it occurred, and holds the shelf life alone against the machine.
# says: Count shots and not different readings
# %% chance
hit = factoring.hits(claim.base, claim.number, claim.bits)
chance_level = float(hit.mean())
success_share = float(hit[claim.counts > 0].mean())
# %% years
years = public["years"]
in_time = Plan(years["shelf_life"], 0).verdict(years["earliest"], years["latest"])
