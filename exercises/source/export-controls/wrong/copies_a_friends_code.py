# expected-score: 8
# token: practice: copies a friend
# mistake: Runs a friend's notebook on the own sheet: what is computed fits, what the friend decided does not.
# %% count
bad = [coupler for coupler, error in sheet.calibration.items() if error > sheet.specification]
found = census(sheet.layout, bad)
counts = {"total": found.total, "connected": found.connected, "counted": found.counted}
# %% measure
results = {night.coupler: analyse(night.curves) for night in sheet.nights}
errors = {pair: result.error for pair, result in results.items()}
cnot_error = sum(errors.values()) / len(errors)
# Three independent numbers: their half-widths add in squares.
half = sum((result.half_width * result.error) ** 2 for result in results.values()) ** 0.5 / len(results)
interval = (cnot_error - half, cnot_error + half)


def scatter(night):
    """Variance between sequences, in units of what the counting of shots alone would give."""
    shares = night.counts / night.design.shots
    means = shares.mean(axis=-1)
    counting = means * (1 - means) / night.design.shots
    return (shares.var(axis=-1, ddof=1) / counting)[:, 1:].mean()


rotation = max(sheet.nights, key=scatter).coupler
# %% classify
import datetime

day = datetime.date.fromisoformat(sheet.as_of)
for name in classification:
    place = controls.place(counts["counted"], cnot_error, jurisdiction=name, on=day, facts=facts)
    classification[name] = place.code if place.graded else "not verified"
# %% decide
decisions = {
    "plan-356": (False, "us.15cfr734.13"),
    "plan-440": (True, "us.15cfr734.8.inputs"),
    "plan-594": (True, "us.15cfr734.19"),
    "plan-738": (False, "us.15cfr734.10"),
    "plan-752": (False, "us.15cfr734.8"),
    "plan-836": (True, "eu.821.art2.2.d"),
    "plan-843": (False, "eu.821.art11.9"),
    "plan-969": (True, "us.15cfr734.8.restricted"),
}
