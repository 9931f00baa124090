"""The list of clips: where each lies, what is drawn, what is said, and where it belongs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clip:
    """One sample. `path` is relative to the library. `scene` names a drawing. `says` is spoken, "" for no voice.

    `noise` is "surf", "hum" or "". A clip without voice and noise has no sound track. `belongs` is the folder into
    which a person would file it, None if it belongs to none.
    """

    path: str
    scene: str
    belongs: str | None
    says: str = ""
    noise: str = ""


def _told(folder: str, scene: str, lines: dict[str, str]) -> list[Clip]:
    return [Clip(f"{folder}/{name}.mp4", scene, folder, says=text) for name, text in lines.items()]


def _shown(folder: str, scene: str, noises: dict[str, str]) -> list[Clip]:
    return [Clip(f"{folder}/{name}.mp4", scene, folder, noise=noise) for name, noise in noises.items()]


# Told apart by the picture.
SHOWN = [
    *_shown("beach", "beach", {"first-day": "surf", "calm-water": "surf", "sunset": "", "bay-at-noon": "",
                               "low-tide": "surf", "at-the-shore": ""}),
    *_shown("cats", "cat", {"ginger-on-the-sofa": "", "grey-on-the-rug": "", "black-in-the-garden": "hum",
                            "white-on-the-sofa": "", "tabby-on-the-rug": "", "cream-in-the-garden": ""}),
    *_shown("city nights", "city", {"from-the-roof": "hum", "towers": "", "moon-over-town": "", "late-traffic": "hum",
                                    "windows": "", "after-midnight": ""}),
]  # fmt: skip

# A person talks in a room, and only the words show the folder. The same holds for the microphone below.
TOLD = [
    *_told("cooking", "talk", {
        "onions-first": "Chop two onions and fry them in butter, then add garlic, tomatoes, and a pinch of salt.",
        "pancakes": "For fluffy pancakes, whisk the eggs with milk and flour, and bake them in a hot pan.",
        "pasta": "Boil the pasta for eight minutes, and stir grated cheese into the cream sauce.",
        "roast-chicken": "Today we roast a chicken in the oven, with lemon, rosemary and potatoes.",
        "vegetable-soup": "This vegetable soup needs carrots, celery, and one hour of cooking on a low heat.",
        "fried-rice": "Fry the rice with eggs, onions and peas in a hot pan, and add some soy sauce.",
    }),
    *_told("money", "talk", {
        "pay-yourself-first": "Put ten percent of your salary into a savings account, before you spend any money.",
        "credit-cards": "Pay off the credit card first, because its interest rate is higher than that of a loan.",
        "index-funds": "An index fund spreads your money over the whole stock market, at a very low cost.",
        "budget": "Make a budget. Write down your rent, your bills, and what is left of your income.",
        "start-early": "Save for your retirement early, and compound interest will make your money grow.",
        "rainy-days": "Keep three months of salary in the bank for emergencies, before you invest your money.",
    }),
    *_told("space", "microphone", {
        "on-mars": "A rover has landed on the planet Mars, and takes pictures of its red mountains.",
        "jupiter": "Jupiter is the largest planet of the solar system, and has more than ninety moons.",
        "supernova": "When a big star runs out of fuel, it explodes as a supernova, or becomes a black hole.",
        "old-light": "The space telescope looks at galaxies whose light has travelled for billions of years.",
        "space-station": "The space station flies around the Earth in ninety minutes, with seven astronauts inside.",
        "saturn": "The planet Saturn has rings of ice and dust, and many moons that fly around it.",
    }),
    *_told("gardening", "microphone", {
        "roses": "Water your roses early in the morning, at the roots, and never on the leaves.",
        "pruning": "Cut the bushes and trees of your garden in winter, when they have lost their leaves.",
        "sowing": "Sow the seeds one inch deep in warm soil, and keep them moist until the plants come up.",
        "compost": "Compost turns cut grass, leaves and old flowers into the best soil for your garden.",
        "tulips": "Plant the tulip bulbs in October, with the tip upwards, and they will bloom in spring.",
        "lawn": "In summer, cut the grass every week, and give your garden plenty of water.",
    }),
]  # fmt: skip

INBOX = [
    Clip("waves.mp4", "beach", "beach", noise="surf"),
    Clip("sunday-by-the-sea.mp4", "beach", "beach"),
    Clip("cat-at-home.mp4", "cat", "cats"),
    Clip("downtown.mp4", "city", "city nights", noise="hum"),
    Clip("fried-potatoes.mp4", "talk", "cooking",
         "Fry the potatoes with onions and butter in a hot pan, and add a pinch of salt."),
    Clip("mortgage.mp4", "talk", "money",
         "Put ten percent of your income into the bank, and you can buy a house without a loan."),
    Clip("moon-rocket.mp4", "microphone", "space",
         "A rocket carries astronauts around the moon, and they take pictures of the planet Earth."),
    Clip("weeds.mp4", "microphone", "gardening",
         "After the rain the soil is soft, so pull the grass out from between your flowers."),
    # A person files these two under money. By their words they could as well be about cooking, so both should stay at
    # first. When the user drags the rice to money, the pasta should follow.
    Clip("no-restaurant-today.mp4", "talk", "money",
         "Cook rice and eggs at home, and save the money for the restaurant in the bank every month."),
    Clip("pasta-or-restaurant.mp4", "talk", "money",
         "Cook pasta and cheese at home, and save the money for the restaurant in the bank every month."),
    # A kind that has no folder yet, to try what happens when the user makes one and drags the first of these into it.
    Clip("kick-off.mp4", "football", "football"),
    Clip("midfield.mp4", "football", "football"),
    Clip("second-half.mp4", "football", "football"),
    # This belongs nowhere and should stay where it is.
    Clip("snow-train.mp4", "train", None),
]  # fmt: skip

CLIPS = [*SHOWN, *TOLD, *INBOX]
