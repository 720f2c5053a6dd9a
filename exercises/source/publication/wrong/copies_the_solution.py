# expected-score: 2
# token: practice: copies the solution
# mistake: Hands in the published solution, whose answers are those of the rehearsal and of no other sheet.
# %% sort
kinds = {
    "result-348": "embarrassing",
    "result-618": "plain",
    "result-664": "hyped",
    "result-815": "embarrassing",
    "result-924": "sensitive",
    "result-939": "sensitive",
}
turns_kind = "change-745"
# %% chance
chance_level = 0.85229
success_share = 0.81450
# %% signal
signal_share = 0.18479
interval = (0.16722, 0.20321)
verdict = "signal"
# %% years
in_time = "depends"
# %% calendar
coordinator_publishes = datetime.date(2028, 1, 3)
details_follow = datetime.date(2027, 11, 11)
tell_by = datetime.date(2028, 1, 1)
# %% clocks
binds = {"clock-140": True, "clock-297": True, "clock-334": False, "clock-346": False}
turns_clock = "change-777"
# %% places
places = {
    "piece-190": "nobody",
    "piece-544": "paper",
    "piece-834": "vendor",
    "piece-842": "nobody",
    "piece-871": "paper",
    "piece-895": "nobody",
}
turns_piece = "change-157"
# %% offers
lost = {"offer-122": True, "offer-529": False, "offer-786": True, "offer-896": False}
turns_offer = "change-855"
