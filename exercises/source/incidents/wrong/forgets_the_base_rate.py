# expected-score: 17
# token: practice: base rate
# mistake: Takes the alarm's 95 % of quiet nights without an alarm for the probability of an intrusion.
# says: a small share of very many nights is many nights
# %% detect
quiet = alarms.highest(variant.watch.levels(variant.quiet, variant.bits))
staged = alarms.highest(variant.watch.levels(variant.staged, variant.bits))
threshold = alarms.threshold_for(quiet, 0.05)
window = alarms.first_alarm(variant.watch.levels(variant.night, variant.bits), threshold)
found = alarms.share_above(staged, threshold)
probability = 0.95
