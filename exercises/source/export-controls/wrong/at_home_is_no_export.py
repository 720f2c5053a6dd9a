# expected-score: 9.5
# token: practice: at home 8
# mistake: Thinks that what happens inside a laboratory at home is never an export, and that passwords are not technology.
# %% decide
crossing = ("ship", "Toronto", "call", "suitcase", "fly", "forward")
general = {"US": "us.15cfr734.8", "EU": "eu.821.art2.2.d", "GB": "gb.eco2008.art18.1"}
decisions = {
    plan["id"]: (any(word in plan["text"] for word in crossing), general[plan["where"]])
    for plan in sheet.plans
}
