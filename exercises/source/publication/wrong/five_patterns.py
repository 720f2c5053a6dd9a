# expected-score: 6.25
# token: practice: patterns 2
# mistake: Decides everything by five patterns for each part in the words of a text, without weighing two facts together.
# %% sort
import re


def first_match(patterns, text, otherwise):
    return next((answer for pattern, answer in patterns.items() if re.search(pattern, text)), otherwise)


KINDS = {
    r"password|pulse|foretold|blind|arrival": "sensitive",
    r"cannot be found|wrong sign|not there|slower": "embarrassing",
    r"lab book|review|calibration": "embarrassing",
    r"slide|talk|title|unbreakable|encryption falls": "hyped",
    r"speed-up|solved|new age|any depth": "hyped",
}
kinds = {item["id"]: first_match(KINDS, item["text"], "plain") for item in public["results"]}


def longest(group):
    return max(public["turns"][group]["changes"], key=lambda change: len(change["text"]))["id"]


turns_kind = longest("results")
# %% clocks
BINDS = {
    r"[Nn]othing there|footnote|colleague": False,
    r"withdrawn|university|preprint": False,
    r"paper": True,
    r"CERT/CC|Project Zero": False,
    r"exploited": True,
}
binds = {item["id"]: first_match(BINDS, item["text"], False) for item in public["clocks"]}
turns_clock = longest("clocks")
# %% places
PLACES = {
    r"password|bank|names": "nobody",
    r"hospital|customer|e-mail": "nobody",
    r"script|addresses|serial|settings": "vendor",
    r"confiden|memory|hint": "vendor",
    r"own|model|versions|tried": "paper",
}
places = {item["id"]: first_match(PLACES, item["text"], "paper") for item in public["pieces"]}
turns_piece = longest("pieces")
# %% offers
LOST = {
    r"consent|decides|secret": True,
    r"patent|thank|ignore|copy": False,
    r"security|confidential": True,
    r"promised nothing|says? no|decline": False,
    r"sign|agree": True,
}
lost = {item["id"]: first_match(LOST, item["text"], False) for item in public["offers"]}
turns_offer = longest("offers")
# %% chance
chance_level = success_share = None
# %% signal
signal_share = interval = verdict = None


# %% judge
def judge(counts, base, number, bits):
    return "signal" if max(counts) > 10 else "chance"


# %% years
in_time = "depends"
# %% calendar
coordinator_publishes = details_follow = tell_by = None
