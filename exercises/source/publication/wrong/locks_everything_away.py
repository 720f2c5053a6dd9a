# expected-score: 14
# token: practice: all locked 1
# mistake: Calls every awkward result sensitive, gives the whole folder to the vendor, and thinks that its veto costs nothing.
# %% sort
kinds = {item["id"]: "sensitive" for item in public["results"]}
# %% places
places = {item["id"]: "vendor" for item in public["pieces"]}
# %% offers
lost = {item["id"]: False for item in public["offers"]}
