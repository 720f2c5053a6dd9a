# expected-score: 8
# token: practice: copies a friend
# mistake: Runs a friend's notebook on the own sheet: what is computed fits, what the friend decided does not.
# %% place
placed = {
    "thing-166": 1,
    "thing-190": 0,
    "thing-274": 3,
    "thing-322": 2,
    "thing-365": 2,
    "thing-449": 4,
    "thing-539": 3,
    "thing-595": 1,
    "thing-640": 0,
    "thing-651": 0,
    "thing-809": 0,
    "thing-941": 3,
}
# %% reason
because = {
    "thing-166": "ours-later",
    "thing-190": "ours",
    "thing-274": "listed",
    "thing-322": "agreement",
    "thing-365": "agreement",
    "thing-449": "marked",
    "thing-539": "listed",
    "thing-595": "ours-later",
    "thing-640": "ours",
    "thing-651": "ours",
    "thing-809": "published",
    "thing-941": "security",
}
# %% turn
turned = {
    "thing-166": "change-6192",
    "thing-190": "change-2431",
    "thing-274": "change-1872",
    "thing-322": "change-1484",
    "thing-365": "change-5246",
    "thing-449": "change-2634",
    "thing-539": "change-5593",
    "thing-595": "change-9423",
    "thing-640": "change-3489",
    "thing-651": "change-3092",
    "thing-809": "change-7506",
    "thing-941": "change-4842",
}
# %% review
import re

again = {}
for one in sheet.things:
    named = re.findall(r"\d{1,2} [A-Z][a-z]+ 20\d\d", one["text"])
    ahead = [datetime.datetime.strptime(day, "%d %B %Y").date() for day in named]
    ahead = [day for day in ahead if day > today] or [today + datetime.timedelta(days=365)]
    again[one["id"]] = min(ahead).isoformat()
# %% night
counts = sheet.outcomes
bits = (np.arange(64)[:, None] >> np.arange(6)) & 1
kept = []
for batches in counts:
    # The disturbed batch is the one that is farthest from the median of all.
    shares = batches / batches.sum(axis=1, keepdims=True)
    away = np.abs(shares - np.median(shares, axis=0)).sum(axis=1)
    kept.append(np.delete(batches, away.argmax(), axis=0).sum(axis=0))
read = kept[0] @ bits / kept[0].sum()
gates = []
for a in range(5):
    echo = kept[1 + a % 2]
    both = echo[(bits[:, a] == 0) & (bits[:, a + 1] == 0)].sum() / echo.sum()
    alive = (both - 0.25) / ((1 - read[a]) * (1 - read[a + 1]) - 0.25)
    gates.append(1 - alive ** (1 / 20))
# %% leak
known = sheet.jobs.owners >= 0
shots = sheet.jobs.shots[known]
shares = sheet.jobs.counts[known] / shots[:, None]
rates = {}
for form in sheet.forms:
    belief = releases.believed(form.table, form.spread, shares, shots=shots)
    rates[form.name] = float((belief.argmax(axis=1) == sheet.jobs.owners[known]).mean())
# %% use
ran = sheet.ghz_shots > 0
measured = sheet.ghz[ran] / sheet.ghz_shots[ran]
worth = {
    form.name: releases.usefulness(releases.ghz_fidelities(form.table)[ran], measured) for form in sheet.forms
}
# %% choose
kept_forms = [name for name, rate in rates.items() if rate <= sheet.ceiling]
chosen = max(kept_forms, key=lambda name: worth[name])
