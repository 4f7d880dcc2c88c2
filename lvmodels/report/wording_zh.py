"""The texts of a report in Chinese."""

from __future__ import annotations

from lvmodels.report.wording_codebook import CODEBOOK_CHINESE
from lvmodels.report.wording_loyalty_figures import LOYALTY_FIGURES_CHINESE
from lvmodels.report.wording_measures import MEASURES_CHINESE
from lvmodels.report.wording_methods_zh import METHODS_CHINESE
from lvmodels.report.wording_moderation import MODERATION_CHINESE
from lvmodels.report.wording_plan import PLAN_CHINESE
from lvmodels.report.wording_questionnaire import QUESTIONNAIRE_CHINESE
from lvmodels.report.wording_screening_zh import SCREENING_CHINESE
from lvmodels.report.wording_segments import SEGMENTS_CHINESE
from lvmodels.report.wording_side_by_side import SIDE_BY_SIDE_CHINESE
from lvmodels.report.wording_validity import VALIDITY_CHINESE

CHINESE: dict[str, str] = {
    **METHODS_CHINESE,
    **MEASURES_CHINESE,
    **CODEBOOK_CHINESE,
    **LOYALTY_FIGURES_CHINESE,
    **SEGMENTS_CHINESE,
    **PLAN_CHINESE,
    **SIDE_BY_SIDE_CHINESE,
    **VALIDITY_CHINESE,
    **QUESTIONNAIRE_CHINESE,
    **MODERATION_CHINESE,
    **SCREENING_CHINESE,
    # signs
    "yes": "是",
    "no": "否",
    "stop": "。",
    "list_and": "、",
    "list_comma": "、",
    # the page
    "page.title": "{subject}：结构方程模型报告",
    "page.untitled": "结构方程模型报告",
    "page.contents": "目录",
    "page.finding": "主要结论",
    "page.made_by": "由 lvmodels {version} 生成于 {date}。",
    "page.warnings": "使用以下结果之前须注意",
    "page.not_converged": "模型未收敛",
    # titles of sections
    "section.sample": "样本与缺失值",
    "section.items": "题项",
    "section.model": "模型",
    "section.convergence": "收敛与识别",
    "section.fit": "拟合",
    "section.measurement": "测量部分",
    "section.structure": "结构部分",
    "section.variances": "方差与协方差",
    "section.hypotheses": "假设检验",
    "table.hypotheses": "假设与检验结果",
    "hypotheses.count": "{all} 个假设中有 {supported} 个得到支持（符号与预期一致，置信水平 {level} 的双侧检验）；"
    "{contrary} 个显著但符号相反。",
    "column.hypothesis": "假设",
    "column.hypothesis_path": "路径",
    "column.expected_sign": "预期符号",
    "column.hypothesis_lower": "区间下限",
    "column.hypothesis_upper": "区间上限",
    "column.verdict": "结论",
    "column.hypothesis_source": "来源",
    "verdict.supported": "支持",
    "verdict.not_supported": "不支持",
    "verdict.contrary": "符号相反",
    "verdict.not_tested": "未检验",
    "legend.hypotheses": "H：假设及其路径的预期符号",
    "section.effects": "直接、间接与总效应",
    "section.misfit": "模型与数据不符之处",
    "section.methods": "方法段落",
    "section.references": "参考文献",
    "section.reproduce": "如何重现本报告",
    # titles of tables and figures
    "table.groups": "各组样本量",
    "table.icc": "群内与群间方差",
    "table.missing_patterns": "缺失模式",
    "table.missing": "各变量的缺失值",
    "table.items": "题项的表述与分布",
    "table.constructs": "构念及其题项",
    "table.fit": "拟合指标",
    "table.fit_measures": "全部拟合指标",
    "table.measurement": "因子载荷",
    "table.structure": "路径",
    "table.variances": "方差与残差方差",
    "table.covariances": "协方差",
    "table.intercepts": "截距与均值",
    "table.thresholds": "有序回答的阈值",
    "table.scales": "有序回答的尺度因子",
    "column.threshold": "阈值",
    "note.thresholds": "在潜在反应的尺度上，一个类别结束、下一个类别开始之处。",
    "note.scales": "潜在反应标准差的倒数。",
    "table.defined": "自定义参数",
    "table.r2": "解释的方差",
    "table.effects": "效应",
    "table.residuals": "最大的标准化残差",
    "table.modification": "最大的修正指数",
    "figure.path_diagram": "路径图",
    "figure.group": "，{variable}：{group}",
    "figure.description": (
        "模型的路径图，含 {nodes} 个潜变量和 {observed} 个观测变量，箭头旁为估计值。"
        "载荷、路径和协方差各表列有同样的数值。"
    ),
    "figure.how_to_read": (
        "椭圆为潜变量，矩形为观测变量。直线箭头表示效应或载荷，双向弯曲箭头表示协方差，短箭头表示未被解释的方差。"
    ),
    "figure.files": "另存为 figures/{name}.svg、.pdf 和 .png。",
    "legend.dashed": "虚线：p ≥ .05",
    "legend.fixed": "{mark} 固定参数",
    "legend.standardized": "标准化估计值",
    "legend.unstandardized": "非标准化估计值",
    "legend.no_estimates": "模型未收敛，无估计值",
    "legend.gap": "；",
    # columns
    "column.answered": "已作答",
    "column.benchmark": "惯用标准",
    "column.construct": "构念",
    "column.definition": "定义",
    "column.epc": "预期变化",
    "column.error": "SE",
    "column.estimate": "估计值",
    "column.expression": "表达式",
    "column.group": "组",
    "column.level": "层次",
    "column.within": "群内",
    "column.between": "群间",
    "column.icc": "组内相关",
    "level.within": "群内",
    "level.between": "群间",
    "column.interval": "{level}% 置信区间",
    "column.item": "题项",
    "column.items": "题项",
    "column.kind": "类别",
    "column.kurtosis": "峰度",
    "column.label": "名称",
    "column.lower": "下限",
    "column.max": "最大值",
    "column.measure": "指标",
    "column.mi": "MI",
    "column.min": "最小值",
    "column.missing": "缺失",
    "column.missing_count": "缺失个数",
    "column.missing_share": "缺失比例",
    "column.missing_variables": "缺失的变量",
    "column.name": "变量名",
    "column.number": "编号",
    "column.outcome": "结果变量",
    "column.parameter": "参数",
    "column.predictor": "预测变量",
    "column.residual_correlation": "残差相关",
    "column.says": "含义",
    "column.share": "比例",
    "column.sepc": "标准化变化",
    "column.skew": "偏度",
    "column.standardized": "标准化",
    "column.standardized_residual": "标准化残差",
    "column.upper": "上限",
    "column.value": "数值",
    "column.variable": "变量",
    "column.with": "与",
    "column.wording": "表述",
    # kinds of rows
    "kind.variance": "方差",
    "kind.residual_variance": "残差方差",
    "kind.covariance": "协方差",
    "kind.residual_covariance": "残差协方差",
    "part.constructs": "构念",
    "part.outcomes": "观测结果变量",
    "part.items": "题项",
    "part.observed": "观测变量",
    "effect.direct": "直接",
    "effect.indirect": "间接",
    "effect.total": "总",
    # notes below tables
    "note.correlation": "“标准化”一列为相关系数（残差协方差则为残差相关）。",
    "note.defined": "标准误由 delta 法求得。",
    "note.effects": (
        "“标准化”以结果变量和预测变量的标准差为单位。间接效应经由其他构念传递，总效应为直接与间接效应之和（Bollen "
        "1987）。"
    ),
    "note.effects_tests": (
        "间接效应和总效应的 p 值由 delta 法求得（Sobel 1982）。小样本中其分布偏斜，自助法区间更为稳妥。"
    ),
    "note.fit": (
        "这些标准是由特定模型的模拟研究得来的惯例，任何一个都不能单独判定模型是否正确（Marsh et al. 2004）。"
        "全部指标见 tables/fit_measures.csv。"
    ),
    "note.fixed": "–：固定参数，未作估计和检验。",
    "note.items": "按纳入分析的个案计算。偏度和峰度（超额峰度）已作小样本校正。",
    "note.items_answered": "n：作答的个案数。",
    "note.items_normal": (
        "最大似然法假定回答服从正态分布；偏度超过 2 或峰度超过 7 时，χ² 和标准误可能失准（Curran et al. 1996）。"
    ),
    "note.marker": "载荷为 1.000 且无标准误的题项决定其构念的单位。",
    "note.none_missing": "无",
    "note.missing": "按数据中的全部个案、模型所含变量计算。",
    "note.missing_patterns": "按纳入分析的个案计算。每个个案属于一种模式。",
    "note.missing_rest": "共 {count} 种，此处列出最常见的 {shown} 种；CSV 文件含全部。",
    "note.modification": (
        "MI 为放开该参数后 χ² 的预期下降量（Sörbom 1989），“预期变化”为该参数将取的值。"
        "根据本表修改后的模型不再由同一数据"
        "检验：按大小挑选的修改往往不能在另一样本中重现（MacCallum et al. 1992）。只应放开理论所要求的参数，"
        "并予以说明。"
    ),
    "note.r2": "变量的方差中由模型内预测变量解释的比例。",
    "note.r2_missing": "–：残差方差为负，比例无定义。",
    "note.residuals": "样本值减模型值；标准化残差为残差除以其标准误。正值：两变量的联系比模型所述更紧密。",
    "note.icc": "方差来自饱和模型。组内相关系数（ICC）是群间方差所占的比例：同一群内两个个案有多相像。",
    "note.rest": "共 {count} 项，此处列出最大的 {shown} 项；CSV 文件含全部。",
    "note.structure": "“估计值”以变量的原始单位计，“标准化”以标准差计。",
    "note.weights": "合成变量各行为权重。",
    # facts
    "fact.condition": "估计值的条件数",
    "fact.converged": "收敛",
    "fact.patterns": "缺失模式数",
    "fact.created": "生成时间",
    "fact.data_hash": "所分析数据的 SHA-256",
    "fact.df": "自由度",
    "fact.dropped": "剔除",
    "fact.frame": "数据框或样本矩",
    "fact.gradient": "最大梯度",
    "fact.incomplete": "有缺失值的个案数",
    "fact.iterations": "迭代次数",
    "fact.model_hash": "模型文本的 SHA-256",
    "fact.missing_cells": "缺失值所占比例",
    "fact.moments": "样本矩个数",
    "fact.n": "分析的个案数",
    "fact.parameters": "自由参数",
    "fact.source": "数据",
    "fact.total": "数据中的个案数",
    "code.command": "命令",
    "code.model": "模型文本",
    "code.python": "Python",
    # the finding
    "finding.path_model": "模型以{paths}联结{observed}",
    "finding.structural_model": "模型含{constructs}和{observed}，以{paths}相联",
    "finding.measurement_model": "模型以{observed}测量{constructs}",
    "finding.all_cases": "；全部 {n} 个个案均纳入分析",
    "finding.some_cases": "；{total} 个个案中有 {n} 个纳入分析，其余缺少回答",
    "finding.incomplete": "，其中 {incomplete} 个缺少部分数值",
    "finding.in_groups": "，分为 {groups} 组",
    "finding.in_clusters": "，来自 {clusters} 个群",
    "finding.not_converged": "参数搜索未达到极小值，因此不能得出任何结论：没有标准误、检验和拟合指标。",
    "finding.fit_good": (
        "按惯用标准，拟合良好（CFI {cfi}，RMSEA {rmsea}，90% 置信区间 {lower} 至 {upper}，SRMR {srmr}）"
    ),
    "finding.fit_acceptable": (
        "按惯用标准，拟合可以接受（CFI {cfi}，RMSEA {rmsea}，90% 置信区间 {lower} 至 {upper}，SRMR {srmr}）"
    ),
    "finding.fit_poor": (
        "{short} 未达到惯用的拟合标准（CFI {cfi}，RMSEA {rmsea}，90% 置信区间 {lower} 至 {upper}，SRMR {srmr}），"
        "以下结论的依据因而薄弱"
    ),
    "finding.exact_rejected": "；模型完全成立的假设被拒绝，{chisq}。",
    "finding.exact_kept": "；模型完全成立的假设未被拒绝，{chisq}。",
    "finding.saturated": "模型的自由度为零，能完全重现任何数据，因此拟合并不说明什么。",
    "finding.in_group": "{group} 组：",
    "finding.at_level": "{group}层次：",
    "finding.more_groups": "其余各组见表。",
    "finding.explained": "{outcome}的方差有 {share} 得到解释。",
    "finding.driver": "对{outcome}影响最大的是{driver}（标准化总效应 {effect}，{p}）",
    "finding.second": "，其次是{driver}（{effect}）",
    "finding.no_driver": "在 5% 水平上，没有任何对{outcome}的效应显著异于零。",
    "finding.caution": "箭头的方向是模型的假定：数据可以与之矛盾，却不能证明它。",
    "count.constructs.one": "一个潜变量",
    "count.constructs.many": " {count} 个潜变量",
    "count.observed.one": "一个观测变量",
    "count.observed.many": " {count} 个观测变量",
    "count.paths.one": "一条路径",
    "count.paths.many": " {count} 条路径",
    # sentences of sections
    "convergence.good": "参数搜索经 {iterations} 次迭代达到极小值。",
    "convergence.bad": (
        "参数搜索未达到极小值：{reason}。以下为停止时的数值。请尝试给出初始值、减少参数或改变变量的单位。"
    ),
    "convergence.identified": (
        "自由度为样本矩个数减去自由参数个数。条件数说明数据能在多大程度上区分各参数：1 为最佳；越大，"
        "部分估计值越依赖于其他估计值。"
    ),
    "convergence.unidentified": "没有标准误，因此无从得知数据能在多大程度上区分各参数。",
    "fit.none": "未收敛的模型没有拟合指标。",
    "structure.count": "{all} 条所估计的路径中，有 {sure} 条在 5% 水平上异于零。",
    "misfit.none": "模型完全重现样本矩，无残差可查。",
    "misfit.count": (
        "{total} 对变量中有 {beyond} 对的标准化残差超出 ±2.58；若模型完全成立，偶然出现的约为 {expected} 对。"
    ),
    "reproduce.how": (
        "对同样的数据、用同样的版本执行同样的命令，将得到同样的数值。results.json 含全部数值的所有位数，"
        "tables 文件夹含各表的 CSV 文件。"
    ),
}
"""Key → text; the part before the point says where it is used."""
