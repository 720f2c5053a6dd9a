# expected-score: 8
# token: practice: stamps
# mistake: Takes every stamp and home-made label at its word, whoever put it there, and leaves the rest out.
# %% place
STAMPS = ("CONFIDENTIAL", "SECRET", "CUI", "'restricted'", "Sensitive")
placed = {one["id"]: 4 for one in sheet.things if any(stamp in one["text"] for stamp in STAMPS)}
# %% reason
because = dict.fromkeys(placed, "marked")
