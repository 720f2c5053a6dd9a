# expected-score: 4.5
# token: practice: ada
# mistake: Hands in the answers of a neighbour, whose incident is another one.
# %% copies
true_copy = "backup"
edited = "product"
# %% timeline
when = {
    "login": "2026-10-04 21:09",
    "calibration": "2026-10-04 22:12",
    "jobs": "2026-10-04 23:38",
    "badge": "2026-10-05 00:02",
    "noticed": "2026-10-05 07:45",
    "told": "2026-10-05 08:19",
    "alarm": "2026-10-05 08:40",
    "discovered": "2026-10-05 11:19",
    "contained": "2026-10-05 11:45",
    "confirmed": "2026-10-07 13:51",
    "significant": "2026-10-05 13:27",
    "personal": "2026-10-05 23:59",
    "registry": "2026-10-05 18:39",
    "product": "2026-10-05 19:09",
}
order = sorted(when, key=when.get)
# %% start-clocks
clocks = {
    "nis2": "2026-10-06 13:27",
    "gdpr": None,
    "dfars": None,
    "seer": None,
    "cra": "2026-10-06 19:09",
    "circia": None,
    "far-cui": None,
    "omnibus": None,
}
# %% detect
threshold = 5.2413
window = 39
found = 0.4650
probability = 0.0167
