# expected-score: 8
# token: practice: patterns
# mistake: Decides by five patterns in the words of a plan, without reading whom it concerns or what was agreed.
# %% decide
import re

PATTERNS = {
    r"permanent resident|own unpublished|encrypted|patent|published": False,
    r"confidential|controlled|password|ship|suitcase|call": True,
}
RULES = {"US": "us.15cfr734.13", "EU": "eu.821.art2.2.d", "GB": "gb.eco2008.electronic"}
decisions = {}
for plan in sheet.plans:
    hits = [export for pattern, export in PATTERNS.items() if re.search(pattern, plan["text"])]
    decisions[plan["id"]] = (hits[0] if hits else True, RULES[plan["where"]])
