"""Small words and signs, all ours: what turns a feeling, what shows one, what gives a language away."""

_NEGATIONS = """
    aint arent ayaw cannot cant couldnt d di didnt doesnt dont hasnt havent hindi hnd hndi huwag isnt
    never no not nothing shouldnt wag wala walang wasnt werent without wont wouldnt
"""
NEGATIONS = frozenset(_NEGATIONS.split())
# What makes the next word stronger or weaker.
_STRONGER = """
    very really so super extremely absolutely totally too truly such sobrang sobra napaka grabe grabeng
    talaga talagang lubos todo masyado
"""
_WEAKER = """
    slightly somewhat medyo kinda bit konti konting kaunti little parang
"""
BOOSTERS = {**dict.fromkeys(_STRONGER.split(), 1.4), **dict.fromkeys(_WEAKER.split(), 0.6)}
# After these people say what they mean.
_TURNS = """
    although but however kaso pero though
"""
TURNS = frozenset(_TURNS.split())

EMOJI = {
    **dict.fromkeys("😀😃😄😁😆😊🙂😍🥰😘😻❤♥💕💖💯👍👏🎉🙏✨😎🤗💪⭐🌟🥳", 2.0),
    **dict.fromkeys("😂🤣😅", 0.7),
    **dict.fromkeys("🚨⚠🔥", -0.7),
    **dict.fromkeys("😡😠🤬😤😢😭💔👎😞😔😟😩😫😖😱🤮🤢💩😒🙄☹😰😨", -2.0),
}
SMILEYS = {
    **dict.fromkeys([":)", ":-)", ":d", "=)", "<3"], 2.0),
    ";)": 1.0,
    **dict.fromkeys([":(", ":-(", ":'(", "=("], -2.0),
}

# Small words that give a language away.
_ENGLISH_MARKS = """
    about after again all also an and any are as at bad be because been before but by can could customer
    day delivery did do does every for from get go going good got great had has have he here how i if in
    into is it its just know made make me more my need never nice no not now of on only or order our out
    over people please product said say see service she should so some still than that the them then there
    these they think this those time to today too up very want was we were what when where who why will
    with would you your
"""
ENGLISH_MARKS = frozenset(_ENGLISH_MARKS.split())
_FILIPINO_MARKS = """
    agad ako amin ang ano anong araw at atin ay ayos ba bahay bakit bawat bukas dahil dalawa daw di din
    dito diyan doon dyan gaano gabi ganda grabe hala hanggang hindi huwag ikaw inyo isang ito iyan iyon ka
    kahapon kahit kailan kami kanila kanina kanya kapag kasi kaso kay kaya kayo ko kung lahat lamang lang
    mag maganda magkano maraming masarap masyado may mayroon medyo meron mga mo mula muna na nag naman
    namin nang napaka natin ng nga ngayon ni nila ninyo niya nya nyo opo pa paano pag pala para parang
    pera pero po raw rin sa saan salamat sana sarap si sila sino siya sobra sobrang sya talaga tao tayo
    uli ulit ung wag wala walang yan yun yung
"""
FILIPINO_MARKS = frozenset(_FILIPINO_MARKS.split())
# How Filipino verbs and adjectives begin: "nagreklamo", "pinaghintay", "nakakainis".
_BEGINNINGS = """
    nakaka nakapag napaka pinaka pinag ipinag nagka nagpa magpa makaka naka maka nag mag kaka pinapa ipina
    ikina pagka nang mang
"""
FILIPINO_BEGINNINGS = tuple(_BEGINNINGS.split())
