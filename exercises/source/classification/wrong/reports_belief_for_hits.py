# expected-score: 19
# token: practice: believer
# mistake: Reports how strongly the attacker believes in the first guess, instead of how often the guess is right.
# says: how often the most believed machine is the one that ran the job
# %% leak
shares = sheet.jobs.counts / sheet.jobs.shots[:, None]
rates = {}
for form in sheet.forms:
    belief = releases.believed(form.table, form.spread, shares, shots=sheet.jobs.shots)
    rates[form.name] = float(belief.max(axis=1).mean())
