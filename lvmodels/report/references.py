"""The works that a report names, as full references."""

from __future__ import annotations

REFERENCES: dict[str, str] = {
    "Akaike 1974": "Akaike, H. (1974). A new look at the statistical model identification. IEEE Transactions on "
    "Automatic Control, 19(6), 716–723.",
    "Bentler 1990": "Bentler, P. M. (1990). Comparative fit indexes in structural models. Psychological Bulletin, "
    "107(2), 238–246.",
    "Bentler 1995": "Bentler, P. M. (1995). EQS structural equations program manual. Multivariate Software.",
    "Bentler and Bonett 1980": "Bentler, P. M., & Bonett, D. G. (1980). Significance tests and goodness of fit in the "
    "analysis of covariance structures. Psychological Bulletin, 88(3), 588–606.",
    "Bollen 1987": "Bollen, K. A. (1987). Total, direct, and indirect effects in structural equation models. "
    "Sociological Methodology, 17, 37–69.",
    "Bollen 1989": "Bollen, K. A. (1989). Structural equations with latent variables. Wiley.",
    "Browne and Cudeck 1993": "Browne, M. W., & Cudeck, R. (1993). Alternative ways of assessing model fit. In K. A. "
    "Bollen & J. S. Long (Eds.), Testing structural equation models (pp. 136–162). Sage.",
    "Curran et al. 1996": "Curran, P. J., West, S. G., & Finch, J. F. (1996). The robustness of test statistics to "
    "nonnormality and specification error in confirmatory factor analysis. Psychological Methods, 1(1), 16–29.",
    "Hu and Bentler 1999": "Hu, L., & Bentler, P. M. (1999). Cutoff criteria for fit indexes in covariance structure "
    "analysis: Conventional criteria versus new alternatives. Structural Equation Modeling, 6(1), 1–55.",
    "MacCallum et al. 1992": "MacCallum, R. C., Roznowski, M., & Necowitz, L. B. (1992). Model modifications in "
    "covariance structure analysis: The problem of capitalization on chance. Psychological Bulletin, 111(3), 490–504.",
    "Marsh et al. 2004": "Marsh, H. W., Hau, K.-T., & Wen, Z. (2004). In search of golden rules: Comment on "
    "hypothesis-testing approaches to setting cutoff values for fit indexes and dangers in overgeneralizing Hu and "
    "Bentler's (1999) findings. Structural Equation Modeling, 11(3), 320–341.",
    "Schwarz 1978": "Schwarz, G. (1978). Estimating the dimension of a model. The Annals of Statistics, 6(2), 461–464.",
    "Sobel 1982": "Sobel, M. E. (1982). Asymptotic confidence intervals for indirect effects in structural equation "
    "models. Sociological Methodology, 13, 290–312.",
    "Sörbom 1989": "Sörbom, D. (1989). Model modification. Psychometrika, 54(3), 371–384.",
    "Steiger 1990": "Steiger, J. H. (1990). Structural model evaluation and modification: An interval estimation "
    "approach. Multivariate Behavioral Research, 25(2), 173–180.",
    "Tucker and Lewis 1973": "Tucker, L. R., & Lewis, C. (1973). A reliability coefficient for maximum likelihood "
    "factor analysis. Psychometrika, 38(1), 1–10.",
}
"""Short name → full reference, in the style of the American Psychological Association."""

SOFTWARE = (
    "The lvmodels authors ({year}). lvmodels: structural equation models for customer surveys (Version {version}) "
    "[Computer software]."
)
