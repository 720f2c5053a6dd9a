# expected-score: 16
# token: practice: a law 4
# mistake: Thinks that every clock with a number of days binds whoever finds a flaw, and that a month has thirty days.
# says: A month is not a number of days
# %% calendar
course = Course(story.first_mail, story.patch, story.exploited)
details_follow = disclosure.details_follow(course)
month = story.coordinator.month % 12 + 1
coordinator_publishes = story.coordinator.replace(
    year=story.coordinator.year + (month == 1), month=month, day=min(story.coordinator.day, 28)
) + datetime.timedelta(days=15)
tell_by = story.conference - datetime.timedelta(days=90)
# %% clocks
binds = {item["id"]: True for item in public["clocks"]}
turns_clock = public["turns"]["clocks"]["changes"][0]["id"]
