"""The texts of the validity report in English and Chinese."""

from __future__ import annotations

VALIDITY_ENGLISH: dict[str, str] = {
    "validity.title": "{subject}: measurement quality",
    "validity.untitled": "Measurement quality",
    "validity.opening": (
        "{met} of {all} customary benchmarks are met. Benchmarks are conventions with a source, not verdicts: they "
        "come "
        "from simulations of a few models and from experience, and what an item means counts for more than its second "
        "decimal. Read them together, with the wording of the items at hand."
    ),
    "validity.group": "Validity and method are those of group {group}; reliability is given for every group.",
    "validity.cases": "Cases",
    "validity.constructs": "Constructs",
    "validity.items": "Items",
    "validity.met": "Benchmarks met",
    "validity.section_benchmarks": "Benchmarks",
    "validity.section_reliability": "Reliability",
    "validity.section_convergent": "Loadings",
    "validity.section_discriminant": "Discriminant validity",
    "validity.section_collinearity": "Collinearity",
    "validity.section_method": "Common method",
    "validity.section_tetrads": "Reflective or formative",
    "validity.table_benchmarks": "Customary benchmarks, and where the model comes off worst",
    "validity.table_reliability": "Reliability of the constructs",
    "validity.table_loadings": "Standardized loadings",
    "validity.table_fornell_larcker": "Correlations of the constructs, with the root of AVE on the diagonal",
    "validity.table_htmt": "Heterotrait–monotrait ratios: HTMT below the diagonal, HTMT2 above",
    "validity.table_bounds": "Bounds of HTMT from resampled cases",
    "validity.table_cross_loadings": "Correlations of the items with the constructs",
    "validity.table_vif": "Variance inflation factors",
    "validity.table_one_factor": "One factor behind all items",
    "validity.table_method_loadings": "Loadings without and with a method factor",
    "validity.table_method_paths": "Paths without and with a method factor",
    "validity.table_tetrads": "Tests of vanishing tetrads",
    "validity.criterion": "Criterion",
    "validity.worst": "Worst value",
    "validity.where": "Where",
    "validity.failing": "Missed by",
    "validity.source": "Source",
    "validity.holds": "Met",
    "validity.of": "{failing} of {of}",
    "validity.alpha": "α",
    "validity.omega": "ω",
    "validity.ave": "AVE",
    "validity.composite": "CR",
    "validity.rho_a": "ρA",
    "validity.spearman_brown": "Spearman–Brown",
    "validity.alpha_ordinal": "α ordinal",
    "validity.omega_ordinal": "ω ordinal",
    "validity.omega_level2": "ω of the constructs below",
    "validity.omega_partial": "ω partial",
    "validity.interval": "{level}% interval of α",
    "validity.loading": "Loading",
    "validity.shared": "Squared",
    "validity.pair": "Constructs",
    "validity.lower": "Lower",
    "validity.upper": "Upper",
    "validity.outcome": "Outcome or construct",
    "validity.kind_predictor": "predictors",
    "validity.kind_item": "items",
    "validity.without": "Without",
    "validity.with": "With",
    "validity.on_method": "On the method factor",
    "validity.model": "Model",
    "validity.the_model": "the model",
    "validity.one_factor": "one factor",
    "validity.criterion_cfi": "CFI of the model",
    "validity.criterion_rmsea": "RMSEA of the model",
    "validity.criterion_srmr": "SRMR of the model",
    "validity.criterion_loading": "Standardized loading of every item",
    "validity.criterion_alpha": "Coefficient α",
    "validity.criterion_omega": "Coefficient ω",
    "validity.criterion_composite_reliability": "Composite reliability",
    "validity.criterion_redundancy": "Composite reliability, lest items repeat one another",
    "validity.criterion_ave": "Average variance extracted",
    "validity.criterion_fornell_larcker": "Root of AVE less the largest correlation",
    "validity.criterion_cross_loading": "Loading on the own construct less the largest other",
    "validity.criterion_htmt_distinct": "HTMT, constructs of different kinds",
    "validity.criterion_htmt_similar": "HTMT, constructs of a kind",
    "validity.criterion_htmt_bound": "Upper bound of HTMT",
    "validity.criterion_vif_predictor": "VIF of the predictors",
    "validity.criterion_vif_item": "VIF of the items",
    "validity.criterion_harman": "Share of the first component (Harman)",
    "validity.criterion_tetrads": "p of vanishing tetrads",
    "validity.note_reliability": (
        "α with its interval (Feldt et al. 1987) holds for items that measure equally well; ω (McDonald 1999) lets "
        "loadings differ, CR and AVE (Fornell and Larcker 1981) are from standardized loadings, and ρA is that of the "
        "sum weighted by loadings (Dijkstra and Henseler 2015)."
    ),
    "validity.note_ordinal": (
        "Of ordinal answers, ω is that of the sum of the answers (Green and Yang 2009); ordinal α and ω are those "
        "of the "
        "continuous responses behind them, which nobody observes."
    ),
    "validity.note_htmt": (
        "Ratios near 1 say that two constructs can hardly be told apart (Henseler et al. 2015). HTMT2 lets items load "
        "differently (Roemer et al. 2021)."
    ),
    "validity.note_bounds": "Percentile intervals of level {level}% from {n} resamples of the cases.",
    "validity.note_cross_loadings": "As the model implies them; an item should go with its own construct most.",
    "validity.method": (
        "The first of {p} components holds {share} of the items' variance; half or more is the customary sign of "
        "common "
        "method variance, and a smaller share does not rule it out (Podsakoff and Organ 1986)."
    ),
    "validity.method_factor": (
        "A method factor on which all items load equally, uncorrelated with the constructs (Podsakoff et al. 2003), "
        "changes chi-square by {chisq} (df = {df}, {p}). It holds {method} of the items' variance, the constructs "
        "beside "
        "it {construct}. What counts is whether loadings and paths change."
    ),
    "validity.no_method_factor": (
        "A method factor beside the constructs cannot be told from them here: its estimates do not exist or are "
        "improper."
    ),
    "validity.note_tetrads": (
        "Of four items that one construct causes the tetrads vanish (Bollen and Ting 2000). A small p speaks "
        "against items "
        "that are nothing but effects of one construct: they may form it, measure several things, or have related "
        "errors."
    ),
    "validity.simulated": "The answers are simulated: no person gave them.",
}

VALIDITY_CHINESE: dict[str, str] = {
    "validity.title": "{subject}：测量质量",
    "validity.untitled": "测量质量",
    "validity.opening": (
        "在 {all} 项惯用标准中，满足 {met} 项。这些标准是有出处的惯例，而不是判决：它们来自对少数模型的模拟和经验，"
        "题项的含义比其系数的第二位小数更重要。请对照题项的表述，综合阅读。"
    ),
    "validity.group": "效度与共同方法的结果属于“{group}”组；信度按各组分别列出。",
    "validity.cases": "样本量",
    "validity.constructs": "构念",
    "validity.items": "题项",
    "validity.met": "满足的标准",
    "validity.section_benchmarks": "惯用标准",
    "validity.section_reliability": "信度",
    "validity.section_convergent": "因子载荷",
    "validity.section_discriminant": "区分效度",
    "validity.section_collinearity": "共线性",
    "validity.section_method": "共同方法",
    "validity.section_tetrads": "反映型还是形成型",
    "validity.table_benchmarks": "惯用标准及模型表现最差之处",
    "validity.table_reliability": "各构念的信度",
    "validity.table_loadings": "标准化载荷",
    "validity.table_fornell_larcker": "构念间相关，对角线为 AVE 的平方根",
    "validity.table_htmt": "异质-单质比率：对角线下方为 HTMT，上方为 HTMT2",
    "validity.table_bounds": "由重抽样得到的 HTMT 界限",
    "validity.table_cross_loadings": "题项与各构念的相关",
    "validity.table_vif": "方差膨胀因子",
    "validity.table_one_factor": "所有题项背后只有一个因子",
    "validity.table_method_loadings": "加入方法因子前后的载荷",
    "validity.table_method_paths": "加入方法因子前后的路径",
    "validity.table_tetrads": "四分差检验",
    "validity.criterion": "标准",
    "validity.worst": "最差值",
    "validity.where": "位置",
    "validity.failing": "未满足",
    "validity.source": "出处",
    "validity.holds": "满足",
    "validity.of": "{failing} / {of}",
    "validity.alpha": "α",
    "validity.omega": "ω",
    "validity.ave": "AVE",
    "validity.composite": "CR",
    "validity.rho_a": "ρA",
    "validity.spearman_brown": "Spearman–Brown",
    "validity.alpha_ordinal": "有序 α",
    "validity.omega_ordinal": "有序 ω",
    "validity.omega_level2": "下层构念的 ω",
    "validity.omega_partial": "偏 ω",
    "validity.interval": "α 的 {level}% 区间",
    "validity.loading": "载荷",
    "validity.shared": "平方",
    "validity.pair": "构念对",
    "validity.lower": "下限",
    "validity.upper": "上限",
    "validity.outcome": "结果变量或构念",
    "validity.kind_predictor": "预测变量",
    "validity.kind_item": "题项",
    "validity.without": "加入前",
    "validity.with": "加入后",
    "validity.on_method": "在方法因子上",
    "validity.model": "模型",
    "validity.the_model": "本模型",
    "validity.one_factor": "单因子",
    "validity.criterion_cfi": "模型的 CFI",
    "validity.criterion_rmsea": "模型的 RMSEA",
    "validity.criterion_srmr": "模型的 SRMR",
    "validity.criterion_loading": "每个题项的标准化载荷",
    "validity.criterion_alpha": "α 系数",
    "validity.criterion_omega": "ω 系数",
    "validity.criterion_composite_reliability": "组合信度",
    "validity.criterion_redundancy": "组合信度（过高则题项相互重复）",
    "validity.criterion_ave": "平均方差抽取量",
    "validity.criterion_fornell_larcker": "AVE 平方根减去最大相关",
    "validity.criterion_cross_loading": "在本构念上的载荷减去在其他构念上的最大载荷",
    "validity.criterion_htmt_distinct": "HTMT（性质不同的构念）",
    "validity.criterion_htmt_similar": "HTMT（性质相近的构念）",
    "validity.criterion_htmt_bound": "HTMT 的上限",
    "validity.criterion_vif_predictor": "预测变量的 VIF",
    "validity.criterion_vif_item": "题项的 VIF",
    "validity.criterion_harman": "第一主成分的占比（Harman）",
    "validity.criterion_tetrads": "四分差为零的 p 值",
    "validity.note_reliability": (
        "α 及其区间（Feldt et al. 1987）适用于测量效果相同的题项；ω（McDonald 1999）允许载荷不同；"
        "CR 与 AVE（Fornell and Larcker 1981）由标准化载荷计算；ρA 为按载荷加权之和的信度（Dijkstra and Henseler "
        "2015）。"
    ),
    "validity.note_ordinal": (
        "对有序回答，ω 是回答之和的信度（Green and Yang 2009）；有序 α 和 ω 属于回答背后无法观测的连续反应。"
    ),
    "validity.note_htmt": (
        "比率接近 1 表明两个构念难以区分（Henseler et al. 2015）。HTMT2 允许题项的载荷不同（Roemer et al. 2021）。"
    ),
    "validity.note_bounds": "由 {n} 次个案重抽样得到的 {level}% 百分位区间。",
    "validity.note_cross_loadings": "由模型推导；题项应与本构念最相关。",
    "validity.method": (
        "{p} 个主成分中的第一个占题项方差的 {share}；一半或以上是共同方法变异的惯用信号，"
        "较小的占比也不能排除它（Podsakoff and Organ 1986）。"
    ),
    "validity.method_factor": (
        "加入一个所有题项载荷相等、与各构念不相关的方法因子（Podsakoff et al. 2003），卡方变化 {chisq}（df = {df}，"
        "{p}）。"
        "它占题项方差的 {method}，各构念占 {construct}。关键在于载荷和路径是否改变。"
    ),
    "validity.no_method_factor": "此处无法把方法因子与各构念区分开：其估计值不存在或不合理。",
    "validity.note_tetrads": (
        "由同一构念引起的四个题项，其四分差为零（Bollen and Ting 2000）。p 值小说明题项不只是一个构念的结果："
        "它们可能构成该构念、测量多种内容，或误差相关。"
    ),
    "validity.simulated": "这些回答是模拟的，并非真人所答。",
}
