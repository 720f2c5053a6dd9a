# expected-score: 17.35
# token: practice: stamps
# mistake: Takes every stamp and home-made label at its word, and an agreement with a partner for a permission to export.
# %% place
right = {
    "old-raw-data": 0,
    "cloud-noise-model": 0,
    "benchmark-code": 0,
    "null-result": 0,
    "invented-calibration": 0,
    "posted-manuscript": 0,
    "readout-manuscript": 1,
    "raw-data-of-a-paper": 1,
    "flux-line": 1,
    "own-calibration": 1,
    "pulse-library": 1,
    "thesis-noise-model": 1,
    "listed-process": 3,
    "control-passwords": 3,
    "receiver-flaw": 3,
    "interviews": 3,
    "network-plan": 3,
    "stamped-notes": 3,
    "home-made-label": 3,
    "embargo-that-ended": 3,
    "stray-cui": 4,
    "old-stick": 4,
    "stray-report": 4,
}
placed = {thing["id"]: right.get(thing["id"], 2) for thing in public["artefacts"]}
# %% reason
stamped = {"stamped-notes", "home-made-label", "embargo-that-ended"}
by_tier = {0: "ours", 1: "ours-later", 2: "agreement", 3: "security", 4: "marked"}
because = {name: "marked" if name in stamped else by_tier[tier] for name, tier in placed.items()}
