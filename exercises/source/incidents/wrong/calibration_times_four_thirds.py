# expected-score: 3
# token: practice: four thirds
# mistake: Has heard that a calibration reads three quarters of the truth, analyses nothing and starts nothing.
# %% start-clocks
starts = {note["id"]: None for note in sheet.notes}
ends = dict(starts)
# %% turns
turns = {note["id"]: min(note["changes"]) for note in sheet.notes}
# %% detect
rate = 4 / 3 * sheet.stated
watch = alarms.Watch(rate, rate + sheet.rise)
threshold = 5.0
window = alarms.first_alarm(watch.levels(sheet.night, sheet.bits), threshold)
found = 0.5
probability = 0.05


# %% rings
def rings(counts):
    return alarms.first_alarm(watch.levels(counts, sheet.bits), threshold)
