# expected-score: 16
# token: practice: three sigma
# mistake: Rings whenever one window has three standard deviations more errors than usual, as for a single measurement.
# says: on too many quiet nights
# %% detect
rate = float(sheet.quiet[sheet.quiet <= sheet.bits].mean() / sheet.bits)
mean = rate * sheet.bits
limit = mean + 3 * mean**0.5
threshold = 3.0


def single(nights):
    return (nights > limit) & (nights <= sheet.bits)


window = int(single(sheet.night).argmax())
found = float(single(sheet.staged).any(axis=1).mean())
probability = alarms.probability_given_alarm(
    1 / sheet.one_in, found, float(single(sheet.quiet).any(axis=1).mean())
)


# %% rings
def rings(counts):
    windows = np.flatnonzero(single(counts))
    return int(windows[0]) if windows.size else None
