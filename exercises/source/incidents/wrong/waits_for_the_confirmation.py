# expected-score: 14.5
# token: practice: confirmation
# mistake: Starts the right clocks, but only when the forensic firm has confirmed.
# says: from the finding, or from its confirmation
# %% start-clocks
confirmed = max(when, key=lambda name: incidents.as_utc(when[name]))
starts = {
    "note-436": None,
    "note-453": confirmed,
    "note-780": confirmed,
    "note-781": confirmed,
    "note-859": None,
    "note-884": None,
    "note-892": confirmed,
    "note-993": None,
}
ends = {
    note["id"]: starts[note["id"]]
    and incidents.as_utc(when[confirmed])
    + datetime.timedelta(hours=facts.get(note["fact"]).values[note["value"]].value)
    for note in sheet.notes
}
