# expected-score: 15
# token: practice: believer
# mistake: Reports how strongly the attacker believes in the first guess, instead of how often the guess is right.
# says: how often the most believed machine is the one that ran the job
# %% leak
rates = {}
for form in variant.forms:
    rates[form.name] = float(releases.chances(form, fleet, variant.measured).max(axis=1).mean())
