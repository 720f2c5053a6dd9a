# expected-score: 1
# token: practice: copies the solution
# mistake: Hands in the published solution, which answers the sheet of the rehearsal and no other.
# %% copies
true_copy = "server"
edited = "entry-213"
# %% timeline
when = {
    "entry-131": "2026-10-19 06:46",
    "entry-213": "2026-10-19 16:21",
    "entry-247": "2026-10-19 16:05",
    "entry-411": "2026-10-19 08:44",
    "entry-477": "2026-10-18 23:49",
    "entry-507": "2026-10-19 22:07",
    "entry-521": "2026-10-19 19:16",
    "entry-542": "2026-10-19 21:44",
    "entry-576": "2026-10-19 11:28",
    "entry-593": "2026-10-19 12:39",
    "entry-602": "2026-10-21 22:30",
    "entry-651": "2026-10-19 13:17",
    "entry-773": "2026-10-20 01:36",
    "entry-793": "2026-10-18 20:54",
    "entry-805": "2026-10-19 13:04",
    "entry-844": "2026-10-19 06:03",
    "entry-850": "2026-10-19 21:04",
    "entry-858": "2026-10-19 16:49",
    "entry-911": "2026-10-19 20:33",
    "entry-935": "2026-10-19 11:40",
    "entry-950": "2026-10-19 18:10",
    "entry-958": "2026-10-18 22:08",
    "entry-970": "2026-10-18 20:02",
    "entry-972": "2026-10-19 22:16",
    "entry-987": "2026-10-19 07:10",
}
order = sorted(when, key=when.get)
# %% start-clocks
starts = {
    "note-273": None,
    "note-279": None,
    "note-344": None,
    "note-348": "entry-247",
    "note-673": "entry-858",
    "note-751": "entry-911",
    "note-818": "entry-213",
    "note-864": None,
}
ends = {
    "note-273": None,
    "note-279": None,
    "note-344": None,
    "note-348": "2026-10-20 16:05",
    "note-673": "2026-10-22 16:49",
    "note-751": "2026-10-22 20:33",
    "note-818": "2026-10-22 16:21",
    "note-864": None,
}
# %% turns
turns = {
    "note-273": "change-712",
    "note-279": "change-116",
    "note-344": "change-556",
    "note-348": "change-795",
    "note-673": "change-621",
    "note-751": "change-349",
    "note-818": "change-255",
    "note-864": "change-136",
}
# %% detect
rate = 0.008079
threshold = 5.1659
window = 47
found = 0.5925
probability = 0.0156
