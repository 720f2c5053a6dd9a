# expected-score: 8
# token: practice: copies a friend
# mistake: Runs a friend's notebook on the own sheet: what is computed fits, what the friend decided does not.
# %% place
placed = {
    "thing-158": 3,
    "thing-214": 4,
    "thing-263": 0,
    "thing-321": 0,
    "thing-322": 1,
    "thing-381": 2,
    "thing-506": 3,
    "thing-522": 1,
    "thing-615": 0,
    "thing-659": 3,
    "thing-807": 0,
    "thing-904": 2,
}
# %% reason
because = {
    "thing-158": "listed",
    "thing-214": "marked",
    "thing-263": "ours",
    "thing-321": "ours",
    "thing-322": "ours-later",
    "thing-381": "agreement",
    "thing-506": "listed",
    "thing-522": "ours-later",
    "thing-615": "published",
    "thing-659": "security",
    "thing-807": "ours",
    "thing-904": "agreement",
}
# %% turn
turned = {
    "thing-158": "change-3842",
    "thing-214": "change-9050",
    "thing-263": "change-5650",
    "thing-321": "change-1675",
    "thing-322": "change-2301",
    "thing-381": "change-1187",
    "thing-506": "change-9980",
    "thing-522": "change-9327",
    "thing-615": "change-8507",
    "thing-659": "change-2047",
    "thing-807": "change-4141",
    "thing-904": "change-2066",
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
