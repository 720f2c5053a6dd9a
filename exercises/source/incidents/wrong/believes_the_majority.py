# expected-score: 17.5
# token: practice: two against one
# mistake: Believes the two copies that agree, and reads times and clocks from them.
# says: whoever edits one can edit its backup
# %% copies
first, second, third = sheet.copies
true_copy = first if sheet.copies[first] in (sheet.copies[second], sheet.copies[third]) else second
edited = sheet.copies[first][0].id
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
