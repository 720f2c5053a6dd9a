"""What a right variant of the exercise on publication is."""

from __future__ import annotations

from courselab import disclosure, factoring, papers
from courselab.disclosure import Course

LINE = factoring._DROP


def assert_one_right_answer(variant):
    """Clear data, days that mistakes miss, years with a margin; answer which kind of variant it is."""
    claim, story = variant.claim, variant.story
    evidence, real = claim.signal.evidence, claim.signal.seen
    # Far from the line on both sides: other honest intervals give the same verdict.
    assert evidence < 0.6 * LINE or evidence > 5 * LINE
    assert claim.signal.low > 0.01 or (not real and claim.signal.low == 0)
    assert abs(claim.success - claim.chance) > 0.01
    assert 0 < claim.chance < 1

    right = disclosure.details_follow(story.course)
    mistakes = {
        "counted from the answer": Course(story.answer, story.patch, story.exploited),
        "forgot that it is exploited": Course(story.first_mail, story.patch, not story.exploited),
    }
    patched_in_time = story.patch is not None and story.patch <= disclosure.patch_due(story.course)
    for name, course in mistakes.items():
        # A patch in time sets the day alone, whatever the deadline was counted from.
        if not patched_in_time:
            assert disclosure.details_follow(course) != right, name
    assert disclosure.coordinator_publishes(story.coordinator) != disclosure.coordinator_publishes(
        story.first_mail
    )
    # Without a grace period in play: none of the late patches falls into one.
    grace = disclosure.days_of("cvd.project-zero.grace", "exploited" if story.exploited else "grace")
    late = (story.patch - disclosure.patch_due(story.course)).days if story.patch else 0
    assert late <= 0 or late > grace

    plan, (earliest, latest) = variant.plan, variant.arrival
    assert earliest < latest
    assert min(abs(plan.needed - end) for end in variant.arrival) >= 1.5

    for items, answers in ((variant.results, papers.KINDS), (variant.pieces, papers.PLACES)):
        found = [item.answer for item in items]
        assert set(found) == set(answers) and max(found.count(a) for a in answers) <= 3
    assert sum(bool(item.answer) for item in variant.offers) == 2
    ups = "up" if claim.success > claim.chance else "down"
    return f"{variant.verdict} {ups} {variant.migration} {patched_in_time} {len(variant.binding)}"


def assert_spread(answers):
    """Verdict and direction of the successes are independent, and every kind occurs."""
    share = {
        (verdict, way): sum(a.startswith(f"{verdict} {way}") for a in answers) / len(answers)
        for verdict in ("signal", "chance")
        for way in ("up", "down")
    }
    assert all(0.2 < part < 0.3 for part in share.values()), share
    for word in (" late ", " depends ", " in time "):
        assert 0.25 < sum(word in a for a in answers) / len(answers) < 0.42
    assert 0.4 < sum(a.endswith("1") for a in answers) / len(answers) < 0.6
