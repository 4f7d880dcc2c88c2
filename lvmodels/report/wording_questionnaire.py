"""The texts of a questionnaire in English and Chinese."""

from __future__ import annotations

QUESTIONNAIRE_ENGLISH: dict[str, str] = {
    "questionnaire.title": "Customer survey",
    "questionnaire.intro": (
        "Please answer every question. There are no right or wrong answers: what counts is your own opinion."
    ),
    "questionnaire.about": "All questions are about {about}.",
    "questionnaire.grid": "Please mark one circle in each line.",
    "questionnaire.choose": "Please choose one answer in each line.",
    "questionnaire.part": "Part {number}",
    "questionnaire.bounds": "({low} to {high})",
    "questionnaire.form": "No.",
    "questionnaire.thanks": "Thank you for taking part.",
}

QUESTIONNAIRE_CHINESE: dict[str, str] = {
    "questionnaire.title": "顾客调查问卷",
    "questionnaire.intro": "请回答每一个问题。答案没有对错之分，按您的真实想法填写即可。",
    "questionnaire.about": "以下问题均针对{about}。",
    "questionnaire.grid": "请在每一行选择一个圆圈。",
    "questionnaire.choose": "请在每一行选择一个答案。",
    "questionnaire.part": "第 {number} 部分",
    "questionnaire.bounds": "（{low} 至 {high}）",
    "questionnaire.form": "编号",
    "questionnaire.thanks": "感谢您的参与！",
}
