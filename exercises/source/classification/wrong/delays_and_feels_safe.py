# expected-score: 17
# token: practice: patience
# mistake: Believes that old data identify nobody, and releases the fine table rounded or late.
# says: lets more jobs be identified
# %% choose
chosen = next(form.name for form in variant.forms if not form.pooled and form.noise < 0.5)
given_away = 3.3
