"""Tags that say nothing about a video, and those that only look like them."""

import pytest

from sorterd.captions.reach import only_for_reach

SAYING_NOTHING = """
fyp FYPPPPP fypシ fypシ゚viral🖤tiktok foryoupage 4u viral viralvideo viralvideo2024 tiktokviral
makethisviral trending fyp_indonesia tiktokindia xyzbca explore explorepage like4like duet capcut
reelsinstagram shorts parati paratiiiii paravoce vaiprofycaramba pourtoi fürdich fuerdich voorjou
fördig dlaciebie perte neiperte keşfet kesfet keşfetteyiz xuhuong xuhướng xuhuongtiktok xh
masukberanda lewatberanda fypdong рек врек хочуврек втоп глобальныерекомендации тренды2024 اكسبلور
اكسبلورexplore اكسبلور_تيك_توك ترند الشعب_الصيني_ماله_حل เทรนด์วันนี้ ขึ้นฟีดเถอะ ฟีดดดシ おすすめ
おすすめにのりたい 運営さん大好き バズれ 推荐 热门 上热门 추천 추천떠라
"""
TELLING = """
pottery exploreiceland viralpasta trendyoutfits perteDePoids fyodor fysio рекорд реклама tiktokfood
tiktokmademebuyit india page video edithpiaf stitching shortstory reelmower duetto follower-of-
fashion fürdichgekocht ทำอาหาร 推理小説 추천도서 바다 2024 parativa
"""


@pytest.mark.parametrize("tag", SAYING_NOTHING.split())
def test_it_asks_for_an_audience_only(tag: str) -> None:
    assert only_for_reach(tag)


@pytest.mark.parametrize("tag", TELLING.split())
def test_it_tells_something(tag: str) -> None:
    assert not only_for_reach(tag)
