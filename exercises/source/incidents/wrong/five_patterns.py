# expected-score: 8
# token: practice: patterns 0
# mistake: Decides by five patterns in the words of note and log, without reading whom a rule binds.
# %% start-clocks
import re

STOPS = r"encrypted|education|open research|not |no |never|bought|grant"
SUSPECTED = r"asks|feeling|list of|First call|Ticket|sorted anew"
CONFIRMED = r"auditor|opinion|board|minutes|insurer|files the"
PROPOSED = r"CIRCIA|FAR|Omnibus|Bill"
starts = {}
for note in sheet.notes:
    about = [e for e in sheet.copies[true_copy] if note["partner"] in e.text]
    about = [e for e in about if not re.search(f"{SUSPECTED}|{CONFIRMED}", e.text)]
    said = note["text"] + " ".join(e.text for e in about)
    stops = re.search(PROPOSED, note["asks"]) or re.search(STOPS, said)
    starts[note["id"]] = None if stops or not about else about[0].id
ends = {
    note["id"]: starts[note["id"]]
    and incidents.as_utc(when[starts[note["id"]]])
    + datetime.timedelta(hours=facts.get(note["fact"]).values[note["value"]].value)
    for note in sheet.notes
}
# %% turns
turns = {}
for note in sheet.notes:
    for change, text in note["changes"].items():
        if bool(re.search(STOPS, text)) is (starts[note["id"]] is not None):
            turns[note["id"]] = change
