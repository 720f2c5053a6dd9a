# expected-score: 19
# token: practice: all batches
# mistake: Adds all batches up, the disturbed ones with them.
# says: Do the batches of one circuit agree
# %% night
kept = sheet.outcomes.sum(axis=1)
bits = (np.arange(64)[:, None] >> np.arange(6)) & 1
read = kept[0] @ bits / kept[0].sum()
gates = []
for a in range(5):
    echo = kept[1 + a % 2]
    both = echo[(bits[:, a] == 0) & (bits[:, a + 1] == 0)].sum() / echo.sum()
    alive = (both - 0.25) / ((1 - read[a]) * (1 - read[a + 1]) - 0.25)
    gates.append(1 - alive ** (1 / 20))
