# expected-score: 0
# token: practice: asks
# mistake: Asks the notebook's own object for the answers, under every name that one might try.
# %% place
def ask(*names):
    for name in names:
        for owner in (sheet, sheet.jobs, sheet.forms[0], sheet.things[0]):
            found = owner.get(name) if isinstance(owner, dict) else getattr(owner, name, None)
            if found is not None:
                return found() if callable(found) else found
    return None


told = ask("answers", "solution", "key", "literal") or {}
placed = {one["id"]: one.get("tier", one.get("tiers")) for one in sheet.things}
# %% reason
because = {one["id"]: one.get("reason", one.get("reasons", "ours")) for one in sheet.things}
# %% turn
turned = {
    one["id"]: next((change["id"] for change in one["changes"] if change.get("turns")), None)
    for one in sheet.things
}
# %% review
again = ask("review", "events", "days") or {}


# %% register
def tier_of(record, today):
    return ask("trials") or (record.get("tier"), record.get("review"))


# %% night
gates = ask("gates", "truth", "night")
# %% leak
rates = ask("rates", "bits") or {}
# %% use
worth = ask("worth", "usefulness") or {}
# %% choose
chosen = ask("choice", "chosen", "allowed")
