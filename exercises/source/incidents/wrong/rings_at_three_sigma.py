# expected-score: 13
# token: practice: three sigma
# mistake: Rings whenever one window has three standard deviations more errors than usual, as for a single measurement.
# says: on too many quiet nights
# %% detect
mean = variant.watch.base * variant.bits
limit = mean + 3 * mean**0.5
threshold = 3.0
window = next((i for i, count in enumerate(variant.night) if count > limit), 0)
window = int(window)
found = float((variant.staged.max(axis=1) > limit).mean())
probability = alarms.probability_given_alarm(
    1 / variant.one_in, found, float((variant.quiet.max(axis=1) > limit).mean())
)
