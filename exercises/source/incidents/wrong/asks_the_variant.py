# expected-score: 0
# token: practice: asks
# mistake: Asks the notebook's own object for the answers, under every name that one might try.
# %% copies
def ask(*names):
    for name in names:
        found = getattr(sheet, name, None)
        if found is not None:
            return found() if callable(found) else found
    return None


true_copy = ask("true_copy", "log", "answers")
edited = ask("edited")
# %% timeline
when = ask("times", "when") or {}
order = ask("order") or []
# %% start-clocks
starts = {note["id"]: note.get("starts", note.get("binds")) for note in sheet.notes}
ends = ask("deadlines", "ends") or {note["id"]: note.get("end") for note in sheet.notes}
# %% turns
turns = {note["id"]: note.get("turn", note.get("key")) for note in sheet.notes}
# %% detect
rate = ask("rate", "base", "flips")
threshold = ask("threshold", "allowed")
window = ask("window", "began", "rings_in")
found = ask("found", "shares")
probability = ask("probability", "posterior")


# %% rings
def rings(counts):
    return ask("trials", "began")
