"""What people ask for, and the sample that they want. Written before any caption was, and before a search was tried.

The samples' names are not searched when these are asked: only what is seen and said.
"""

from __future__ import annotations

QUERIES: tuple[tuple[str, str], ...] = (
    ("a white cat on the sofa", "cats/white-on-the-sofa"),
    ("ginger cat on a couch", "cats/ginger-on-the-sofa"),
    ("black cat outside in the garden", "cats/black-in-the-garden"),
    ("sunset at the sea", "beach/sunset"),
    ("how to make pancakes", "cooking/pancakes"),
    ("pasta with sauce", "cooking/pasta"),
    ("roasting a chicken in the oven", "cooking/roast-chicken"),
    ("frying rice in a pan", "cooking/fried-rice"),
    ("soup with vegetables", "cooking/vegetable-soup"),
    ("planting tulip bulbs", "gardening/tulips"),
    ("making compost from kitchen waste", "gardening/compost"),
    ("mowing the lawn", "gardening/lawn"),
    ("investing in index funds", "money/index-funds"),
    ("paying off credit card debt", "money/credit-cards"),
    ("planning a monthly budget", "money/budget"),
    ("the rings of a planet", "space/saturn"),
    ("a robot driving on the red planet", "space/on-mars"),
    ("an exploding star", "space/supernova"),
    ("astronauts living in orbit", "space/space-station"),
    ("skyline with lights at night", "city nights/towers"),
)
