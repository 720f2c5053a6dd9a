# expected-score: 8
# token: practice: copies a friend
# mistake: Runs a friend's notebook on the own sheet: what is computed fits, what the friend decided does not.
# %% copies
size, published = sheet.published
for name, entries in sheet.copies.items():
    if merkle.root([entry.data() for entry in entries[:size]]).hex() == published:
        true_copy = name
other = next(entries for name, entries in sheet.copies.items() if name != true_copy)
edited = next(a.id for a, b in zip(sheet.copies[true_copy], other) if a != b)
# %% timeline
shape = "%Y-%m-%d %H:%M"


def ahead(source):
    """Minutes by which a clock is ahead of UTC; the median does not mind one slip of the pen."""
    pairs = [[datetime.datetime.strptime(text, shape) for text in pair] for pair in sheet.comparisons[source]]
    return datetime.timedelta(minutes=float(np.median([(a - b).total_seconds() / 60 for a, b in pairs])))


when = {
    entry.id: datetime.datetime.strptime(entry.stamp, shape) - ahead(entry.source)
    for entry in sheet.copies[true_copy]
}
order = sorted(when, key=when.get)
# %% start-clocks
starts = {
    "note-273": None,
    "note-279": None,
    "note-344": None,
    "note-348": "entry-247",
    "note-673": "entry-858",
    "note-751": "entry-911",
    "note-818": "entry-213",
    "note-864": None,
}
ends = {
    "note-273": None,
    "note-279": None,
    "note-344": None,
    "note-348": "2026-10-20 16:05",
    "note-673": "2026-10-22 16:49",
    "note-751": "2026-10-22 20:33",
    "note-818": "2026-10-22 16:21",
    "note-864": None,
}
# %% turns
turns = {
    "note-273": "change-712",
    "note-279": "change-116",
    "note-344": "change-556",
    "note-348": "change-795",
    "note-673": "change-621",
    "note-751": "change-349",
    "note-818": "change-255",
    "note-864": "change-136",
}
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
probability = alarms.probability_given_alarm(
    1 / sheet.one_in, found, alarms.share_above(peaks(sheet.quiet), threshold)
)
