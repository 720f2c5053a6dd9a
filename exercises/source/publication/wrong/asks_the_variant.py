# expected-score: 0
# token: practice: asks
# mistake: Asks the notebook's own object for the answers, under every name that one might try.
# %% sort
def ask(*names):
    for name in names:
        for owner in (sheet, sheet.claim, sheet.story, sheet.claim.jobs[0]):
            found = getattr(owner, name, None)
            if found is not None:
                return found() if callable(found) else found
    return None


def decided(group):
    return {item["id"]: item.get("answer") for item in sheet.groups[group]}


kinds = decided("results")
turns_kind = sheet.turns["results"].get("right")
# %% chance
chance_level = ask("chance", "chance_level")
success_share = ask("success", "success_share")
# %% signal
signal_share = ask("share", "signal", "truth")
interval = None
verdict = ask("verdict", "answers")


# %% judge
def judge(counts, base, number, bits):
    return ask("trials", "verdict")


# %% years
in_time = ask("in_time", "migration", "verdict")
# %% calendar
coordinator_publishes = ask("coordinator_publishes", "answers")
details_follow = ask("details_follow", "answers")
tell_by = ask("tell_by", "answers")
# %% clocks
binds = decided("clocks")
turns_clock = sheet.turns["clocks"].get("right")
# %% places
places = decided("pieces")
turns_piece = sheet.turns["pieces"].get("right")
# %% offers
lost = decided("offers")
turns_offer = sheet.turns["offers"].get("right")
