# expected-score: 0
# token: practice: ada
# mistake: Hands in the numbers, days and decisions of a neighbour, whose sheet is another one.
# %% sort
kinds = {
    "result-247": "embarrassing",
    "result-401": "plain",
    "result-659": "plain",
    "result-687": "hyped",
    "result-706": "plain",
    "result-875": "sensitive",
}
turns_kind = "change-278"
# %% chance
chance_level = 0.55835
success_share = 0.59125
# %% signal
signal_share = 0.00014
interval = (0.00000, 0.00226)
verdict = "chance"
# %% years
in_time = "depends"
# %% calendar
coordinator_publishes = datetime.date(2027, 4, 27)
details_follow = datetime.date(2027, 3, 25)
tell_by = datetime.date(2027, 5, 18)
# %% clocks
binds = {"clock-116": False, "clock-403": True, "clock-429": True, "clock-992": False}
turns_clock = "change-753"
# %% places
places = {
    "piece-189": "vendor",
    "piece-248": "vendor",
    "piece-524": "nobody",
    "piece-566": "paper",
    "piece-675": "paper",
    "piece-951": "paper",
}
turns_piece = "change-674"
# %% offers
lost = {"offer-118": False, "offer-182": True, "offer-409": False, "offer-417": True}
turns_offer = "change-123"


# %% judge
def judge(counts, base, number, bits):
    return verdict
