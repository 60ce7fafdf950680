"""One spelling for what is looked for: half width, lower case, the short forms of characters."""

import unicodedata

_SHORT = str.maketrans(
    "圓麼條兩點線橫豎個裡裏寫標燙絨絲襯褲銀鑽錶髒漬黴乾曬淨紅養護機內錢質滌綸銹鏽麗鴨鵝裝書帶號鍋爐電鏡貼記畫這買嗎樣話還",
    "圆么条两点线横竖个里里写标烫绒丝衬裤银钻表脏渍霉干晒净红养护机内钱质涤纶锈锈丽鸭鹅装书带号锅炉电镜贴记画这买吗样话还",
)


def plain(text: str) -> str:
    """The text as the care files spell it; only its first 300 characters are looked at."""
    return unicodedata.normalize("NFKC", text[:300]).lower().translate(_SHORT)
