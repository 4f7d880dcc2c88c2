"""The texts on sample, estimation and corrections in Chinese."""

from __future__ import annotations

METHODS_CHINESE: dict[str, str] = {
    # the sample
    "sample.no_missing": "模型所含 {count} 个变量均无缺失值。",
    "sample.listwise": (
        "{total} 个个案中有 {dropped} 个（{share}）在分析所用的变量上缺值，已予剔除（列表删除）。"
        "只有当这些个案与其余个案没有差别时，结果才适用于全体。"
    ),
    "sample.fiml": (
        "所分析的 {n} 个个案中有 {incomplete} 个（{share}）缺少部分数值；这些个案予以保留，已有的回答全部使用"
        "（{method}）。全部数值中有 {cells} 缺失，共 {patterns} 种缺失模式。结果成立的前提是随机缺失"
        "（Rubin 1976）：某值是否缺失可以取决于已作的回答，但不取决于该缺失值本身。数据无法证明这一点。"
    ),
    "sample.pairwise": (
        "所分析的 {n} 个个案中有 {incomplete} 个（{share}）缺少部分数值；每个相关系数使用同时回答"
        "这两个题项的个案（成对）。全部数值中有 {cells} 缺失，共 {patterns} 种缺失模式。结果成立的前提是完全随机缺失："
        "是否缺失不得取决于任何回答。"
    ),
    "sample.method_fiml": "完全信息最大似然法",
    "sample.method_two_stage": "两阶段最大似然法",
    "sample.fiml_dropped": "{total} 个个案中有 {dropped} 个（{share}）被剔除：没有任何回答{lacking}。",
    "sample.fiml_lacking": "，或缺少以下变量的值：{names}",
    "sample.little": "Little 检验比较各缺失模式的均值：{test}（Little 1988）。{reading}",
    "sample.little_rejected": (
        "可见数值并非完全随机缺失，剔除不完整的个案可能使结果产生偏差；此处所用的方法要求较低，只需随机缺失。"
    ),
    "sample.little_kept": "没有迹象表明数值并非完全随机缺失，但也不能证明这一点。",
    "sample.clusters": "个案来自 {count} 个群（{name}），每群 {smallest} 至 {largest} 个个案。",
    "sample.weights": "个案按 {name} 加权；最大权重为平均值的 {ratio} 倍。题项表和缺失值表未加权。",
    "sample.moments": "模型根据给定的样本矩拟合，个案情况不详。",
    "sample.log": "读取回答时的记录：",
    "sample.simulated": "这些回答是模拟产生的，并非真人作答。",
    # corrections of χ² and of the indices
    "correction.sign": "校正 χ²",
    "correction.satorra_bentler": (
        "χ² 已除以 {factor}，使其均值在回答非正态时也与参照分布相符（Satorra and Bentler 1994）。"
    ),
    "correction.yuan_bentler": (
        "χ² 已除以 {factor}，使其均值在回答非正态且有缺失时也与参照分布相符（Yuan and Bentler 2000）。"
    ),
    "correction.yuan_bentler_mplus": (
        "χ² 已除以 {factor}，使其均值在回答非正态且有缺失时也与参照分布相符（Yuan and Bentler 2000，按 Mplus 的算法）。"
    ),
    "correction.mean_var_adjusted": (
        "χ² 已除以 {factor}，自由度由 {plain_df} 改为 {df}，使其均值和方差在回答非正态时也与参照分布相符"
        "（Satorra and Bentler 1994）。"
    ),
    "correction.scaled_shifted": (
        "χ² 已除以 {factor} 并平移，使其均值和方差在回答非正态时也与参照分布相符（Asparouhov and Muthén 2010）。"
    ),
    "correction.bollen_stine": (
        "Bollen 与 Stine 的自助法（Bollen and Stine 1992；{count} 次重抽样）不假定回答的分布，其完全拟合检验为 {p}。"
    ),
    "correction.satorra_bentler_ordinal": (
        "χ² 已除以 {factor}，使其均值与参照分布相符（Satorra and Bentler 1994；Muthén 1993）。"
    ),
    "correction.mean_var_adjusted_ordinal": (
        "χ² 已除以 {factor}，自由度由 {plain_df} 改为 {df}，使其均值和方差与参照分布相符（Muthén 1993）。"
    ),
    "correction.scaled_shifted_ordinal": (
        "χ² 已除以 {factor} 并平移，使其均值和方差与参照分布相符（Asparouhov and Muthén 2010）。"
    ),
    "correction.two_stage": (
        "χ² 已除以 {factor}，使其均值与参照分布相符，因为所依据的样本矩是由不完整的回答估计的"
        "（Savalei and Falk 2014）。"
    ),
    "correction.indices_two_stage": (
        "CFI、TLI 和 RMSEA 为稳健指标：各 χ² 均已减去不完整的回答所增加的部分（Savalei and Falk 2014）。"
    ),
    "correction.short_two_stage": "CFI、TLI、RMSEA 为两阶段稳健指标",
    "correction.indices_robust": (
        "CFI、TLI 和 RMSEA 为稳健指标，不受非正态回答的影响而产生偏差（Brosseau-Liard et al. 2012；"
        "Brosseau-Liard and Savalei 2014）。"
    ),
    "correction.indices_incomplete": (
        "CFI、TLI 和 RMSEA 为缺失数据的稳健指标，估计的是数据完整时的值（Zhang and Savalei 2023）。"
    ),
    "correction.indices_ordinal": (
        "CFI、TLI 和 RMSEA 为有序回答的稳健指标，描述模型对回答背后的潜在反应的拟合（Savalei 2021）。"
    ),
    "correction.indices_scaled": "CFI、TLI 和 RMSEA 按同样的校正计算。",
    "correction.others": "SRMR、AIC 和 BIC 未作校正。",
    "correction.others_ordinal": "SRMR 未作校正。",
    "correction.none_for_parts": "残差和修正指数均对应未校正的 χ²。",
    "correction.title": "校正 χ²",
    "correction.plain": "未校正的 χ²",
    "correction.plain_says": "同一检验，未作校正；以回答服从正态分布、个案相互独立为前提。",
    "correction.plain_says_ordinal": "同一统计量，未作校正；它不服从参照分布。",
    "correction.plain_benchmark": "无；仅供比较",
    "correction.name_satorra_bentler": "Satorra–Bentler 校正",
    "correction.name_yuan_bentler": "Yuan–Bentler 校正",
    "correction.name_yuan_bentler_mplus": "Yuan–Bentler 校正",
    "correction.name_mean_var_adjusted": "均值与方差校正",
    "correction.name_scaled_shifted": "缩放平移校正",
    "title.browne_residual_adf": "Browne 检验（ADF）",
    "title.browne_residual_nt": "Browne 检验（正态理论）",
    "benchmark.browne": "p ≥ .05；仅由残差矩求得（Browne 1984）",
    "correction.short_test": "χ² 为 {test}值",
    "correction.short_robust": "CFI、TLI、RMSEA 为稳健指标",
    "correction.short_incomplete": "CFI、TLI、RMSEA 为缺失数据的稳健指标",
    "correction.short_ordinal": "CFI、TLI、RMSEA 为有序回答的稳健指标",
    "correction.short_scaled": "CFI、TLI、RMSEA 已校正",
    # the methods paragraph
    "methods.hint": "可复制、删减并改写。",
    "methods.estimated": "模型由 lvmodels {version}（Python {python}）以{method}。",
    "methods.by_ml": "多元正态假定下的最大似然法估计（Bollen 1989），样本协方差除以 {divisor}",
    "methods.by_robust_ml": "最大似然法估计（Bollen 1989），样本协方差除以 {divisor}，并采用{extras}",
    "methods.by_fiml": "多元正态假定下的完全信息最大似然法估计（Arbuckle 1996）",
    "methods.by_robust_fiml": "完全信息最大似然法估计（Arbuckle 1996），并采用{extras}",
    "methods.by_two_stage": (
        "两阶段最大似然法估计：先由 EM 算法求得饱和模型的均值和协方差，再据此拟合模型（Savalei and Bentler 2009）"
    ),
    "methods.by_robust_two_stage": (
        "两阶段最大似然法估计：先由 EM 算法求得饱和模型的均值和协方差，再据此拟合模型（Savalei and Bentler 2009），"
        "并采用{extras}"
    ),
    "methods.by_gls": "广义最小二乘法（Browne 1974）",
    "methods.by_wls": "加权最小二乘法，渐近不依赖分布假定（Browne 1984）",
    "methods.by_uls": "未加权最小二乘法（Bollen 1989）",
    "methods.by_dwls": "对角加权最小二乘法（Bollen 1989）",
    "methods.by_wls_ordinal": "加权最小二乘法，依据阈值和多序列相关系数（Muthén 1984）",
    "methods.by_dwls_ordinal": "对角加权最小二乘法（{estimator}），依据阈值和多序列相关系数（Muthén 1984）",
    "methods.by_uls_ordinal": "未加权最小二乘法（{estimator}），依据阈值和多序列相关系数（Muthén 1984）",
    "methods.ordinal": (
        "{count} 个结果变量为有序变量，最多 {most} 个类别：每个回答背后有一个正态分布的潜在反应，由阈值划分为各类别。"
    ),
    "methods.scale_delta": "除另有说明外，潜在反应的方差设为 1（delta 参数化）。",
    "methods.scale_theta": "除另有说明外，潜在反应的残差方差设为 1（theta 参数化）。",
    "methods.given_covariates": "所有矩均以协变量为条件。",
    "methods.by_extras": "，采用{extras}",
    "methods.with_errors": "稳健标准误",
    "methods.with_bootstrap": "自助法标准误",
    "methods.with_test": "{test}检验",
    "methods.complete": "全部 {n} 个个案回答完整，均纳入分析。",
    "methods.dropped": (
        "{total} 个个案中有 {dropped} 个在分析所用的变量上缺值，已予剔除（列表删除），其余 {n} 个纳入分析。"
    ),
    "methods.fiml_all": "全部 {n} 个个案均纳入分析。",
    "methods.fiml_dropped": "{total} 个个案中有 {dropped} 个没有任何回答{lacking}，已予剔除，其余 {n} 个纳入分析。",
    "methods.fiml_lacking": "，或缺少以下变量的值：{names}",
    "methods.incomplete": (
        "其中 {incomplete} 个（{share}）缺少部分数值，共占全部数值的 {cells}；"
        "该方法使用已有的全部回答，并假定缺失为随机缺失（Rubin 1976）。"
    ),
    "methods.pairwise": (
        "其中 {incomplete} 个（{share}）缺少部分数值，共占全部数值的 {cells}；"
        "每个相关系数使用同时回答这两个题项的个案。"
    ),
    "methods.auxiliary": ("辅助变量（{names}）参与估计，使这一假定更为可信；它们不属于模型本身（Graham 2003）。"),
    "methods.given": "模型根据 {n} 个个案的协方差矩阵拟合。",
    "methods.clusters": "稳健的标准误和检验考虑了个案所属的 {count} 个群（{name}）（Muthén and Satorra 1995）。",
    "methods.levels": (
        "模型有两个层次：{count} 个群（{name}，每群 {smallest} 至 {largest} 个个案）之内的个案，以及群本身"
        "（McDonald and Goldstein 1989；Muthén 1990）。"
    ),
    "methods.weights": "个案按 {name} 加权（伪最大似然法；Asparouhov 2005）。",
    "methods.groups": "模型同时拟合 {groups} 个组（{variable}：{names}）",
    "methods.equal": "，以下参数设为各组相等：{kinds}",
    "methods.scale_loading": "除模型文本另有规定外，潜变量以其第一个题项为单位（载荷固定为 1）。",
    "methods.scale_variance": "潜变量的（残差）方差设为 1。",
    "methods.errors_standard": "标准误由{information}信息矩阵求得。",
    "methods.errors_first_order": "标准误由各个案得分的交叉乘积（一阶信息矩阵）求得（Berndt et al. 1974）。",
    "methods.errors_robust_sem": ("标准误对非正态回答稳健（Satorra and Bentler 1994），由{information}信息矩阵求得。"),
    "methods.errors_bootstrap": ("标准误与百分位置信区间由 {count} 次自助法重抽样求得（Efron and Tibshirani 1993）。"),
    "methods.errors_robust_sem_ordinal": "标准误考虑了阈值和相关系数的抽样协方差（Muthén 1993）。",
    "methods.errors_robust_huber_white": (
        "标准误为稳健标准误（Huber–White 三明治估计：Huber 1967；White 1982），由{information}信息矩阵求得。"
    ),
    "methods.errors_two_stage": (
        "标准误考虑了第一阶段的不确定性，由不完整回答的{information}信息矩阵求得（Savalei and Bentler 2009）。"
    ),
    "methods.errors_robust_two_stage": (
        "标准误考虑了第一阶段的不确定性，对非正态回答稳健，由不完整回答的{information}信息矩阵求得"
        "（Savalei and Falk 2014）。"
    ),
    "methods.by_products": "最大似然法（假定潜预测变量和残差服从正态分布）",
    "methods.products": (
        "潜变量乘积 {terms} 以潜调节结构方程法估计（Klein and Moosbrugger 2000）；其标准化系数是标准化变量之乘积的系数"
        "（Wen et al. 2010）。"
    ),
    "methods.products_fit": (
        "此类模型没有精确拟合检验；AIC 为 {aic}，BIC 为 {bic}，可用似然比检验与不含乘积的模型比较。"
    ),
    "finding.products": "模型含潜变量乘积，没有拟合检验；请先拟合不含乘积的模型，再加以比较。",
    "note.products": (
        "潜变量的乘积体现在高于协方差的矩中，因此不存在 χ² 及由其得出的指标（Klein and Moosbrugger 2000）。请先评价不含"
        "乘积的模型，再以似然比较两者。"
    ),
    "misfit.products": "模型含潜变量乘积，残差没有标准误；请查看不含乘积的模型的残差。",
    "methods.information_expected": "期望",
    "methods.information_observed": "观测",
    "methods.not_converged": "估计未收敛。",
    "methods.saturated": "模型饱和（df = 0），因此无法检验其拟合。",
    "methods.fit": (
        "拟合由以下指标评价：完全拟合检验（{chisq}）；CFI = {cfi}（Bentler 1990）；"
        "TLI = {tli}（Tucker and Lewis 1973）；RMSEA = {rmsea}，90% 置信区间 "
        "[{rmsea_ci_lower}, {rmsea_ci_upper}]（Steiger 1990）；SRMR = {srmr}（Bentler 1995）。"
    ),
    "methods.delta": "间接效应和总效应的标准误由 delta 法求得（Sobel 1982）。",
}
"""Key → text."""
