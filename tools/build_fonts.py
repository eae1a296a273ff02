"""Gather the type of the pages: one reading family in four scripts, cut to what a record needs.

    npm install --prefix build @fontsource-variable/source-serif-4@5.3.1 @fontsource-variable/noto-naskh-arabic@5.3.0
    apt-get install fonts-noto-cjk
    python tools/build_fonts.py build/node_modules /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc

Latin, Cyrillic and their extensions: Source Serif 4, the slices of the npm package unchanged. Arabic script
with all Uyghur and Kazakh letters: Noto Naskh Arabic, without the mathematical and presentation forms.
Han: Noto Serif CJK SC, only the characters of names: those that transcribe foreign names, the names of
states and languages (Unicode CLDR), and every Han character of the shipped records. Other Han characters
fall to the reader's own system. Writes woff2 files, ``fonts.css`` and the licences (SIL OFL 1.1).

Needs fonttools and brotli.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from babel import Locale
from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

HERE = Path(__file__).parents[1]
OUT = HERE / "src/onrecord/pages/assets/fonts"
SLICES = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")
ARABIC = [*range(0x600, 0x700), *range(0x2000, 0x2070), 0x20, 0x25CC, *range(0xFBFC, 0xFC00), 0xFDFC]

# The characters with which Chinese writes foreign names (the usual choices for each syllable), and the
# words around a name on a record: places, offices, surnames.
TRANSCRIPTION = (
    """
阿艾安昂奥巴拜班邦包堡鲍贝本比彼边别宾冰玻波伯勃博布采查昌岑楚春茨达大代戴丹当道德登邓迪蒂丁东都杜顿多恩尔
厄耳法凡范方菲费芬芙夫弗福富盖甘冈高戈哥格葛根贡古瓜圭郭果哈海罕汉汗杭豪赫黑亨胡华怀惠霍基吉季加贾坚江姜
杰捷金津京久居卡开凯坎康考柯科克肯孔库夸匡奎昆扩拉腊莱赖兰朗劳老勒雷蕾累楞李里理力丽利莉连联廉良列烈林琳
隆娄卢鲁露伦罗洛吕律略马玛麦曼芒毛茅梅门蒙孟米密蜜缅明摩莫默姆木穆拿纳娜乃奈南内嫩能尼妮涅聂宁牛纽农努女
诺欧帕派潘庞培佩彭蓬皮匹平珀坡普漆齐其奇恰钱强乔切钦秦琴青琼丘屈去冉让热仁日荣茹儒瑞若撒萨塞赛桑瑟沙莎山
珊尚绍舍申什圣盛施石士史思斯松苏绥孙所索塔台泰坦汤唐陶特滕提田廷通图土吐托脱瓦外万旺威韦维伟卫魏温文翁沃
乌武伍西希锡喜夏显香祥向小肖谢辛欣新兴匈雄休修许旭叙雅亚延扬耶叶伊依怡宜以因英永尤于约云宰再藏扎泽曾詹展张
章赵哲者珍真郑治智中周朱祝卓孜兹子宗祖佐买提江木热孜古丽努尔拜合提吾甫尔依明艾力吐逊玉素甫克热木夏提帕夏
白坂岑陈冯龚关何贺洪侯黄霍蒋康孔雷黎梁廖刘龙陆罗吕梅孟莫牛潘任沈苏孙谭陶田汪王卫吴萧徐薛严杨姚袁曾钟邹
"""
    + """
新疆维吾尔自治区自治州地区县市乡镇村喀什和田阿克苏吐鲁番哈密昌吉博尔塔拉巴音郭楞克孜勒柯尔克孜伊犁塔城
墨玉皮山洛浦策勒于田民丰疏附疏勒英吉沙泽普莎车叶城麦盖提岳普湖伽师巴楚温宿库车沙雅新和拜城乌什瓦提柯坪
轮台尉犁若羌且末焉耆和静硕博湖特克斯尼勒克昭苏新源巩留察布查尔霍城奎屯石河子五家渠图木舒克铁门关可双河昆玉
哈萨克回族蒙古锡伯乌孜别塔吉克俄罗斯满达斡尔藏人民共和国政府公安局法院检察院监狱看守所教育培训中心职业技能
书记主席部长外交代表团大使高级专员办事处联合国人权理事会委员会声明报告判决刑期年月日男女出生逮捕拘留释放失踪
"""
)


def han_characters() -> list[int]:
    """Code points of every Han character the pages are sure to meet."""
    chinese = Locale("zh")
    words = [TRANSCRIPTION, *map(str, chinese.territories.values()), *map(str, chinese.languages.values())]
    words += [path.read_text("utf-8") for path in sorted((HERE / "src/onrecord/records").rglob("*.csv"))]
    return sorted({ord(c) for word in words for c in word if "\u3400" <= c <= "\u9fff"})


def cut(font: TTFont, points: list[int], target: Path) -> None:
    """Keep the given code points and every layout rule among them; write woff2."""
    options = subset.Options(layout_features=["*"], flavor="woff2", name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    font["head"].modified = font["head"].created  # the same input gives the same bytes
    font.flavor = "woff2"
    font.recalcTimestamp = False
    font.save(target)


def face(family: str, file: str, weights: str, style: str, reach: str) -> str:
    """One @font-face rule."""
    return (
        f"@font-face{{font-family:'{family}';font-style:{style};font-weight:{weights};font-display:swap;"
        f"src:url({file}) format('woff2');unicode-range:{reach}}}\n"
    )


def source_serif(package: Path) -> str:
    """Copy the slices and return their rules, with the ranges that the package itself declares."""
    rules = []
    for style, sheet in (("normal", "wght.css"), ("italic", "wght-italic.css")):
        css = (package / sheet).read_text()
        for part in SLICES:
            name = f"source-serif-4-{part}-wght-{style}.woff2"
            found = re.search(rf"files/{re.escape(name)}.*?unicode-range: ([^;]+);", css, re.S)
            if found is None:
                raise SystemExit(
                    f"{package / sheet} no longer names {name}: look at the package's new layout"
                )
            shutil.copy(package / "files" / name, OUT / name)
            rules.append(face("Source Serif 4", name, "200 900", style, found[1]))
    shutil.copy(package / "LICENSE", OUT / "LICENSE-source-serif-4.txt")
    return "".join(rules)


def naskh(package: Path) -> str:
    """Cut the Arabic slice to letters, marks and figures; its weights run from 400 to 700."""
    name = "noto-naskh-arabic.woff2"
    font = TTFont(package / "files/noto-naskh-arabic-arabic-wght-normal.woff2")
    cut(font, ARABIC, OUT / name)
    shutil.copy(package / "LICENSE", OUT / "LICENSE-noto-naskh-arabic.txt")
    return face("Noto Naskh Arabic", name, "400 700", "normal", "U+0600-06FF,U+200C-200F,U+FBFC-FBFF,U+FDFC")


def han(collection: Path) -> str:
    """Cut the Simplified Chinese face of the collection to the characters of names."""
    name = "noto-serif-sc-names.woff2"
    fonts = TTCollection(collection).fonts
    font = next(f for f in fonts if f["name"].getDebugName(4) == "Noto Serif CJK SC")
    points = han_characters()
    cut(font, points, OUT / name)
    licence = OUT / "LICENSE-source-serif-4.txt"
    body = licence.read_text().partition("This Font Software is licensed")
    (OUT / "LICENSE-noto-serif-cjk.txt").write_text(
        "© 2017-2022 Adobe (http://www.adobe.com/).\nCut to the characters of names for onrecord.\n\n"
        + body[1]
        + body[2]
    )
    return face("Noto Serif SC", name, "400", "normal", ",".join(f"U+{p:X}" for p in points))


def main(modules: Path, collection: Path) -> None:
    """Write every file of ``assets/fonts``."""
    OUT.mkdir(parents=True, exist_ok=True)
    packages = modules / "@fontsource-variable"
    rules = source_serif(packages / "source-serif-4")
    rules += naskh(packages / "noto-naskh-arabic")
    rules += han(collection)
    (OUT / "fonts.css").write_text("/* Written by tools/build_fonts.py. */\n" + rules)
    for file in sorted(OUT.iterdir()):
        print(f"{file.stat().st_size:>9,} {file.name}", file=sys.stderr)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
