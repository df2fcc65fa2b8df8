"""Names as one hears them in a Hubei city: common and rare surnames, fashions of each generation.

Surname weights are rounded from the order published in the police's yearly name reports; they are
approximate. A few names carry rare characters or a minority's dot, because real systems meet them.
"""

from bisect import bisect_right
from itertools import accumulate
from random import Random
from typing import Literal

Sex = Literal["male", "female"]

_SURNAMES = {
    71: "王李",
    64: "张",
    52: "刘",
    47: "陈",
    31: "杨",
    23: "黄",
    21: "赵吴周",
    15: "徐孙",
    13: "马朱胡",
    12: "郭何林高罗",
    9: "郑梁谢宋",
    7: "唐许邓韩冯曹彭曾肖",
    5: "田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚",
    4: "沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱",
    3: "侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤",
    2: "柯乐明占殷柳游尚华左聂盛阮纪涂舒骆",
}
_COMPOUND_SURNAMES = ("欧阳", "上官", "司马", "诸葛", "皇甫", "令狐", "东方", "慕容")
_RARE_SURNAMES = "仝逄佘亓妫郄禤"

# Each row holds the years up to its key: first characters, last characters, single characters.
_GIVEN: dict[Sex, dict[int, tuple[str, str, str]]] = {
    "male": {
        1969: ("建国文志德永家兴光新荣明福金长", "国华明清平生林才胜祥根元喜发山", "军勇明强刚华平"),
        1989: ("志建文海晓少国俊永红宏立卫春", "军伟明峰勇涛斌辉华强平波林鹏云", "伟磊涛勇超鹏杰军斌波"),
        9999: ("子浩宇俊嘉梓一皓泽博天思承晨", "轩宇涵博豪然杰睿阳恒航哲霖辰安", "睿轩浩宇泽晨博航"),
    },
    "female": {
        1969: ("秀桂玉春凤兰素金月翠冬腊爱", "英兰珍华芳莲云荣香梅枝娥霞姣容", "芳英兰珍梅敏"),
        1989: ("晓丽海红小春燕艳雪文慧玉秋", "燕丽霞红梅娟萍琴玲芬云莉敏芳娜", "静丽娟燕敏艳婷娜霞"),
        9999: ("子梓雨欣诗思佳可一语若芷依安", "涵萱怡琪妍彤瑶宁悦馨然诺桐溪晴", "悦欣怡婷颖琪瑶"),
    },
}
_RARE_CHARACTERS: dict[Sex, str] = {"male": "𬭎龑堃翀垚赟喆犇昇燚珺", "female": "祎玥珺婳堃嫚翯喆赟䶮"}
_MINORITY: dict[Sex, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "male": (
        ("艾尔肯", "阿卜杜拉", "买买提", "吐尔逊", "巴合提", "叶尔兰"),
        ("艾合买提", "玉素甫", "哈力克", "努尔兰"),
    ),
    "female": (
        ("阿依古丽", "古丽娜尔", "热依汗", "帕提古丽", "阿依努尔", "米热古丽"),
        ("买买提", "艾力", "吐尔地", "赛力克"),
    ),
}
_MINORITY_SHARE = 0.004
_RARE_CHARACTER_SHARE = 0.015
_RARE_SURNAME_SHARE = 0.004
_COMPOUND_SURNAME_SHARE = 0.006
_SINGLE_CHARACTER_SHARE = 0.16

_SURNAME_LIST = tuple(name for names in _SURNAMES.values() for name in names)
_SURNAME_STEPS = tuple(accumulate(weight for weight, names in _SURNAMES.items() for _ in names))


def make_name(rng: Random, sex: Sex, birth_year: int) -> str:
    """A full name as an identity card would print it: two to four characters, or two parts with a dot."""
    if rng.random() < _MINORITY_SHARE:
        own, father = _MINORITY[sex]
        return f"{rng.choice(own)}·{rng.choice(father)}"
    return _make_surname(rng) + _make_given_name(rng, sex, birth_year)


def _make_surname(rng: Random) -> str:
    draw = rng.random()
    if draw < _RARE_SURNAME_SHARE:
        return rng.choice(_RARE_SURNAMES)
    if draw < _RARE_SURNAME_SHARE + _COMPOUND_SURNAME_SHARE:
        return rng.choice(_COMPOUND_SURNAMES)
    return _SURNAME_LIST[bisect_right(_SURNAME_STEPS, rng.randrange(_SURNAME_STEPS[-1]))]


def _make_given_name(rng: Random, sex: Sex, birth_year: int) -> str:
    eras = _GIVEN[sex]
    firsts, lasts, singles = next(pools for last_year, pools in eras.items() if birth_year <= last_year)
    if rng.random() < _RARE_CHARACTER_SHARE:
        rare = rng.choice(_RARE_CHARACTERS[sex])
        return rare if rng.random() < 0.4 else rng.choice(firsts) + rare
    if rng.random() < _SINGLE_CHARACTER_SHARE:
        return rng.choice(singles)
    first, last = rng.choice(firsts), rng.choice(lasts)
    return first + last if first != last else first
