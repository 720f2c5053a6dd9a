"""What a right variant of the exercise on publication is, seen from the seed."""

from __future__ import annotations

import hashlib

import numpy as np
from answersheet import claims, publication
from courselab import disclosure, factoring
from courselab.devices import generator
from courselab.disclosure import Course

LINE = factoring._DROP


def drawn(number):
    """Draw all but the trials of the learner's function, which have a test of their own."""
    seed = hashlib.sha256(f"right answers {number}".encode()).digest()
    parts = {group: publication.part_of(group, seed) for group in publication.GROUPS}
    return seed, claims.draw(seed), publication.plan_of(seed), publication.story_of(seed), parts


def assert_one_right_answer(variant):
    """Clear data, days that mistakes miss, years with a margin; answer which kind of variant it is."""
    seed, claim, (plan, arrival), story, parts = variant
    _assert_claim(claim, seed)
    patched_in_time = _assert_days(story)
    assert arrival[0] < arrival[1]
    assert min(abs(plan.needed - end) for end in arrival) >= 1.5
    for group, part in parts.items():
        _assert_part(part, publication.pool(group).keys)
    ups = "up" if claim.success > claim.chance else "down"
    verdict = "signal" if claim.signal.seen else "chance"
    return f"{verdict} {ups} {plan.verdict(*arrival)} {patched_in_time}"


def _assert_claim(claim, seed):
    evidence, real = claim.signal.evidence, claim.signal.seen
    # Far from the line on both sides: other honest intervals give the same verdict.
    assert evidence < 0.6 * LINE or evidence > 5 * LINE
    assert real is (claim.share > 0)
    assert claim.signal.low > 0.01 or (not real and claim.signal.low == 0)
    assert claim.signal.low <= claim.share <= claim.signal.high
    assert abs(claim.success - claim.chance) > 0.01
    assert 0 < claim.chance < 1
    # Whoever reads the files by their log has the counts of the claim, and whoever pools them is far off.
    own = [
        factoring.reversed_bits(file, claim.bits) if job.lowest_first else file
        for job, file in zip(claim.jobs, claim.files(generator(seed, "files")), strict=True)
        if job.base == claim.base
    ]
    assert (factoring.counted(np.concatenate(own), claim.bits) == claim.counts).all()
    pooled = factoring.signal(claim.as_sent, claim.perfect)
    assert abs(pooled.share - claim.signal.share) > 1.5 * claim.tolerance


def _assert_days(story):
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
    return patched_in_time


def _assert_part(part, keys):
    answers = list(part.answers.values())
    assert set(answers) == set(keys)
    assert max(answers.count(key) for key in keys) <= len(answers) / 2
    assert len({item.scene.id for item in part.items.values()}) == len(answers)
    assert all("{" not in item.text for item in part.items.values())
    assert part.asked in part.items and part.turns in part.changes
    assert len(set(part.changes.values())) == 4


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
