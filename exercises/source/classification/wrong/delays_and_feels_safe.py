# expected-score: 19
# token: practice: patience
# mistake: Believes that old data identify nobody, and releases the fine table rounded or late.
# says: lets more jobs be identified
# %% choose
chosen = max(rates, key=lambda name: rates[name])
