"""Encodings are found out from the bytes, on texts as short as a header."""

from __future__ import annotations

import pytest

from lvmodels.errors import FileFormatError
from lvmodels.survey.encoding import decode

CHINESE = [
    "满意度",
    "性别\n男\n",
    "品牌,忠诚\n苹果,1\n",
    "姓名\n王喆\n李玥\n",
    "编号,x\n1,１２\n",
    "价值,形象 质量;感知",
    "序号,总体满意度,备注\n1,7,很好。\n",
    "品牌,名稱\n1,價值\n",
]
WESTERN = [
    "Größe",
    "id;Größe\n1;7\n",
    "Qualité",
    "Prénom,âge\nZoé,31\nÉlodie,45\n",
    "Año,Satisfacción\n2001,7\n",
    "¿Cuál?,¡Sí!\n1,2\n",
    "kön,ålder\nkvinna,31\n",
    "Größe,Übung,Straße,ÄÖÜ\n1,2,3,4\n",
    "“Quotes”,don’t,5 €\n1,2,3\n",
    "São Paulo,coração,ção\n1,2,3\n",
    "£5\n",
    "°C\n",
    "naïve café\n",
]
ENCODINGS = [
    ("utf-8", "UTF-8", CHINESE + WESTERN + ["plain"]),
    ("utf-8-sig", "UTF-8", CHINESE + WESTERN + ["plain"]),
    ("utf-16", "UTF-16", CHINESE + WESTERN + ["plain"]),
    ("utf-16-le", "UTF-16", ["id,name\n1,Größe\n"]),
    ("utf-16-be", "UTF-16", ["id,name\n1,Größe\n"]),
    ("gbk", "GB18030", CHINESE),
    ("gb18030", "GB18030", CHINESE),
    ("cp1252", "Windows-1252", WESTERN),
]


@pytest.mark.parametrize(
    ("codec", "name", "text"), [(codec, name, text) for codec, name, texts in ENCODINGS for text in texts]
)
def test_texts_are_decoded_as_they_were_encoded(codec: str, name: str, text: str) -> None:
    assert decode(text.encode(codec), "answers.csv") == (text, name)


@pytest.mark.parametrize("text", CHINESE)
def test_long_files_with_few_words_are_decoded(text: str) -> None:
    whole = text + "\n" + "1,2,3\n" * 5000
    assert decode(whole.encode("gbk"), "answers.csv") == (whole, "GB18030")


def test_bytes_that_windows_lacks_are_latin_1() -> None:
    assert decode(b"caf\xe9 \x81", "answers.csv") == ("café \x81", "Latin-1")


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
def test_damaged_files_are_not_read_in_another_encoding(codec: str) -> None:
    data = ("品牌,忠诚\n" * 5).encode(codec) + "诚".encode(codec)[-2:-1]
    with pytest.raises(FileFormatError, match=r"answers\.csv, line 6: the file is UTF-\d+, but byte \d+ is damaged"):
        decode(data, "answers.csv")
