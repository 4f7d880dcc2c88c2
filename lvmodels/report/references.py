"""The works that a report names, as full references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lvmodels import __version__
from lvmodels.report.records import Block, Listing, Paragraph, Table
from lvmodels.report.references_measurement import MEASUREMENT_REFERENCES
from lvmodels.report.screening_works import SCREENING_WORKS

REFERENCES: dict[str, str] = {
    "Aiken and West 1991": "Aiken, L. S., & West, S. G. (1991). Multiple regression: Testing and interpreting "
    "interactions. Sage.",
    **MEASUREMENT_REFERENCES,
    **SCREENING_WORKS,
    "Akaike 1974": "Akaike, H. (1974). A new look at the statistical model identification. IEEE Transactions on "
    "Automatic Control, 19(6), 716–723.",
    "Arbuckle 1996": "Arbuckle, J. L. (1996). Full information estimation in the presence of incomplete data. In G. A. "
    "Marcoulides & R. E. Schumacker (Eds.), Advanced structural equation modeling: Issues and techniques "
    "(pp. 243–277). Lawrence Erlbaum.",
    "Asparouhov 2005": "Asparouhov, T. (2005). Sampling weights in latent variable modeling. Structural Equation "
    "Modeling, 12(3), 411–434.",
    "Asparouhov and Muthén 2010": "Asparouhov, T., & Muthén, B. (2010). Simple second order chi-square correction. "
    "Mplus Technical Appendix. Muthén & Muthén.",
    "Bentler 1990": "Bentler, P. M. (1990). Comparative fit indexes in structural models. Psychological Bulletin, "
    "107(2), 238–246.",
    "Bentler 1995": "Bentler, P. M. (1995). EQS structural equations program manual. Multivariate Software.",
    "Bentler and Bonett 1980": "Bentler, P. M., & Bonett, D. G. (1980). Significance tests and goodness of fit in the "
    "analysis of covariance structures. Psychological Bulletin, 88(3), 588–606.",
    "Berndt et al. 1974": "Berndt, E. K., Hall, B. H., Hall, R. E., & Hausman, J. A. (1974). Estimation and inference "
    "in nonlinear structural models. Annals of Economic and Social Measurement, 3(4), 653–665.",
    "Bollen 1987": "Bollen, K. A. (1987). Total, direct, and indirect effects in structural equation models. "
    "Sociological Methodology, 17, 37–69.",
    "Bollen 1989": "Bollen, K. A. (1989). Structural equations with latent variables. Wiley.",
    "Bollen and Stine 1992": "Bollen, K. A., & Stine, R. A. (1992). Bootstrapping goodness-of-fit measures in "
    "structural equation models. Sociological Methods & Research, 21(2), 205–229.",
    "Brosseau-Liard and Savalei 2014": "Brosseau-Liard, P. E., & Savalei, V. (2014). Adjusting incremental fit indices "
    "for nonnormality. Multivariate Behavioral Research, 49(5), 460–470.",
    "Brosseau-Liard et al. 2012": "Brosseau-Liard, P. E., Savalei, V., & Li, L. (2012). An investigation of the sample "
    "performance of two nonnormality corrections for RMSEA. Multivariate Behavioral Research, 47(6), 904–930.",
    "Browne 1974": "Browne, M. W. (1974). Generalized least squares estimators in the analysis of covariance "
    "structures. South African Statistical Journal, 8, 1–24.",
    "Browne 1984": "Browne, M. W. (1984). Asymptotically distribution-free methods for the analysis of covariance "
    "structures. British Journal of Mathematical and Statistical Psychology, 37(1), 62–83.",
    "Browne and Cudeck 1993": "Browne, M. W., & Cudeck, R. (1993). Alternative ways of assessing model fit. In K. A. "
    "Bollen & J. S. Long (Eds.), Testing structural equation models (pp. 136–162). Sage.",
    "Curran et al. 1996": "Curran, P. J., West, S. G., & Finch, J. F. (1996). The robustness of test statistics to "
    "nonnormality and specification error in confirmatory factor analysis. Psychological Methods, 1(1), 16–29.",
    "Efron and Tibshirani 1993": "Efron, B., & Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & "
    "Hall.",
    "Graham 2003": "Graham, J. W. (2003). Adding missing-data-relevant variables to FIML-based structural equation "
    "models. Structural Equation Modeling, 10(1), 80–100.",
    "Hu and Bentler 1999": "Hu, L., & Bentler, P. M. (1999). Cutoff criteria for fit indexes in covariance structure "
    "analysis: Conventional criteria versus new alternatives. Structural Equation Modeling, 6(1), 1–55.",
    "Huber 1967": "Huber, P. J. (1967). The behavior of maximum likelihood estimates under nonstandard conditions. In "
    "Proceedings of the Fifth Berkeley Symposium on Mathematical Statistics and Probability (Vol. 1, pp. 221–233). "
    "University of California Press.",
    "Johnson and Neyman 1936": "Johnson, P. O., & Neyman, J. (1936). Tests of certain linear hypotheses and their "
    "application to some educational problems. Statistical Research Memoirs, 1, 57–93.",
    "Klein and Moosbrugger 2000": "Klein, A., & Moosbrugger, H. (2000). Maximum likelihood estimation of latent "
    "interaction effects with the LMS method. Psychometrika, 65(4), 457–474.",
    "Little 1988": "Little, R. J. A. (1988). A test of missing completely at random for multivariate data with missing "
    "values. Journal of the American Statistical Association, 83(404), 1198–1202.",
    "MacCallum et al. 1992": "MacCallum, R. C., Roznowski, M., & Necowitz, L. B. (1992). Model modifications in "
    "covariance structure analysis: The problem of capitalization on chance. Psychological Bulletin, 111(3), 490–504.",
    "Marsh et al. 2004": "Marsh, H. W., Hau, K.-T., & Wen, Z. (2004). In search of golden rules: Comment on "
    "hypothesis-testing approaches to setting cutoff values for fit indexes and dangers in overgeneralizing Hu and "
    "Bentler's (1999) findings. Structural Equation Modeling, 11(3), 320–341.",
    "McDonald and Goldstein 1989": "McDonald, R. P., & Goldstein, H. (1989). Balanced versus unbalanced designs for "
    "linear structural relations in two-level data. British Journal of Mathematical and Statistical Psychology, 42(2), "
    "215–232.",
    "Muthén 1984": "Muthén, B. (1984). A general structural equation model with dichotomous, ordered categorical, and "
    "continuous latent variable indicators. Psychometrika, 49(1), 115–132.",
    "Muthén 1990": "Muthén, B. (1990). Mean and covariance structure analysis of hierarchical data (UCLA Statistics "
    "Series No. 62). University of California, Los Angeles.",
    "Muthén 1993": "Muthén, B. O. (1993). Goodness of fit with categorical and other nonnormal variables. In K. A. "
    "Bollen & J. S. Long (Eds.), Testing structural equation models (pp. 205–234). Sage.",
    "Muthén and Satorra 1995": "Muthén, B. O., & Satorra, A. (1995). Complex sample data in structural equation "
    "modeling. Sociological Methodology, 25, 267–316.",
    "Rubin 1976": "Rubin, D. B. (1976). Inference and missing data. Biometrika, 63(3), 581–592.",
    "Satorra and Bentler 1994": "Satorra, A., & Bentler, P. M. (1994). Corrections to test statistics and standard "
    "errors in covariance structure analysis. In A. von Eye & C. C. Clogg (Eds.), Latent variables analysis: "
    "Applications for developmental research (pp. 399–419). Sage.",
    "Savalei 2021": "Savalei, V. (2021). Improving fit indices in structural equation modeling with categorical data. "
    "Multivariate Behavioral Research, 56(3), 390–407.",
    "Savalei and Bentler 2009": "Savalei, V., & Bentler, P. M. (2009). A two-stage approach to missing data: Theory "
    "and application to auxiliary variables. Structural Equation Modeling, 16(3), 477–497.",
    "Savalei and Falk 2014": "Savalei, V., & Falk, C. F. (2014). Robust two-stage approach outperforms robust full "
    "information maximum likelihood with incomplete nonnormal data. Structural Equation Modeling, 21(2), 280–302.",
    "Schwarz 1978": "Schwarz, G. (1978). Estimating the dimension of a model. The Annals of Statistics, 6(2), 461–464.",
    "Sobel 1982": "Sobel, M. E. (1982). Asymptotic confidence intervals for indirect effects in structural equation "
    "models. Sociological Methodology, 13, 290–312.",
    "Sörbom 1989": "Sörbom, D. (1989). Model modification. Psychometrika, 54(3), 371–384.",
    "Steiger 1990": "Steiger, J. H. (1990). Structural model evaluation and modification: An interval estimation "
    "approach. Multivariate Behavioral Research, 25(2), 173–180.",
    "Tucker and Lewis 1973": "Tucker, L. R., & Lewis, C. (1973). A reliability coefficient for maximum likelihood "
    "factor analysis. Psychometrika, 38(1), 1–10.",
    "Wen et al. 2010": "Wen, Z., Marsh, H. W., & Hau, K.-T. (2010). Structural equation models of latent interactions: "
    "An appropriate standardized solution and its scale-free properties. Structural Equation Modeling, 17(1), 1–22.",
    "White 1982": "White, H. (1982). Maximum likelihood estimation of misspecified models. Econometrica, 50(1), 1–25.",
    "Yuan and Bentler 2000": "Yuan, K.-H., & Bentler, P. M. (2000). Three likelihood-based methods for mean and "
    "covariance structure analysis with nonnormal missing data. Sociological Methodology, 30, 165–200.",
    "Zhang and Savalei 2023": "Zhang, X., & Savalei, V. (2023). New computations for RMSEA and CFI following FIML and "
    "TS estimation with missing data. Psychological Methods, 28(2), 263–283.",
}
"""Short name → full reference, in the style of the American Psychological Association."""

SOFTWARE = (
    "The lvmodels authors ({year}). lvmodels: structural equation models for customer surveys (Version {version}) "
    "[Computer software]."
)


def references(blocks: Iterable[Block], year: int) -> Listing:
    """The works that these parts of a report name, and the software itself."""
    text = " ".join(piece for block in blocks for piece in _texts(block))
    named = [work for key, work in REFERENCES.items() if key in text]
    return Listing(tuple(sorted([*named, SOFTWARE.format(year=year, version=__version__)], key=str.casefold)))


def _texts(block: Block) -> Iterator[str]:
    """Sentences of the report itself: paragraphs, notes below tables, and cells of prose."""
    if isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, Table):
        yield from block.notes
        prose = [k for k, column in enumerate(block.columns) if column.format == "prose"]
        yield from (str(row[k]) for row in block.rows for k in prose)
