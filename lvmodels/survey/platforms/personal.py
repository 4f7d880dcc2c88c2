"""Which columns identify a person, and leaving them out.

By default nothing is kept that tells who answered: addresses, names, places, telephone numbers, devices (the
principle of data minimisation, Regulation (EU) 2016/679, article 5, and the Personal Information Protection Law of the
People's Republic of China, 2021, article 6).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lvmodels.survey.platforms.naming import plain

__all__ = ["asks_for_personal", "holds_personal"]

_ASKED = frozenset(
    plain(words)
    for words in (
        *("name", "first name", "last name", "surname", "given name", "full name", "nickname"),
        *("e-mail", "email", "mail address", "e-mail address", "email address", "username"),
        *("phone", "telephone", "phone number", "telephone number", "mobile", "mobile number", "mobile phone number"),
        *("address", "postal address", "home address", "street address", "ip", "ip address", "device id"),
        *("姓名", "名字", "昵称", "邮箱", "电子邮箱", "电子邮件", "邮箱地址", "手机", "手机号", "手机号码", "电话"),
        *("电话号码", "联系电话", "联系方式", "微信", "微信号", "qq", "qq号", "身份证", "身份证号", "身份证号码"),
        *("地址", "住址", "家庭住址", "联系地址", "学号", "工号", "设备号", "ip地址", "来自ip"),
    )
)
_POLITE = re.compile(
    r"^(?:(?:please )?(?:enter|give|type|write|state) |what is |what's |your |请|填写|输入|留下|您的|你的)+"
    r"|(?:是什么|是|为)$"
)
_ENDS = " :*?.!()[]_：？。！*（）"
_HELD = re.compile(
    r"[^@\s]+@[^@\s]+\.[^@\s]{2,}"  # an e-mail address
    r"|(?:\d{1,3}\.){3}\d{1,3}(?:\s*[(（].*[)）])?"  # an IP address, perhaps with its place
    r"|(?:\+?86[- ]?)?1[3-9]\d{9}"  # a Chinese mobile number
    r"|\+\d[\d ()/-]{7,}"  # an international telephone number
)
_SHARE, _LOOKED_AT = 0.8, 1000


def asks_for_personal(question: str) -> bool:
    """Whether a question asks for a name, an address, a number or a device, and for nothing else.

    Examples
    --------
    >>> asks_for_personal("What is your e-mail address?"), asks_for_personal("请输入您的姓名:")
    (True, True)
    >>> asks_for_personal("The name of the shop is well known.")
    False
    """
    bare = plain(question).strip(_ENDS)
    for _ in range(3):
        bare = _POLITE.sub("", bare).strip(_ENDS)
    return bare in _ASKED


def holds_personal(cells: Sequence[str]) -> bool:
    """Whether most cells that are filled hold an e-mail address, an IP address or a telephone number."""
    filled = [cell.strip() for cell in cells[:_LOOKED_AT] if cell.strip()]
    return bool(filled) and sum(_HELD.fullmatch(cell) is not None for cell in filled) >= _SHARE * len(filled)
