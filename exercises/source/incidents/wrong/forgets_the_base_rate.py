# expected-score: 19
# token: practice: base rate
# mistake: Takes the alarm's 95 % of quiet nights without an alarm for the probability of an intrusion.
# says: a small share of very many nights is many nights
# %% detect
good = sheet.quiet <= sheet.bits
rate = float(sheet.quiet[good].mean() / sheet.bits)
watch = alarms.Watch(rate, rate + sheet.rise)


def peaks(nights):
    return alarms.highest(watch.levels(np.where(nights > sheet.bits, rate * sheet.bits, nights), sheet.bits))


threshold = alarms.threshold_for(peaks(sheet.quiet), 0.05)
night = np.where(sheet.night > sheet.bits, rate * sheet.bits, sheet.night)
window = alarms.first_alarm(watch.levels(night, sheet.bits), threshold)
found = alarms.share_above(peaks(sheet.staged), threshold)
probability = 0.95
