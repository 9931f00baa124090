"""Tags that ask for an audience and say nothing about the video: #fyp, #viralvideo, #xuhuong, #хочуврек. Pure.

Most are what TikTok calls its page "For you" in some language, what its users call getting there, and the formats of
TikTok, Instagram and YouTube. The English ones lead each list of the most used tags (for TikTok in February 2022:
for you, for you page, fyp, duet, tiktok, viral, tiktok india, trending).
"""

from __future__ import annotations

import re
import unicodedata


def folded(text: str) -> str:
    """Return small letters and digits only, without accents. A repeated letter stands once: #FYPPPP is fyp."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"(.)\1+", r"\1", "".join(char for char in plain if char.isalnum()))


def _folded(words: str) -> frozenset[str]:
    return frozenset(map(folded, words.split()))


_CORE = _folded(
    """
    fyp fy fypage bhfyp foryou foryour foru 4you 4u fup viral virals virality trending trend trends trendy
    tiktok tiktoks tiktoker tiktokers xyzbca xybca xyzcba zyxcba blowthisup blowup goviral capcut
    reels reel reelsinstagram instareels instareel igreels ytshorts youtubeshorts instagood instadaily
    parati parat paravoce pravoce vaiprofy tendencia tendencias viralizar viraliza viralizou
    pourtoi pourvous tendance percer neiperte furdich fuerdich furdichseite voorjou fordig tildig dlaciebie protebe
    keşfet keşfete keşfetteyiz önerilenler öneçıkar
    xuhuong xh thinhhanh đềxuất dexuat beranda untukmu untukanda
    рек реки врек вреки хочуврек хочувреки рекомендации рекомендация врекомендации рекомендації
    втоп хочувтоп тренд тренды втренды хочувтренды втренде вирусное тикток
    اكسبلور إكسبلور الاكسبلور ترند الترند تيكتوك فولو الشعبالصينيمالهحل
    เทรนด์ ฟีด ขึ้นฟีด หน้าฟีด เปิดการมองเห็น สำหรับคุณ
    おすすめ オススメ のりたい 乗りたい 運営さん大好き バズれ バズりたい バズ 推荐 推薦 热门 熱門 上热门 抖音 抖音小助手
    추천 추천떠라 추천영상 떠라 알고리즘 वायरल ट्रेंडिंग ভাইরাল פוריו ויראלי
    """
)
"""One of these makes a tag of reach, alone or with others and _BESIDE."""

_BESIDE = _folded(
    """
    page pages feed video videos vid vids post posts clip content creator creators status challenge sound sounds edit
    edits template velocity tag hashtag now today new best top all the in on to it this me my us be go get make up
    please pls plz help want world global insta instagram youtube shorts short
    india indonesia indo brasil brazil mexico usa uk france pakistan vietnam thailand philippines ph malaysia arab japan
    korea russia deutschland germany italia espana turkiye
    dong ya masuk lewat semoga caramba seite pagina página beni düş düsür düşür tik tok
    глобальные хочу в توك تيك explore วันนี้ เถอะ に の さん シ ツ 영상
    """
)

_ALONE = _folded(
    """
    explore explorepage explorer explorar exploremore follow followme followback followforfollow f4f follow4follow
    follows followers like likes like4like likeforlike likesforlike likeforlikes l4l subscribe share
    duet stitch greenscreen greenscreenvideo edit edits shorts short youtube insta instagram photooftheday
    perte топ лайк лайки подпишись подписка актив لايك متابعة متابعه هاشتاق いいね 拡散希望 ad
    """
)
"""These say nothing alone, but something with other words: #exploreiceland."""

_LONGEST = max(map(len, _CORE | _BESIDE))
_MOST = 60  # letters of a tag


def only_for_reach(tag: str) -> bool:
    """Return whether a tag, or a word, is made of nothing but such words."""
    letters = folded(tag)[: _MOST + 1]
    if letters in _ALONE:
        return True
    with_core = {0: False}  # whether a core is among the words that cover so many letters
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST), end):
            word = letters[start:end]
            if start in with_core and (word in _CORE or word in _BESIDE or word.isdigit()):
                with_core[end] = with_core.get(end, False) or with_core[start] or word in _CORE
    return with_core.get(len(letters), False)
