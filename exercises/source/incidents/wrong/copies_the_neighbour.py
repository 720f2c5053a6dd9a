# expected-score: 1
# token: practice: ada
# mistake: Hands in the answers of a neighbour, whose incident is another one.
# %% copies
true_copy = "mail"
edited = "entry-782"
# %% timeline
when = {
    "entry-102": "2026-09-14 10:47",
    "entry-105": "2026-09-15 01:59",
    "entry-128": "2026-09-14 19:38",
    "entry-317": "2026-09-14 13:46",
    "entry-366": "2026-09-14 20:50",
    "entry-400": "2026-09-13 21:30",
    "entry-410": "2026-09-15 06:26",
    "entry-414": "2026-09-15 02:24",
    "entry-449": "2026-09-13 22:00",
    "entry-456": "2026-09-14 08:26",
    "entry-463": "2026-09-15 02:39",
    "entry-466": "2026-09-16 16:03",
    "entry-478": "2026-09-14 15:19",
    "entry-603": "2026-09-14 16:35",
    "entry-641": "2026-09-14 17:00",
    "entry-714": "2026-09-14 00:31",
    "entry-754": "2026-09-15 05:09",
    "entry-782": "2026-09-14 20:13",
    "entry-792": "2026-09-14 21:37",
    "entry-836": "2026-09-14 14:24",
    "entry-837": "2026-09-14 09:25",
    "entry-898": "2026-09-14 13:29",
    "entry-951": "2026-09-14 09:14",
    "entry-960": "2026-09-13 23:07",
    "entry-997": "2026-09-14 17:12",
}
order = sorted(when, key=when.get)
# %% start-clocks
starts = {
    "note-219": "entry-898",
    "note-325": "entry-782",
    "note-366": None,
    "note-384": "entry-105",
    "note-395": None,
    "note-413": None,
    "note-626": "entry-754",
    "note-803": None,
}
ends = {
    "note-219": "2026-09-17 13:29",
    "note-325": "2026-09-15 20:13",
    "note-366": None,
    "note-384": "2026-09-18 01:59",
    "note-395": None,
    "note-413": None,
    "note-626": "2026-09-18 05:09",
    "note-803": None,
}
# %% turns
turns = {
    "note-219": "change-876",
    "note-325": "change-793",
    "note-366": "change-154",
    "note-384": "change-522",
    "note-395": "change-212",
    "note-413": "change-689",
    "note-626": "change-115",
    "note-803": "change-845",
}
# %% detect
rate = 0.008342
threshold = 6.1529
window = 65
found = 0.7650
probability = 0.0931
