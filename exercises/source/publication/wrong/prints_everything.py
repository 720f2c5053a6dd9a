# expected-score: 12.75
# token: practice: everything out 1
# mistake: Calls every result plain and puts the whole folder into the paper, ready tools and other people's keys included.
# %% sort
kinds = {item["id"]: "plain" for item in public["results"]}
turns_kind = public["turns"]["results"]["changes"][0]["id"]
# %% places
places = {item["id"]: "paper" for item in public["pieces"]}
turns_piece = public["turns"]["pieces"]["changes"][0]["id"]
