# expected-score: 8.5
# token: practice: no to all
# mistake: Calls every plan an export, to be on the safe side, and all lists controlled.
# %% classify
classification = {
    "US": "4A906.a.8",
    "EU": "4A506.a.8",
    "GB": "4A506.a.8",
    "CA": "5506(2)(c)(ii)(A)(VIII)",
    "DE": "4A1906a",
    "ES": "4A901.a",
}
# %% decide
decisions = {
    plan["id"]: (True, "us.15cfr734.13" if plan["where"] == "US" else "eu.821.art2.2.d")
    for plan in sheet.plans
}
