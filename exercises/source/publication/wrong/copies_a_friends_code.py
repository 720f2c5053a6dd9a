# expected-score: 6
# token: practice: copies a friend
# mistake: Runs a friend's notebook on the own sheet: what is computed fits, what the friend decided does not.
# %% sort
kinds = {
    "result-247": "embarrassing",
    "result-401": "plain",
    "result-659": "plain",
    "result-687": "hyped",
    "result-706": "plain",
    "result-875": "sensitive",
}
turns_kind = "change-278"
# %% chance
own = [
    factoring.reversed_bits(job.readings, claim.bits) if job.first_bit == "lowest" else job.readings
    for job in claim.jobs
    if job.base == claim.base
]
counts = factoring.counted(np.concatenate(own), claim.bits)
chance_level = factoring.chance(claim.base, claim.number, claim.bits)
success_share = factoring.success(counts, claim.base, claim.number, claim.bits)
# %% signal
estimate = factoring.signal(counts, factoring.ideal(claim.base, claim.number, claim.bits))
signal_share = estimate.share
interval = (estimate.low, estimate.high)
verdict = "signal" if estimate.low > 0 else "chance"
# %% years
years = public["years"]
in_time = Plan(years["shelf_life"], years["migration"]).verdict(years["earliest"], years["latest"])
# %% calendar
coordinator_publishes = disclosure.coordinator_publishes(story.coordinator)
details_follow = disclosure.details_follow(Course(story.first_mail, story.patch, story.exploited))
tell_by = disclosure.tell_by(story.conference)
# %% clocks
binds = {"clock-116": False, "clock-403": True, "clock-429": True, "clock-992": False}
turns_clock = "change-753"
# %% places
places = {
    "piece-189": "vendor",
    "piece-248": "vendor",
    "piece-524": "nobody",
    "piece-566": "paper",
    "piece-675": "paper",
    "piece-951": "paper",
}
turns_piece = "change-674"
# %% offers
lost = {"offer-118": False, "offer-182": True, "offer-409": False, "offer-417": True}
turns_offer = "change-123"
