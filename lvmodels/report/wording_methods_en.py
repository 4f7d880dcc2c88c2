"""The texts on sample, estimation and corrections in English."""

from __future__ import annotations

METHODS_ENGLISH: dict[str, str] = {
    # the sample
    "sample.no_missing": "No value is missing in the {count} variables of the model.",
    "sample.listwise": (
        "{dropped} of {total} cases ({share}) lack a value in a variable of the analysis and were left out (listwise "
        "deletion). The results hold for everyone only if these cases do not differ from the others."
    ),
    "sample.fiml": (
        "{incomplete} of the {n} cases analysed ({share}) lack some values; they were kept, and every answer that "
        "there is was used ({method}). {cells} of all values are missing, in {patterns} "
        "patterns. The results hold if values are missing at random (Rubin 1976): whether one is missing may depend "
        "on what was answered, but not on what the missing answer would have been. The data cannot prove this."
    ),
    "sample.pairwise": (
        "{incomplete} of the {n} cases analysed ({share}) lack some values; every correlation rests on the cases that "
        "answered both of its items (pairwise). {cells} of all values are missing, in {patterns} patterns. The results "
        "hold only if values are missing completely at random: whether one is missing must not depend on any answer."
    ),
    "sample.method_fiml": "full information maximum likelihood",
    "sample.method_two_stage": "two-stage maximum likelihood",
    "sample.fiml_dropped": "{dropped} of {total} cases ({share}) were left out: they have no answer at all{lacking}.",
    "sample.fiml_lacking": ", or lack a value of {names}",
    "sample.little": ("Little's test compares the means of these patterns: {test} (Little 1988). {reading}"),
    "sample.little_rejected": (
        "So values are not missing completely at random, and leaving out incomplete cases could bias the results; the "
        "method used here needs less, that values are missing at random."
    ),
    "sample.little_kept": (
        "It shows nothing that speaks against values missing completely at random, and cannot prove that they are."
    ),
    "sample.clusters": "The cases come from {count} clusters ({name}), of {smallest} to {largest} cases.",
    "sample.weights": (
        "Cases are weighted by {name}; the largest weight is {ratio} times the mean. The tables of items and of "
        "missing values are not weighted."
    ),
    "sample.moments": "The model was fitted to given moments, so nothing is known about single cases.",
    "sample.log": "What happened when the answers were read:",
    "sample.simulated": "These answers are simulated; nobody gave them.",
    # corrections of χ² and of the indices
    "correction.sign": "scaled χ²",
    "correction.satorra_bentler": (
        "χ² is divided by {factor}, so that its mean is that of its reference distribution even when answers are not "
        "normal (Satorra and Bentler 1994)."
    ),
    "correction.yuan_bentler": (
        "χ² is divided by {factor}, so that its mean is that of its reference distribution even when answers are not "
        "normal and some are missing (Yuan and Bentler 2000)."
    ),
    "correction.yuan_bentler_mplus": (
        "χ² is divided by {factor}, so that its mean is that of its reference distribution even when answers are not "
        "normal and some are missing (Yuan and Bentler 2000, as Mplus computes it)."
    ),
    "correction.mean_var_adjusted": (
        "χ² is divided by {factor} and has {df} instead of {plain_df} degrees of freedom, so that its mean and "
        "variance are those of its reference distribution even when answers are not normal (Satorra and Bentler 1994)."
    ),
    "correction.scaled_shifted": (
        "χ² is divided by {factor} and shifted, so that its mean and variance are those of its reference distribution "
        "even when answers are not normal (Asparouhov and Muthén 2010)."
    ),
    "correction.bollen_stine": (
        "The bootstrap of Bollen and Stine (Bollen and Stine 1992; {count} replicates), which takes the answers as "
        "they are distributed, gives exact fit {p}."
    ),
    "correction.satorra_bentler_ordinal": (
        "χ² is divided by {factor}, so that its mean is that of its reference distribution (Satorra and Bentler 1994; "
        "Muthén 1993)."
    ),
    "correction.mean_var_adjusted_ordinal": (
        "χ² is divided by {factor} and has {df} instead of {plain_df} degrees of freedom, so that its mean and "
        "variance are those of its reference distribution (Muthén 1993)."
    ),
    "correction.scaled_shifted_ordinal": (
        "χ² is divided by {factor} and shifted, so that its mean and variance are those of its reference distribution "
        "(Asparouhov and Muthén 2010)."
    ),
    "correction.two_stage": (
        "χ² is divided by {factor}, so that its mean is that of its reference distribution although the moments behind "
        "it are estimates from incomplete answers (Savalei and Falk 2014)."
    ),
    "correction.indices_two_stage": (
        "CFI, TLI and RMSEA are the robust ones, in which each χ² is reduced by what incomplete answers add to it "
        "(Savalei and Falk 2014)."
    ),
    "correction.short_two_stage": "CFI, TLI, RMSEA robust, after two stages",
    "correction.indices_robust": (
        "CFI, TLI and RMSEA are the robust ones, which non-normal answers do not bias (Brosseau-Liard et al. 2012; "
        "Brosseau-Liard and Savalei 2014)."
    ),
    "correction.indices_incomplete": (
        "CFI, TLI and RMSEA are the robust ones for incomplete data: they estimate what complete data would show "
        "(Zhang and Savalei 2023)."
    ),
    "correction.indices_ordinal": (
        "CFI, TLI and RMSEA are the robust ones for ordinal answers: they describe how well the model fits the "
        "responses behind the answers (Savalei 2021)."
    ),
    "correction.indices_scaled": "CFI, TLI and RMSEA are computed with the same correction.",
    "correction.others": "SRMR, AIC and BIC carry no correction.",
    "correction.others_ordinal": "SRMR carries no correction.",
    "correction.none_for_parts": "Residuals and modification indices are those of the uncorrected χ².",
    "correction.title": "Scaled χ²",
    "correction.plain": "Uncorrected χ²",
    "correction.plain_says": "The same test without the correction; it presumes normal answers from independent cases.",
    "correction.plain_says_ordinal": (
        "The same statistic without the correction; it does not follow the reference distribution."
    ),
    "correction.plain_benchmark": "none; for comparison",
    "correction.name_satorra_bentler": "Satorra–Bentler scaled",
    "correction.name_yuan_bentler": "Yuan–Bentler scaled",
    "correction.name_yuan_bentler_mplus": "Yuan–Bentler scaled",
    "correction.name_mean_var_adjusted": "mean-and-variance-adjusted",
    "correction.name_scaled_shifted": "scaled-and-shifted",
    "title.browne_residual_adf": "Browne's test (ADF)",
    "title.browne_residual_nt": "Browne's test (normal theory)",
    "benchmark.browne": "p ≥ .05; from the residual moments alone (Browne 1984)",
    "correction.short_test": "χ² {test}",
    "correction.short_robust": "CFI, TLI, RMSEA robust",
    "correction.short_incomplete": "CFI, TLI, RMSEA robust, for incomplete data",
    "correction.short_ordinal": "CFI, TLI, RMSEA robust, for ordinal answers",
    "correction.short_scaled": "CFI, TLI, RMSEA scaled",
    # the methods paragraph
    "methods.hint": "To be copied, shortened and adapted.",
    "methods.estimated": "The model was estimated with lvmodels {version} (Python {python}) by {method}.",
    "methods.by_ml": (
        "maximum likelihood under multivariate normality (Bollen 1989), with the sample covariances divided by "
        "{divisor}"
    ),
    "methods.by_robust_ml": (
        "maximum likelihood (Bollen 1989) with {extras}, from the sample covariances divided by {divisor}"
    ),
    "methods.by_fiml": "full information maximum likelihood under multivariate normality (Arbuckle 1996)",
    "methods.by_robust_fiml": "full information maximum likelihood (Arbuckle 1996) with {extras}",
    "methods.by_two_stage": (
        "two-stage maximum likelihood: saturated means and covariances by the EM algorithm, then the model fitted to "
        "them (Savalei and Bentler 2009)"
    ),
    "methods.by_robust_two_stage": (
        "two-stage maximum likelihood, saturated means and covariances by the EM algorithm and then the model fitted "
        "to them (Savalei and Bentler 2009), with {extras}"
    ),
    "methods.by_gls": "generalized least squares (Browne 1974)",
    "methods.by_wls": "weighted least squares, asymptotically free of distributional assumptions (Browne 1984)",
    "methods.by_uls": "unweighted least squares (Bollen 1989)",
    "methods.by_dwls": "diagonally weighted least squares (Bollen 1989)",
    "methods.by_wls_ordinal": "weighted least squares from thresholds and polychoric correlations (Muthén 1984)",
    "methods.by_dwls_ordinal": (
        "diagonally weighted least squares ({estimator}) from thresholds and polychoric correlations (Muthén 1984)"
    ),
    "methods.by_uls_ordinal": (
        "unweighted least squares ({estimator}) from thresholds and polychoric correlations (Muthén 1984)"
    ),
    "methods.ordinal": (
        "{count} outcomes are ordinal, with up to {most} categories: behind each answer stands a normally distributed "
        "response, which thresholds divide into the categories."
    ),
    "methods.scale_delta": "These responses have unit variance (delta parameterization) unless said otherwise.",
    "methods.scale_theta": "The residuals of these responses have unit variance (theta parameterization) unless said "
    "otherwise.",
    "methods.given_covariates": "All moments are conditional on the covariates.",
    "methods.by_extras": " with {extras}",
    "methods.with_errors": "robust standard errors",
    "methods.with_bootstrap": "bootstrap standard errors",
    "methods.with_test": "the {test} test",
    "methods.complete": "All {n} cases had complete answers and were analysed.",
    "methods.dropped": (
        "Of {total} cases, {dropped} lacked a value in a variable of the analysis and were left out (listwise "
        "deletion); {n} were analysed."
    ),
    "methods.fiml_all": "All {n} cases were analysed.",
    "methods.fiml_dropped": (
        "Of {total} cases, {dropped} without any answer{lacking} were left out; {n} were analysed."
    ),
    "methods.fiml_lacking": ", or without a value of {names},",
    "methods.incomplete": (
        "Of these, {incomplete} ({share}) lacked some values, {cells} of all values in total; the method uses every "
        "answer that there is and takes the missing ones as missing at random (Rubin 1976)."
    ),
    "methods.pairwise": (
        "Of these, {incomplete} ({share}) lacked some values, {cells} of all values in total; each correlation rests "
        "on the cases that answered both items."
    ),
    "methods.auxiliary": (
        "Auxiliary variables ({names}) took part in the estimation to make this assumption more plausible; they are no "
        "part of the model (Graham 2003)."
    ),
    "methods.given": "It was fitted to the covariance matrix of {n} cases.",
    "methods.clusters": (
        "Standard errors and tests that are robust take account of the {count} clusters ({name}) from which the cases "
        "come (Muthén and Satorra 1995)."
    ),
    "methods.levels": (
        "The model has two levels: the cases within {count} clusters ({name}), of {smallest} to {largest} cases, and "
        "the clusters themselves (McDonald and Goldstein 1989; Muthén 1990)."
    ),
    "methods.weights": "Cases were weighted by {name} (pseudo maximum likelihood; Asparouhov 2005).",
    "methods.groups": "It was fitted to {groups} groups at once ({variable}: {names})",
    "methods.equal": ", with the following parameters held equal across groups: {kinds}",
    "methods.scale_loading": (
        "Latent variables have the scale of their first item, whose loading is fixed at 1, unless the model text "
        "says otherwise."
    ),
    "methods.scale_variance": "Latent variables have unit (residual) variance.",
    "methods.errors_standard": "Standard errors come from the {information} information.",
    "methods.errors_first_order": (
        "Standard errors come from the cross products of the scores of the cases (first-order information; Berndt et "
        "al. 1974)."
    ),
    "methods.errors_robust_sem": (
        "Standard errors are robust against non-normal answers (Satorra and Bentler 1994), with the {information} "
        "information."
    ),
    "methods.errors_bootstrap": (
        "Standard errors and percentile intervals come from {count} bootstrap replicates (Efron and Tibshirani 1993)."
    ),
    "methods.errors_robust_sem_ordinal": (
        "Standard errors take account of the sampling covariance of thresholds and correlations (Muthén 1993)."
    ),
    "methods.errors_robust_huber_white": (
        "Standard errors are robust (Huber–White sandwich: Huber 1967; White 1982), with the {information} information."
    ),
    "methods.errors_two_stage": (
        "Standard errors allow for the first stage, with the {information} information of the incomplete answers "
        "(Savalei and Bentler 2009)."
    ),
    "methods.errors_robust_two_stage": (
        "Standard errors allow for the first stage and are robust against non-normal answers, with the {information} "
        "information of the incomplete answers (Savalei and Falk 2014)."
    ),
    "methods.by_products": "maximum likelihood under normality of latent predictors and residuals",
    "methods.products": (
        "The product {terms} of latent variables was estimated by latent moderated structural equations (Klein and "
        "Moosbrugger 2000); its standardized coefficient is that of the product of the standardized variables (Wen et "
        "al. 2010)."
    ),
    "methods.products_fit": (
        "No test of exact fit exists for such models; AIC is {aic} and BIC {bic}, and the model without the product "
        "can be compared by a likelihood-ratio test."
    ),
    "finding.products": (
        "With a product of latent variables there is no test of how well the model fits; fit it without the product "
        "first, and compare."
    ),
    "note.products": (
        "A product of latent variables shows in higher moments than covariances, so that χ² and the indices made from "
        "it do not exist (Klein and Moosbrugger 2000). Judge the model without the product, then compare both by "
        "their likelihoods."
    ),
    "misfit.products": (
        "With a product of latent variables residuals have no standard errors; look at those of the model without the "
        "product."
    ),
    "methods.information_expected": "expected",
    "methods.information_observed": "observed",
    "methods.not_converged": "The estimation did not converge.",
    "methods.saturated": "The model is saturated (df = 0), so its fit cannot be tested.",
    "methods.fit": (
        "Fit was assessed by the test of exact fit, {chisq}, and by CFI = {cfi} (Bentler 1990), TLI = {tli} "
        "(Tucker and Lewis 1973), RMSEA = {rmsea}, 90% CI [{rmsea_ci_lower}, {rmsea_ci_upper}] (Steiger 1990), and "
        "SRMR = {srmr} (Bentler 1995)."
    ),
    "methods.delta": "Standard errors of indirect and total effects were obtained by the delta method (Sobel 1982).",
}
"""Key → text."""
