# expected-score: 18
# token: practice: a day late
# mistake: Lets a condition hold on the very day on which it ends.
# says: on the very day on which a condition ends
# %% register
def tier_of(record, today):
    asks = {"flaw_until": 3, "agreement_until": 2, "waits_for": 1}
    ahead = {name: record[name] for name in asks if record[name] is not None and record[name] >= today}
    tier = max([0] + [asks[name] for name in ahead])
    if record["listed"] or record["promised"]:
        tier = 3
    if record["marked"]:
        tier = 4
    year = datetime.date.fromisoformat(today) + datetime.timedelta(days=365)
    return tier, min([*ahead.values(), year.isoformat()])
