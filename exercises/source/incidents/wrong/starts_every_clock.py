# expected-score: 14
# token: practice: every clock
# mistake: Starts every clock of the table, to be on the safe side, proposals included.
# says: is it in force
# %% start-clocks
clocks = {
    name: incidents.as_utc(when["discovered"])
    + datetime.timedelta(hours=facts.get(regime.fact).values[regime.value].value)
    for name, regime in regimes.items()
}
