# expected-score: 8
# token: practice: tomorrow
# mistake: Lets every clock start when the account was locked and end tomorrow at noon, whoever asks and whatever for.
# %% start-clocks
locked = next(e for e in sheet.copies[true_copy] if "locked" in e.text)
day = incidents.as_utc(when[locked.id]).replace(hour=12, minute=0)
starts = {note["id"]: locked.id for note in sheet.notes}
ends = {note["id"]: day + datetime.timedelta(days=1) for note in sheet.notes}
# %% turns
turns = {note["id"]: min(note["changes"]) for note in sheet.notes}
