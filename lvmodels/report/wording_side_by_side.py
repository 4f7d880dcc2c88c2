"""The texts of a comparison of methods in English and Chinese."""

from __future__ import annotations

SIDE_BY_SIDE_ENGLISH: dict[str, str] = {
    "methods_beside.title": "{subject}: one model, several methods",
    "methods_beside.untitled": "One model, several methods",
    "methods_beside.section_paths": "Paths",
    "methods_beside.section_loadings": "Loadings",
    "methods_beside.section_r2": "Explained variance",
    "methods_beside.section_reliability": "Reliability",
    "methods_beside.section_notes": "Why they differ",
    "methods_beside.table_paths": "Standardized paths",
    "methods_beside.table_loadings": "Standardized loadings",
    "methods_beside.table_r2": "R²",
    "methods_beside.table_reliability": "Reliability of what each method takes for the construct",
    "methods_beside.method_cbsem": "CB-SEM",
    "methods_beside.method_pls": "PLS",
    "methods_beside.method_plsc": "PLSc",
    "methods_beside.method_sums": "Sum scores",
    "methods_beside.method_semopy": "semopy",
    "methods_beside.note_reliability": (
        "CB-SEM and semopy: composite reliability of the factor model. PLS: the same formula with PLS loadings, which "
        "makes it too high. PLSc: ρA (Dijkstra and Henseler 2015). Sum scores: α of standardized items."
    ),
    "methods_beside.note_loadings": (
        "Of factor methods, correlations of items with the factor; of PLS and sum scores, with the score."
    ),
    "methods_beside.scale": (
        "All methods use the same {n} complete cases, and every number is standardized: items and constructs have unit "
        "variance, so that what differs is not the scale."
    ),
    "methods_beside.dropped": "{dropped} of {all} cases lack an answer and are left out of every method.",
    "methods_beside.ordinal": (
        "CB-SEM ({estimator}) models the continuous responses behind the ordinal answers, which go together more "
        "closely than the answers; the other methods take the answers as numbers."
    ),
    "methods_beside.attenuation": (
        "PLS and sum scores take weighted sums of items, errors of measurement included, for the constructs, which "
        "attenuates correlations: paths are {plain:.2f} in size on average with PLS and {corrected:.2f} once PLSc has "
        "corrected them. Reliability (ρA) runs from {low_value:.2f} ({low}) to {high_value:.2f} ({high}); the lower it "
        "is, the more is lost."
    ),
    "methods_beside.no_attenuation": (
        "PLS and sum scores take weighted sums of items, errors of measurement included, for the constructs. This "
        "attenuates correlations, but not every path: they are {plain:.2f} in size on average with PLS and "
        "{corrected:.2f} with PLSc, at reliabilities (ρA) from {low_value:.2f} ({low}) to {high_value:.2f} ({high})."
    ),
    "methods_beside.larger_paths": (
        "{number} of {all} paths are larger in size with PLS than with PLSc, most of all {predictor} → {outcome} "
        "({pls:.2f} against {plsc:.2f}): with several predictors a less reliable one leaves to the others a part of "
        "what is its own."
    ),
    "methods_beside.loadings": (
        "Loadings average {pls:.2f} with PLS and {cbsem:.2f} with CB-SEM, as an item is part of the score it is "
        "correlated with."
    ),
    "methods_beside.loadings_smaller": "Loadings average {pls:.2f} with PLS and {cbsem:.2f} with CB-SEM.",
    "methods_beside.sums": (
        "Weights hardly matter here: no path of PLS and sum scores differs by more than {gap:.3f} "
        "({predictor} → {outcome})."
    ),
    "methods_beside.sums_apart": (
        "Weights matter here: PLS and sum scores differ by up to {gap:.2f} ({predictor} → {outcome}), as PLS counts "
        "items more that go with neighbouring constructs."
    ),
    "methods_beside.common_factors": (
        "CB-SEM and PLSc both estimate common factors, and in large samples agree when the model holds; here they "
        "differ by at most {gap:.2f} ({predictor} → {outcome}; CFI {cfi:.2f}, SRMR {srmr:.2f})."
    ),
    "methods_beside.common_factors_apart": (
        "CB-SEM and PLSc both estimate common factors, and in large samples agree when the model holds. Here they "
        "differ by up to {gap:.2f} ({predictor} → {outcome}): by chance, or because it does not hold (CFI {cfi:.2f}, "
        "SRMR {srmr:.2f}). Then CB-SEM spreads the misfit over all parameters, and PLSc does not."
    ),
    "methods_beside.turned": "Items that go against their construct enter its sum with the other sign: {items}.",
    "methods_beside.composites": (
        "Composites, which are not corrected for attenuation: {names}. A composite is "
        "the sum of its items and has no error of measurement."
    ),
    "methods_beside.ignored": "Of no use to PLS and sum scores, which leave it out: {formulas}.",
    "methods_beside.semopy": (
        "semopy, an engine that others wrote, finds the same: no path or loading differs by more than {gap:.4f}; it "
        "stops a little before the minimum."
    ),
    "methods_beside.semopy_apart": (
        "semopy, an engine that others wrote, differs by up to {gap:.3f} ({one}, {other}): one of the two searches has "
        "not found the minimum, or the model has several."
    ),
    "methods_beside.semopy_numbers": (
        "semopy takes the answers as numbers, by maximum likelihood; its largest difference from CB-SEM, {gap:.3f} "
        "({one}, {other}), is one of estimators."
    ),
    "methods_beside.no_semopy": (
        "semopy, a second engine for CB-SEM, is not installed; pip install 'lvmodels[semopy]' adds its column."
    ),
    "methods_beside.left_out": "{method} has no column: {reason}.",
    "methods_beside.warning": "{method}: {text}",
}

SIDE_BY_SIDE_CHINESE: dict[str, str] = {
    "methods_beside.title": "{subject}：同一模型，多种方法",
    "methods_beside.untitled": "同一模型，多种方法",
    "methods_beside.section_paths": "路径",
    "methods_beside.section_loadings": "载荷",
    "methods_beside.section_r2": "解释的方差",
    "methods_beside.section_reliability": "信度",
    "methods_beside.section_notes": "为何不同",
    "methods_beside.table_paths": "标准化路径系数",
    "methods_beside.table_loadings": "标准化载荷",
    "methods_beside.table_r2": "R²",
    "methods_beside.table_reliability": "各方法用以代表构念之物的信度",
    "methods_beside.method_cbsem": "CB-SEM",
    "methods_beside.method_pls": "PLS",
    "methods_beside.method_plsc": "PLSc",
    "methods_beside.method_sums": "总分回归",
    "methods_beside.method_semopy": "semopy",
    "methods_beside.note_reliability": (
        "CB-SEM 与 semopy：因子模型的组合信度。PLS：以 PLS 载荷代入同一公式，结果偏高。"
        "PLSc：ρA（Dijkstra and Henseler 2015）。总分：标准化题项的 α。"
    ),
    "methods_beside.note_loadings": "因子方法为题项与因子的相关；PLS 与总分为题项与得分的相关。",
    "methods_beside.scale": (
        "所有方法使用相同的 {n} 个完整个案，所有数值均已标准化：题项与构念的方差为 1，因此差异并非来自尺度。"
    ),
    "methods_beside.dropped": "{all} 个个案中有 {dropped} 个缺少回答，所有方法均将其剔除。",
    "methods_beside.ordinal": (
        "CB-SEM（{estimator}）对有序回答背后的连续反应建模，它们之间的相关高于回答本身；其他方法把回答当作数值。"
    ),
    "methods_beside.attenuation": (
        "PLS 与总分以题项的加权和代表构念，其中含有测量误差，相关因而衰减：路径系数绝对值的平均数，"
        "PLS 为 {plain:.2f}，经 PLSc 校正后为 {corrected:.2f}。信度（ρA）从 {low_value:.2f}（{low}）"
        "到 {high_value:.2f}（{high}）；信度越低，损失越多。"
    ),
    "methods_beside.no_attenuation": (
        "PLS 与总分以题项的加权和代表构念，其中含有测量误差。相关因而衰减，但并非每条路径都变小："
        "路径系数绝对值的平均数，PLS 为 {plain:.2f}，PLSc 为 {corrected:.2f}；"
        "信度（ρA）从 {low_value:.2f}（{low}）到 {high_value:.2f}（{high}）。"
    ),
    "methods_beside.larger_paths": (
        "{all} 条路径中有 {number} 条在 PLS 中的绝对值大于 PLSc，差异最大的是 {predictor} → {outcome}"
        "（{pls:.2f} 对 {plsc:.2f}）：有多个预测变量时，信度较低者会把自己的一部分作用让给其他变量。"
    ),
    "methods_beside.loadings": (
        "载荷的平均数，PLS 为 {pls:.2f}，CB-SEM 为 {cbsem:.2f}，因为题项本身就是与之相关的得分的一部分。"
    ),
    "methods_beside.loadings_smaller": "载荷的平均数，PLS 为 {pls:.2f}，CB-SEM 为 {cbsem:.2f}。",
    "methods_beside.sums": (
        "权重在此几乎不起作用：PLS 与总分的路径系数相差不超过 {gap:.3f}（{predictor} → {outcome}）。"
    ),
    "methods_beside.sums_apart": (
        "权重在此起作用：PLS 与总分最多相差 {gap:.2f}（{predictor} → {outcome}），因为 PLS 更看重与相邻构念相关的题项。"
    ),
    "methods_beside.common_factors": (
        "CB-SEM 与 PLSc 都估计共同因子，模型成立时在大样本中一致；此处最多相差 {gap:.2f}"
        "（{predictor} → {outcome}；CFI {cfi:.2f}，SRMR {srmr:.2f}）。"
    ),
    "methods_beside.common_factors_apart": (
        "CB-SEM 与 PLSc 都估计共同因子，模型成立时在大样本中一致。此处最多相差 {gap:.2f}"
        "（{predictor} → {outcome}）：或出于偶然，或因模型不成立（CFI {cfi:.2f}，SRMR {srmr:.2f}）。"
        "模型不成立时，CB-SEM 把偏差分散到所有参数，而 PLSc 不会。"
    ),
    "methods_beside.turned": "与构念方向相反的题项以相反的符号计入总分：{items}。",
    "methods_beside.composites": ("以下为合成变量，不作衰减校正：{names}。合成变量就是其题项之和，没有测量误差。"),
    "methods_beside.ignored": "PLS 与总分不使用以下内容：{formulas}。",
    "methods_beside.semopy": (
        "由他人编写的 semopy 得到相同的结果：路径与载荷相差不超过 {gap:.4f}；它在最小值之前稍早停止。"
    ),
    "methods_beside.semopy_apart": (
        "由他人编写的 semopy 最多相差 {gap:.3f}（{one}，{other}）：两者之一没有找到最小值，或模型有多个最小值。"
    ),
    "methods_beside.semopy_numbers": (
        "semopy 把回答当作数值，用最大似然估计；它与 CB-SEM 的最大差异为 {gap:.3f}（{one}，{other}），来自估计方法。"
    ),
    "methods_beside.no_semopy": (
        "未安装 CB-SEM 的第二个程序 semopy；运行 pip install 'lvmodels[semopy]' 可增加这一列。"
    ),
    "methods_beside.left_out": "没有 {method} 一列：{reason}。",
    "methods_beside.warning": "{method}：{text}",
}
