# expected-score: 9
# token: practice: all locked 1
# mistake: Calls every awkward result sensitive, gives the whole folder to the vendor, and thinks that its veto costs nothing.
# %% sort
kinds = {item["id"]: "sensitive" for item in public["results"]}
turns_kind = public["turns"]["results"]["changes"][0]["id"]
# %% places
places = {item["id"]: "vendor" for item in public["pieces"]}
turns_piece = public["turns"]["pieces"]["changes"][0]["id"]
# %% offers
lost = {item["id"]: False for item in public["offers"]}
turns_offer = public["turns"]["offers"]["changes"][0]["id"]
