"""Sentences written for these tests, in many scripts, and ways to damage them like a translation system."""

import random

SENTENCES = {
    "en": [
        "The old lighthouse keeper climbed the stairs twice a day, rain or shine.",
        "She didn't expect the train to arrive at 10:45 a.m., but it did.",
        "About 3,500 people (mostly students) signed the petition on May 5th, 2021.",
        "\"Why not?\" he asked -- and nobody answered.",
        "The price rose by 12.5% to $1,299.99; that's state-of-the-art hardware for you.",
        "My brother's neighbours' dog barks at the mail carrier every single morning.",
        "In the end, the committee agreed on a compromise that nobody really liked.",
        "Water boils at 100 degrees Celsius at sea level.",
        "Could you please send me the report before the end of the week?",
        "The cat sat on the mat, the cat on the mat sat, on the mat the cat sat.",
        "R&D costs &quot;exploded&quot; &amp; margins fell &lt; 3 &gt; 2.",
        "Visit https://example.org/a_b?c=d#e or mail someone@example.org.",
    ],
    "de": [
        "Der Fährmann brachte uns über den breiten, grauen Fluss.",
        "Im Jahr 1989 kostete ein Brötchen etwa 0,25 Mark.",
        "„Das hätte ich nie gedacht“, sagte die Königin überrascht.",
        "Straßenbahnen fahren hier alle 7-8 Minuten, außer sonntags.",
        "Die GROSSE Weiße Möwe saß auf dem Dach des Rathauses.",
    ],
    "fr": [
        "L'été dernier, nous avons traversé la forêt à vélo.",
        "« Qu'est-ce que c'est ? » demanda l'élève, étonné.",
        "Il est né à Besançon, où sa grand-mère tenait une boulangerie.",
        "Le train n° 4 512 partira à 18 h 30 de la voie B.",
    ],
    "es": [
        "¿Dónde está la biblioteca? ¡No me lo puedo creer!",
        "El niño comió piña y después se echó a dormir.",
        "La reunión del 3.º trimestre costó 1.234,56 €.",
    ],
    "cs": [
        "Příliš žluťoučký kůň úpěl ďábelské ódy.",
        "Na věži seděl čáp a díval se na řeku.",
    ],
    "tr": [
        "İstanbul'da hava bugün ılık ve güneşli.",
        "IŞIK ile ışık aynı kelime değil mi?",
    ],
    "el": [
        "Ο ΟΔΥΣΣΕΑΣ γύρισε στο σπίτι του ύστερα από χρόνια.",
        "Η θάλασσα ήταν ήρεμη· ο ουρανός καθαρός.",
    ],
    "ru": [
        "Старый маяк стоял на краю света, и никто его не замечал.",
        "Поезд № 17 отправляется в 9:05 со второго пути.",
        "«Ну что ж», — сказала она и закрыла дверь.",
    ],
    "ar": [
        "ذهب الولد إلى المدرسة في الصباح الباكر.",
        "كم الساعة الآن؟ إنها ٣٫٥ بعد الظهر.",
    ],
    "he": ["הילד הלך לבית הספר בבוקר.", "שלום, מה שלומך היום?"],
    "hi": ["लड़का सुबह जल्दी स्कूल गया।", "आज मौसम बहुत अच्छा है, है ना?"],
    "th": ["เด็กชายไปโรงเรียนแต่เช้า", "วันนี้อากาศดีมาก"],
    "ko": ["소년은 아침 일찍 학교에 갔다.", "오늘 날씨가 정말 좋네요, 그렇죠?"],
    "zh": [
        "今天天气很好,我们去公园散步吧。",
        "他在2019年买了3台电脑(共12,000元)。",
        "“你好”——她说,“好久不见!”",
        "北京大学的学生喜欢在未名湖边读书。",
        "价格是￥1,299.50元，ＡＢＣ公司说。",
    ],
    "ja": [
        "今日はとても天気がいいですね。",
        "彼は「ありがとう」と言って、部屋を出た。",
        "東京タワーの高さは333メートルです。",
        "ﾊﾝｶｸカタカナとひらがなが混ざった文です！",
    ],
    "emoji": [
        "I ❤️ pizza 🍕 and 👩‍👩‍👧‍👦 families 👍🏽!",
        "🎉🎉 Party at 8pm 🥳 → bring snacks ✅",
        "𝒟𝒶𝓉𝒶 𝔦𝔰 𠀀𠀁 beyond the 🌍 BMP",
    ],
    "odd": [
        "tab\there and\u00a0there\u3000wide\u2003space",
        "control\x1cfile\x1dgroup\x1erecord\x1funit\x85next",
        "zero\u200bwidth\ufeffbom and soft\u00adhyphen",
        "line\nbreak-\nhyphen \n-again\rreturn",
        "a.b,c.1,2.3,.4 5-6 7- -8 .,., 9.",
        "'s it's dogs' 's. O'Neill's 's",
        "<skipped> text <b>bold</b> {x} [y] `z` ~w~ |v| \\u/ @t #s ^r _q",
        "Ⅷ ½ ² ٣٤ ৩ 一二三 ①② №",
        "e\u0301 vs \u00e9, A\u030angstro\u0308m, ﬁne ligature, ǅungla ẞ",
        "…‘single’ “double” ‐‑‒–—― ‹› «» ¿¡ § ¶ † ‡ • ‰ ′ ″",
    ],
    "short": ["Yes.", "No", "a b", "one two three", ".", "!?", "Hm ..."],
    "empty": ["", " ", "\u3000", "\t"],
}

ALL = [s for group in SENTENCES.values() for s in group]


def damage(rng: random.Random, text: str) -> str:
    """A plausible bad translation: drops, repeats, swaps, moves or changes words (characters without spaces)."""
    spaced = " " in text.strip()
    units = text.split(" ") if spaced else list(text)
    for _ in range(rng.choice([0, 1, 1, 2, 3, 5])):
        if not units:
            break
        i = rng.randrange(len(units))
        kind = rng.randrange(8)
        if kind == 0:
            del units[i]
        elif kind == 1:
            units.insert(i, units[i])
        elif kind == 2:
            j = rng.randrange(len(units))
            units[i], units[j] = units[j], units[i]
        elif kind == 3:
            n = rng.randint(1, 4)
            block = units[i : i + n]
            del units[i : i + n]
            j = rng.randint(0, len(units))
            units[j:j] = block
        elif kind == 4:
            units[i] = units[i].swapcase()
        elif kind == 5:
            units[i] = rng.choice(["the", "of", "，", "…", "42", "xyz", "!", "é"])
        elif kind == 6:
            units[i] = units[i] + rng.choice([".", ",", ")", "-", "'s", "%"])
        else:
            units[i:i] = [rng.choice(["very", "not", "。", "-", "(", "🙂"])]
    return (" " if spaced else "").join(units)


def scramble(rng: random.Random, length: int, alphabet: str) -> str:
    return "".join(rng.choice(alphabet) for _ in range(length))
