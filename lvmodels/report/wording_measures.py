"""What the fit measures say, in the reports: English and Chinese."""

from __future__ import annotations

MEASURES_ENGLISH: dict[str, str] = {
    "says.saturated": "No degrees of freedom: the model reproduces any data perfectly, and fit says nothing.",
    "says.chisq_rejected": (
        "That the model holds exactly in the population is rejected at the 5% level. With many cases even a trivial "
        "misfit is significant; look at the other measures and the residuals."
    ),
    "says.chisq_kept": (
        "That the model holds exactly in the population is not rejected at the 5% level. With few cases even a serious "
        "misfit can go undetected."
    ),
    "says.cfi": "Of the misfit of a model without any covariances, {share} is gone. ",
    "says.tli": "Like CFI, with a price on every free parameter. ",
    "says.reach_good": "Reaches .95.",
    "says.reach_acceptable": "Reaches .90, not .95.",
    "says.reach_poor": "Stays below .90.",
    "says.rmsea": "Misfit per degree of freedom, with its 90% interval. ",
    "says.rmsea_good": "Close. ",
    "says.rmsea_acceptable": "Reasonable, not close. ",
    "says.rmsea_poor": "Above .08. ",
    "says.rmsea_rejected": "That it is at most .05 in the population is rejected ({p}).",
    "says.rmsea_kept": "That it is at most .05 in the population is not rejected ({p}).",
    "says.srmr": "The residual correlations are about {value} in size (root mean square). ",
    "says.srmr_levels": "It is the sum of {within} within and {between} between clusters. ",
    "says.srmr_good": "Within .08.",
    "says.srmr_acceptable": "Above .08, within .10.",
    "says.srmr_poor": "Above .10.",
    "says.aic": "Means nothing alone: among models of the same data the smallest is to be preferred.",
    "says.bic": "The same, with a price on parameters that grows with the number of cases.",
    "benchmark.chisq": "p ≥ .05 (Bollen 1989)",
    "benchmark.cfi": "≥ .95 (Hu and Bentler 1999); formerly ≥ .90 (Bentler and Bonett 1980)",
    "benchmark.tli": "≥ .95 (Hu and Bentler 1999); formerly ≥ .90 (Bentler and Bonett 1980)",
    "benchmark.rmsea": (
        "≤ .05 close, ≤ .08 reasonable, > .10 poor (Browne and Cudeck 1993); ≤ .06 (Hu and Bentler 1999)"
    ),
    "benchmark.srmr": "≤ .08 (Hu and Bentler 1999)",
    "benchmark.aic": "none; for comparison (Akaike 1974)",
    "benchmark.bic": "none; for comparison (Schwarz 1978)",
}

MEASURES_CHINESE: dict[str, str] = {
    "says.saturated": "自由度为零：模型能完全重现任何数据，拟合并不说明什么。",
    "says.chisq_rejected": (
        "模型在总体中完全成立的假设在 5% 水平上被拒绝。个案很多时，微小的不符也会显著；请参看其他指标和残差。"
    ),
    "says.chisq_kept": "模型在总体中完全成立的假设在 5% 水平上未被拒绝。个案很少时，严重的不符也可能未被发现。",
    "says.cfi": "与不含任何协方差的模型相比，不符程度减少了 {share}。",
    "says.tli": "与 CFI 类似，但每个自由参数都有代价。",
    "says.reach_good": "达到 .95。",
    "says.reach_acceptable": "达到 .90，未达到 .95。",
    "says.reach_poor": "低于 .90。",
    "says.rmsea": "每个自由度上的不符程度及其 90% 区间。",
    "says.rmsea_good": "接近。",
    "says.rmsea_acceptable": "合理，但不算接近。",
    "says.rmsea_poor": "高于 .08。",
    "says.rmsea_rejected": "其总体值不超过 .05 的假设被拒绝（{p}）。",
    "says.rmsea_kept": "其总体值不超过 .05 的假设未被拒绝（{p}）。",
    "says.srmr": "残差相关的大小约为 {value}（均方根）。",
    "says.srmr_levels": "它是群内 {within} 与群间 {between} 之和。",
    "says.srmr_good": "在 .08 以内。",
    "says.srmr_acceptable": "高于 .08，在 .10 以内。",
    "says.srmr_poor": "高于 .10。",
    "says.aic": "单独看没有意义：在同一数据的各模型中取最小者。",
    "says.bic": "同上，且参数的代价随个案数增加。",
    "benchmark.chisq": "p ≥ .05（Bollen 1989）",
    "benchmark.cfi": "≥ .95（Hu and Bentler 1999）；早先为 ≥ .90（Bentler and Bonett 1980）",
    "benchmark.tli": "≥ .95（Hu and Bentler 1999）；早先为 ≥ .90（Bentler and Bonett 1980）",
    "benchmark.rmsea": "≤ .05 接近，≤ .08 合理，> .10 较差（Browne and Cudeck 1993）；≤ .06（Hu and Bentler 1999）",
    "benchmark.srmr": "≤ .08（Hu and Bentler 1999）",
    "benchmark.aic": "无；仅供比较（Akaike 1974）",
    "benchmark.bic": "无；仅供比较（Schwarz 1978）",
}
