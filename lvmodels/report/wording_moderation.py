"""The texts on moderated effects in both languages."""

from __future__ import annotations

MODERATION_ENGLISH: dict[str, str] = {
    "slopes.mean": "{moderator} at its mean",
    "slopes.distance": "{moderator} {sign}1 SD",
    "slopes.change": "{outcome}, less that of an average case",
    "slopes.effect": "effect of {predictor} on {outcome}",
    "slopes.shaded": "shaded: differs from zero at the {level}% level",
    "table.slopes": "Effects at values of their moderators",
    "column.moderator": "Moderator",
    "column.at": "At",
    "column.distance": "SD from mean",
    "column.slope": "Effect",
    "note.slopes": (
        "The effect of a predictor where its moderator is at its mean, and one standard deviation below and above "
        "(Aiken and West 1991)."
    ),
    "note.region": (
        "{predictor} → {outcome}: at values of {moderator} that hold for {share} of the cases the effect differs from "
        "zero at the {level}% level (Johnson and Neyman 1936)."
    ),
}
MODERATION_CHINESE: dict[str, str] = {
    "slopes.mean": "{moderator}取均值",
    "slopes.distance": "{moderator}均值{sign}1个标准差",
    "slopes.change": "{outcome}（与平均个案之差）",
    "slopes.effect": "{predictor}对{outcome}的效应",
    "slopes.shaded": "阴影：在 {level}% 水平上异于零",
    "table.slopes": "调节变量取不同值时的效应",
    "column.moderator": "调节变量",
    "column.at": "取值",
    "column.distance": "距均值的标准差数",
    "column.slope": "效应",
    "note.slopes": "调节变量取均值及均值上下一个标准差时预测变量的效应（Aiken and West 1991）。",
    "note.region": (
        "{predictor} → {outcome}：{moderator}的取值使该效应在 {level}% 水平上异于零的个案占 {share}"
        "（Johnson and Neyman 1936）。"
    ),
}
"""Key → text, as in `lvmodels.report.wording_en`."""
