"""How much work a credit stands for.

Spec: ECTS Users' Guide 2015, §2: one credit is 25 to 30 hours of a learner's work.
"""

from badges.award.achievement import Achievement

__all__ = ["FEWEST_HOURS", "MOST_HOURS", "hours_per_credit", "is_usual_workload"]

FEWEST_HOURS, MOST_HOURS = 25, 30


def hours_per_credit(achievement: Achievement) -> float | None:
    """Return the hours behind one ECTS credit; None where one of the two is not said."""
    if not (achievement.ects and achievement.workload_hours):
        return None
    return achievement.workload_hours / achievement.ects


def is_usual_workload(achievement: Achievement) -> bool:
    """Tell whether hours and credits fit each other, as far as both are said."""
    hours = hours_per_credit(achievement)
    return hours is None or FEWEST_HOURS <= hours <= MOST_HOURS
