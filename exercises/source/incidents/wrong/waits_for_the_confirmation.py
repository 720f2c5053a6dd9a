# expected-score: 17
# token: practice: confirmation
# mistake: Starts the right clocks, but only when the forensic firm has confirmed.
# says: from its discovery, or from its confirmation
# %% start-clocks
told = " ".join(variant.body)
runs = {
    "nis2": "important entity" in told,
    "gdpr": "not encrypted" in told,
    "dfars": "covered defense information of that contract" in told,
    "seer": "on the same server" in told,
    "cra": "makes and sells the key-distribution boxes" in told,
}
clocks = {
    name: incidents.as_utc(when["confirmed"])
    + datetime.timedelta(hours=facts.get(regime.fact).values[regime.value].value)
    if runs.get(name)
    else None
    for name, regime in regimes.items()
}
