# expected-score: 0.5
# token: practice: ada
# mistake: Hands in the tiers, days and numbers of a neighbour, whose token is another one.
# %% place
placed = {"old-raw-data": 0, "own-calibration": 1, "partner-layout": 2, "qkd-box": 3, "stray-cui": 4}
# %% reason
because = {"old-raw-data": "published", "own-calibration": "ours-later", "qkd-box": "listed"}
# %% review
again = {"old-raw-data": "2027-11-01", "own-calibration": "2027-05-03", "qkd-box": "2027-02-11"}
# %% probe
shots = 4000
my_job = [0.021, 0.034, 0.012, 0.027, 0.019, 0.041, 0.74, 0.81, 0.69, 0.77, 0.83]
# %% leak
rates = {"one digit": 0.97, "late by 30 days": 0.9, "one number per machine": 0.36}
# %% use
worth = {"one digit": 0.93, "late by 30 days": 0.7, "one number per machine": 0.41}
# %% choose
chosen = "one number per machine"
given_away = 1.31
