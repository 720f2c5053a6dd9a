# expected-score: 0
# token: practice: empty
# mistake: Gives nothing in the right shape: empty lists, arrays and tables.
# %% copies
true_copy = ""
edited = ""
# %% timeline
when = {}
order = []
# %% start-clocks
starts = {}
ends = {}
# %% turns
turns = {}
# %% detect
rate = np.zeros(0)
threshold = np.zeros((0, 1))
window = np.zeros(0, dtype=int)
found = np.zeros(0)
probability = []


# %% rings
def rings(counts):
    return np.zeros(0, dtype=int)
