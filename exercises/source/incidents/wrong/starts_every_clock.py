# expected-score: 8
# token: practice: every clock
# mistake: Starts a clock for every partner, to be on the safe side, proposals included, and would stop it by the last change.
# says: is it in force
# %% start-clocks
starts = {
    note["id"]: next(e.id for e in sheet.copies[true_copy] if note["partner"] in e.text)
    for note in sheet.notes
}
ends = {
    note["id"]: incidents.as_utc(when[starts[note["id"]]])
    + datetime.timedelta(hours=facts.get(note["fact"]).values[note["value"]].value)
    for note in sheet.notes
}
# %% turns
turns = {note["id"]: max(note["changes"]) for note in sheet.notes}
