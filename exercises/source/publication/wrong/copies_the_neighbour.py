# expected-score: 1
# token: practice: ada
# mistake: Hands in the numbers, days and decisions of a neighbour, whose token is another one.
# %% sort
kinds = {
    "wrong-sign": "embarrassing",
    "better-fit": "plain",
    "slower-than-laptop": "embarrassing",
    "cracks-banking": "hyped",
    "theorem": "plain",
    "maintenance-port": "sensitive",
}
# %% chance
chance_level = 0.6062
success_share = 0.5850
# %% signal
signal_share = 0.0000
verdict = "chance"
# %% years
in_time = "late"
# %% calendar
coordinator_publishes = datetime.date(2027, 10, 24)
details_follow = datetime.date(2027, 9, 21)
tell_by = datetime.date(2027, 11, 7)
binding = {"venue.fc24.window"}
# %% places
places = {
    "timeline": "paper",
    "colleague-account": "nobody",
    "physics": "paper",
    "firmware-offsets": "vendor",
    "staff-names": "nobody",
    "second-flaw": "vendor",
}
# %% offers
lost = {
    "sponsor-hold": True,
    "coordinated-date": False,
    "proprietary-look": False,
    "national-security-clause": True,
}
