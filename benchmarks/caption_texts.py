"""Write captions as people write them under short videos: a few words, some hashtags, and often nothing that tells.

All texts are made up for this benchmark. A caption may speak of its topic outright, by one hashtag, or not at all, and
what people say of anything ("wait for it") stands under every topic.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

UNINFORMATIVE, WRONG = 0.16, 0.08
"""The share of captions that say nothing, and of those that speak of another topic."""

TOPICS: dict[str, tuple[str, str]] = {
    # topic: what is said of it | its hashtags
    "cooking": (
        "the sauce is everything; dinner in twenty minutes; my nonna would cry; crispy on the outside; let it "
        "simmer slowly; garlic butter makes it; one pan and no dishes; season it until your ancestors say stop; "
        "weeknight meal for two; knead it gently; the lemon changes everything; leftovers taste better",
        "pastarecipe easyDinner homecook foodtok onepotmeal cookwithme recipes italianFood",
    ),
    "cats": (
        "she knocked it off the table again; the zoomies at 3am; his little paws; purring louder than a truck; he "
        "hates the vet; she sits in every box; who needs an alarm; the judging stare; bringing me a mouse as a "
        "gift; the orange one has no thoughts; loafing on the windowsill; whiskers everywhere",
        "catsOfTikTok kitten catmom orangecat meow rescuecat catlover funnyCats",
    ),
    "gym": (
        "leg day nearly ended me; new deadlift record; form check please; three sets to failure; protein after "
        "every session; my shoulders finally grow; rest days matter too; never skip warm up; how I lost the belly; "
        "bulking season is here; pull ups for beginners; the pump was unreal",
        "gymtok fitnessMotivation workout legday deadlift bodybuilding homeworkout gains",
    ),
    "travel": (
        "the train ride alone is worth it; hidden beach with no people; what we paid for a week; take the night "
        "bus; the old town before sunrise; do not miss this island; pack lighter than you think; our hostel had "
        "this view; jet lag but worth it; the visa took ten minutes; street markets all evening; lost in the "
        "alleys",
        "traveltok wanderlust backpacking hiddengems solotravel travelguide bucketlist europeTrip",
    ),
    "makeup": (
        "this blush placement lifts the face; two drops of foundation; winged liner for hooded eyes; the drugstore "
        "dupe is better; glass skin in five steps; blend upwards always; lip combo of the week; the concealer "
        "trick; soft glam for a wedding; setting spray first; brows that stay all day; bold red for tonight",
        "makeuptutorial grwm beautyhacks skincareRoutine lipcombo drugstoremakeup softglam makeupartist",
    ),
    "programming": (
        "it works and I do not know why; one line fixes the bug; stop writing nested loops; my first job "
        "interview; deploying on a friday; this shortcut in the editor; why your query is slow; explain recursion "
        "to a child; merge conflict again; types saved me today; learn this before frameworks; the server is on "
        "fire",
        "codinglife python softwareengineer webdev learntocode programmerhumor javascript techtok",
    ),
    "gardening": (
        "the tomatoes are finally red; water early in the morning; compost from kitchen scraps; slugs ate all of "
        "it; cuttings in a jar; sow these in march; prune above the node; my balcony in july; seeds from last "
        "year; the soil was the problem; raised beds from old pallets; first strawberries",
        "gardentok growyourown plantmom vegetablegarden houseplants permaculture seedlings gardeningtips",
    ),
    "football": (
        "what a goal in the last minute; the keeper had no chance; derby day; that first touch; penalty or not; he "
        "came off the bench and scored; the away fans were louder; transfer news; offside by a toenail; training "
        "with the youth team; free kick into the top corner; relegation battle",
        "football premierleague championsleague soccerskills goaloftheseason worldcup futbol matchday",
    ),
    "guitar": (
        "this riff in drop d; three chords and a capo; bending in tune took years; tone check on the old amp; slow "
        "solo over the backing track; fingerpicking pattern for beginners; new strings day; learned it by ear; "
        "what pedal is that; string skipping exercise; the bridge of the song; barre chords hurt",
        "guitartok guitarist acousticcover guitarsolo fingerstyle electricguitar riff musicianlife",
    ),
    "woodworking": (
        "dovetails by hand; sanding takes forever; oil brings out the grain; built from scrap oak; measure twice; "
        "the table saw scares me; glue up went wrong; a stool in one afternoon; sharpen your chisel; walnut and "
        "brass; joinery without screws; shop tour at last",
        "woodworking carpentry diyfurniture handtools maker woodturning workshop joinery",
    ),
    "cars": (
        "cold start of the old v8; the turbo sounds wrong; found in a barn; detailing for six hours; first drift "
        "on wet asphalt; engine swap part four; the dealer wanted how much; manual or nothing; rust under the "
        "carpet; track day with friends; coilovers fitted; she passed inspection",
        "cartok jdm projectcar carsoftiktok drifting detailing enginebuild supercars",
    ),
    "dance": (
        "learned it in one hour; footwork slowed down; the choreography is by my teacher; hips before arms; count "
        "of eight; she nailed the spin; practice against final; socks on a wooden floor; my sister joined in; "
        "battle at the station; musicality over tricks; the drop gets me",
        "dancechallenge choreography hiphopdance dancer tutorialdance salsa ballet shuffledance",
    ),
    "baking": (
        "look at that crumb; fold it and do not stir; my starter is two years old; the glaze drips; proof it "
        "overnight; butter at room temperature; buttercream roses; why cookies spread; oven door open for steam; "
        "three layers and cherries; croissants on day three; sugar on top",
        "sourdough bakingtok breadbaking cakedecorating cookies pastrychef homebaker cupcakes",
    ),
    "dogs": (
        "he thinks he is a lap dog; first day home; she knows sit and paw; muddy after the walk; tail goes crazy; "
        "the tilt of the head; he found a stick twice his size; adopt do not shop; recall training; barking at the "
        "postman; snow for the first time; treats on the nose",
        "dogsoftiktok puppy goldenretriever dogtraining rescuedog corgi puppylove dogmom",
    ),
    "history": (
        "what they ate in the year 1200; the empire fell in a day; a letter from the trench; this map was "
        "forbidden; how the aqueduct worked; she ruled for forty years; found under a car park; the treaty nobody "
        "kept; coins from the hoard; the plague doctor mask; before the revolution; the tomb was sealed",
        "historytok ancientrome medieval worldwar2 archaeology historyfacts egyptology museum",
    ),
    "space": (
        "the rings through my telescope; landing on the third try; how big the sun is; a day is longer than a year "
        "there; the probe still sends data; meteors tonight after ten; black holes do not suck; forty minutes of "
        "exposure; crew back on earth; the far side; what we saw in infrared; launch was scrubbed",
        "spacetok astronomy nasa astrophotography rocketlaunch universe jameswebb milkyway",
    ),
    "fashion": (
        "three ways to wear a blazer; thrifted for five dollars; the trousers fit at last; capsule for autumn; "
        "belt or no belt; tailoring changes everything; shoes first; colours that suit you; layering for cold "
        "mornings; dress for the interview; vintage denim; hem it yourself",
        "ootd outfitideas thriftflip fashiontok streetstyle capsulewardrobe vintageFashion styletips",
    ),
    "parenting": (
        "she said her first word; toddler against shoes; nap time is my time; packing the hospital bag; big "
        "brother meets her; the nursery is done; nobody tells you about week three; snacks at midnight; bedtime in "
        "four steps; he drew on the wall; going back to work; school run in the rain",
        "momsoftiktok toddlerlife newborn parentinghacks dadlife pregnancy babytok momlife",
    ),
    "fishing": (
        "a pike on the first cast; tie this knot; catch and release; the float went under; carp at four in the "
        "morning; fly tied by my dad; boat on the lake; which lure for perch; it broke the line; ice is thick "
        "enough; the river was high; trout under the bridge",
        "fishing carpfishing flyfishing bassfishing catchandrelease angler icefishing troutfishing",
    ),
    "finance": (
        "pay yourself first; what compound interest does; I paid off the loan; index funds and patience; the "
        "budget on one page; rent is half of my salary; emergency fund before stocks; tax return tips; stop buying "
        "coffee is bad advice; inflation explained; my pension at thirty; how credit scores work",
        "personalfinance investing budgeting stockmarket moneytips debtfree passiveincome financialfreedom",
    ),
    "painting": (
        "mixing skin tones; let the wash dry; palette knife only; from sketch to canvas; gouache over pencil; the "
        "background took two days; my worst portrait; brush care; underpainting in orange; clouds in ten strokes; "
        "varnish day; plein air in the wind",
        "arttok watercolor oilpainting artistsoftiktok acrylicpainting portraitart sketchbook gouache",
    ),
    "gaming": (
        "clutched it with one health; speedrun without the glitch; the boss has a second phase; lobby went silent; "
        "hidden chest behind the waterfall; patch notes are insane; building until sunrise; aim training works; "
        "ranked with randoms; my first platinum; lore nobody noticed; controller or mouse",
        "gamingtok minecraft fortniteclips valorant eldenring speedrun playstation5 indiegame",
    ),
    "camping": (
        "tent up before the rain; coffee on the fire; stars and no signal; sleeping bag for minus ten; hammock "
        "between two pines; which stove to take; hiked in eleven miles; a bear was at the bin; van kitchen tour; "
        "wet socks lesson; foraged for supper; tarp in the storm",
        "camping bushcraft hikingadventures vanlife campfire wildcamping backpackinggear outdoors",
    ),
    "comedy": (
        "when the teacher calls on you; my mum on the phone; how waiters really talk; nobody: absolutely nobody; "
        "every office has this man; trying to leave a party; accents of my family; me at 8 and at 28; the sequel "
        "you asked for; he had one line; landlords be like; dating in this city",
        "comedy skit relatable standup funnyvideos pov parody sketchcomedy",
    ),
}
ABOUT_ANYTHING = (
    "wait for it; part 2 on my page; I can't believe this; who else; let me know what you think; this took me hours; "
    "save this for later; you need to see this; reply to a comment; trust the process; no words; my favourite so far; "
    "tag a friend; how is this real; sound on; day 12; honest opinion; try this; never again; the end tho; I'm obsessed"
)
GENERIC_TAGS = "fyp foryou viral foryoupage trending xyzbca fypシ viralvideo blowthisup tiktok"
NOTHING = ("", "#fyp", "#foryou #viral", "😂😂😂", "@bestie", "#fypシ #trending", "❤️")
AUTHORS = (
    "mia.k tomsworld _lena_ real.joe user81920 anna_b thatguyben kiki.daily noor x.sam.x officialpetra dan_the_man"
)


def caption(topic: str, chance: random.Random) -> str:
    """Return one raw caption for a video of this topic, wrong or empty as often as in real libraries."""
    if chance.random() < UNINFORMATIVE:
        return chance.choice(NOTHING)
    if chance.random() < WRONG:
        topic = chance.choice([other for other in TOPICS if other != topic])
    said, tags = (_parts(TOPICS[topic][0], ";"), TOPICS[topic][1].split())
    words = [chance.choice(_parts(ABOUT_ANYTHING, ";"))] if chance.random() < 0.55 else []
    if chance.random() < 0.6 or not words:
        words.insert(chance.randint(0, len(words)), chance.choice(said))
    marks = chance.sample(tags, chance.choice((0, 0, 1, 1, 2)))
    marks += chance.sample(GENERIC_TAGS.split(), chance.choice((0, 1, 2, 3)))
    chance.shuffle(marks)
    emoji = chance.choice(("", "", " 😍", " 🔥", "!!", " ✨"))
    return " ".join([". ".join(words) + emoji, *(f"#{mark}" for mark in marks)])


def noise(words: Sequence[str], chance: random.Random) -> str:
    """Return a caption of words drawn at random, which has nothing to do with any topic."""
    return " ".join(chance.sample(list(words), chance.randint(3, 12)))


def all_words() -> list[str]:
    """Return every word of all topics."""
    return sorted({word for said, _tags in TOPICS.values() for word in said.replace(";", " ").split()})


def _parts(text: str, mark: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split(mark)]
