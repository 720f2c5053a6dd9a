# expected-score: 18
# token: practice: late patch 2
# mistake: Lets a late patch buy another month, and starts every clock with the vendor's answer.
# says: Only a patch in time buys more days
# %% calendar
patch = story.patch or story.answer + datetime.timedelta(days=90)
details_follow = patch + datetime.timedelta(days=30)
coordinator_publishes = story.answer + datetime.timedelta(days=45)
tell_by = disclosure.tell_by(story.conference)
