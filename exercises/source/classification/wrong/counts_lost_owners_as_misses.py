# expected-score: 19
# token: practice: lost owners
# mistake: Counts a job of which nobody knows who ran it as one that the attacker missed.
# says: over all jobs of which that is known
# %% leak
shares = sheet.jobs.counts / sheet.jobs.shots[:, None]
rates = {}
for form in sheet.forms:
    belief = releases.believed(form.table, form.spread, shares, shots=sheet.jobs.shots)
    rates[form.name] = float((belief.argmax(axis=1) == sheet.jobs.owners).mean())
