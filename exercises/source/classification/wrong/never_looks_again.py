# expected-score: 17
# token: practice: forever
# mistake: Sets one day for all, far away, so that no event and no year is kept.
# %% review
again = {thing["id"]: "2030-01-01" for thing in public["artefacts"]}
