# expected-score: 18
# token: practice: mean clocks
# mistake: Takes the mean of a clock's seven readings, the one that was written down wrongly included.
# says: what does one wrong reading of seven do to a mean
# %% timeline
shape = "%Y-%m-%d %H:%M"


def ahead(source):
    pairs = [[datetime.datetime.strptime(text, shape) for text in pair] for pair in sheet.comparisons[source]]
    return sum(((a - b) for a, b in pairs), datetime.timedelta()) / len(pairs)


when = {
    entry.id: datetime.datetime.strptime(entry.stamp, shape) - ahead(entry.source)
    for entry in sheet.copies[true_copy]
}
order = sorted(when, key=when.get)
