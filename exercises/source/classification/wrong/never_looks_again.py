# expected-score: 18
# token: practice: forever
# mistake: Sets one day for all, far away, so that no event and no year is kept.
# %% review
again = {one["id"]: "2030-01-01" for one in sheet.things}
