# expected-score: 0.75
# token: practice: tomorrow
# mistake: Answers tomorrow for every day, and one safe word for everything else.
# %% sort
kinds = {item["id"]: "sensitive" for item in public["results"]}
turns_kind = public["turns"]["results"]["changes"][0]["id"]
# %% chance
chance_level = success_share = 0.5
# %% signal
signal_share, interval, verdict = 0.0, (0.0, 1.0), "chance"


# %% judge
def judge(counts, base, number, bits):
    return "chance"


# %% years
in_time = "depends"
# %% calendar
tomorrow = datetime.date.today() + datetime.timedelta(days=1)
coordinator_publishes = details_follow = tell_by = tomorrow
# %% clocks
binds = {item["id"]: True for item in public["clocks"]}
turns_clock = public["turns"]["clocks"]["changes"][0]["id"]
# %% places
places = {item["id"]: "vendor" for item in public["pieces"]}
turns_piece = public["turns"]["pieces"]["changes"][0]["id"]
# %% offers
lost = {item["id"]: True for item in public["offers"]}
turns_offer = public["turns"]["offers"]["changes"][0]["id"]
