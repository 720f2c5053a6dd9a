# expected-score: 18
# token: practice: as printed
# mistake: Takes every stamp for UTC.
# says: before both are in UTC
# %% timeline
when = {entry.id: entry.stamp for entry in sheet.copies[true_copy]}
order = sorted(when, key=when.get)
