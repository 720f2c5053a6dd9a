# expected-score: 19
# token: practice: hermit
# mistake: Chooses the form that gives least away, though another one that keeps the ceiling is worth more.
# says: What is secrecy beyond the ceiling for?
# %% choose
chosen = min(rates, key=lambda name: rates[name])
