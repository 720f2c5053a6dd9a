# expected-score: 15
# token: practice: broken counts
# mistake: Analyses all counts as they stand, with those that cannot be.
# says: one that can be, and did you measure
# %% detect
rate = float(sheet.quiet.mean() / sheet.bits)
watch = alarms.Watch(rate, rate + sheet.rise)
quiet, staged = (alarms.highest(watch.levels(nights, sheet.bits)) for nights in (sheet.quiet, sheet.staged))
threshold = alarms.threshold_for(quiet, 0.05)
window = int(np.argmax(watch.levels(sheet.night, sheet.bits)))
found = alarms.share_above(staged, threshold)
probability = alarms.probability_given_alarm(1 / sheet.one_in, found, alarms.share_above(quiet, threshold))


# %% rings
def rings(counts):
    return alarms.first_alarm(watch.levels(counts, sheet.bits), threshold)
