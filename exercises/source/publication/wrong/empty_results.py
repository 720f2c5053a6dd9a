# expected-score: 0
# token: practice: empty
# mistake: Gives nothing in the right shape: empty tables, arrays and texts.
# %% sort
kinds = {item["id"]: "" for item in public["results"]}
turns_kind = ""
# %% chance
chance_level = np.zeros(0)
success_share = np.zeros((0, 1))
# %% signal
signal_share = np.zeros(0)
interval = np.zeros((2, 0))
verdict = ""


# %% judge
def judge(counts, base, number, bits):
    return []


# %% years
in_time = ""
# %% calendar
coordinator_publishes = ()
details_follow = ()
tell_by = ()
# %% clocks
binds = {}
turns_clock = []
# %% places
places = {}
turns_piece = ()
# %% offers
lost = {item["id"]: () for item in public["offers"]}
turns_offer = {}
