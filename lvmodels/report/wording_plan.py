"""The texts of the measurement plan in English and Chinese."""

from __future__ import annotations

_TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Measurement plan", "测评方案"),
    "section": ("Checklist", "核对清单"),
    "table": ("From criteria to use", "从测评指标到结果应用"),
    "done": ("done", "已完成"),
    "open": ("open", "未完成"),
    "problem": ("problem", "有问题"),
    "looked_up": ("looked up", "查得"),
    "said": ("stated", "说明"),
    "note": (
        "What is looked up comes from the instrument, the counts of questionnaires, the screening and the fit; what is "
        "stated was written into the plan. A problem needs a change before the next step; open checks need an answer.",
        "“查得”的内容来自问卷、问卷回收数、答卷筛查与模型结果；“说明”的内容由方案填写者给出。有问题的项目须先修改再进入下一步，未完成的项目须补充。",
    ),
    "column_step": ("Step", "步骤"),
    "column_check": ("To be settled", "核对项目"),
    "column_state": ("State", "状态"),
    "column_detail": ("What was settled or found", "内容"),
    "column_source": ("From", "来源"),
    "step_criteria": ("1. Criteria", "1. 确定指标"),
    "step_sample": ("2. Sample", "2. 抽样"),
    "step_questionnaire": ("3. Questionnaire", "3. 问卷设计"),
    "step_field": ("4. Field", "4. 实施调查"),
    "step_statistics": ("5. Statistics", "5. 统计分析"),
    "step_use": ("6. Use", "6. 结果应用"),
    "check_question": ("The question that the study answers", "研究要回答的问题"),
    "check_constructs": ("Constructs to be measured", "要测量的构念"),
    "check_definitions": ("Every construct is defined", "每个构念均有定义"),
    "check_items_enough": ("Two or more items for every construct", "每个构念至少两个题项"),
    "check_population": ("The customers that results speak for", "结果所代表的顾客总体"),
    "check_size": ("Questionnaires sent and usable", "发出与有效问卷数"),
    "check_groups": ("Groups to be compared, and their sizes", "要比较的群体及其规模"),
    "check_wording": ("Items worded", "题项措辞"),
    "check_scales": ("Every item has an answer scale", "每个题项均有量表"),
    "check_reverse_keys": ("Reverse-keyed items are marked", "反向题已标明"),
    "check_languages": ("Languages of all items", "全部题项的语言"),
    "check_pretest": ("Pretest with a few customers", "小样本预测试"),
    "check_mode": ("Modes: telephone, mail, on-site, web", "调查方式：电话、邮寄、现场、网络"),
    "check_period": ("When the answers are collected", "调查时间"),
    "check_response": ("Response rate", "有效回收率"),
    "check_screening": ("Careless answers screened; kept of all", "无效答卷已筛查；保留数 / 总数"),
    "check_model": ("The model, written down before the answers are seen", "在查看数据前写定的模型"),
    "check_cases_enough": ("Ten or more cases for every free parameter", "每个自由参数至少十个样本"),
    "check_reliability": ("Reliability and validity examined", "信度与效度已检验"),
    "check_converged": ("The model converged", "模型已收敛"),
    "check_owner": ("Who acts on the results", "结果的负责人"),
    "check_decision": ("The decision that they are for", "结果所支持的决策"),
    "check_next_wave": ("When it is measured again", "下一次测评的时间"),
}

PLAN_ENGLISH: dict[str, str] = {f"plan.{key}": english for key, (english, _) in _TEXTS.items()}
PLAN_CHINESE: dict[str, str] = {f"plan.{key}": chinese for key, (_, chinese) in _TEXTS.items()}
