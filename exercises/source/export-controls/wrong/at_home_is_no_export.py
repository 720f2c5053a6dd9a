# expected-score: 14
# token: practice: at home 8
# mistake: Thinks that what happens inside a laboratory at home is never an export, and that passwords are not technology.
# %% decide
at_home = {"student-layout", "whiteboard", "password", "sponsor-veto", "vendor-input"}
crosses = {"repair", "onward", "mail-toronto", "call-boston", "shared-folder", "suitcase", "telephone"}
rules = {
    "repair": "us.15cfr734.13",
    "onward": "us.15cfr734.14",
    "suitcase": "eu.821.art2.3.c",
    "telephone": "gb.eco2008.electronic",
}
decisions = {}
for plan in public["activities"]:
    name = plan["id"]
    general = {"US": "us.15cfr734.8", "EU": "eu.821.art2.2.d", "GB": "gb.eco2008.art18.1"}[plan["where"]]
    decisions[name] = (name in crosses, rules.get(name, general))
