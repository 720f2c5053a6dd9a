# expected-score: 8
# token: practice: patterns
# mistake: Places by five patterns in the words of a text, without reading which fact stands in it.
# %% place
import re

PATTERNS = {
    r"SECRET|CONFIDENTIAL|CUI|restricted|Sensitive": (4, "marked"),
    r"µGal|pT|QKD|4E001|EU list|export office": (3, "listed"),
    r"password|key to|login|flaw|ports|detectors|scheduler reads": (3, "security"),
    r"agreement|licence|confidence|contract|promised|owner|loan|say in": (2, "agreement"),
    r"paper|preprint|thesis|patent|public|release|conference": (1, "ours-later"),
}
matched = {}
for one in sheet.things:
    hits = [found for pattern, found in PATTERNS.items() if re.search(pattern, one["text"])]
    matched[one["id"]] = hits[0] if hits else (0, "ours")
placed = {name: tier for name, (tier, reason) in matched.items()}
# %% reason
because = {name: reason for name, (tier, reason) in matched.items()}
# %% turn
turned = {
    one["id"]: next(
        (change["id"] for change in one["changes"] if re.search(r" 20\d\d", change["text"])), None
    )
    or one["changes"][0]["id"]
    for one in sheet.things
}
