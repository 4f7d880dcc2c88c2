"""The works behind the rules of screening, as full references."""

from __future__ import annotations

SCREENING_WORKS: dict[str, str] = {
    "AAPOR 2023": (
        "American Association for Public Opinion Research. (2023). Standard definitions: Final dispositions of case "
        "codes and outcome rates for surveys (10th ed.). AAPOR."
    ),
    "Aguinis et al. 2013": (
        "Aguinis, H., Gottfredson, R. K., & Joo, H. (2013). Best-practice recommendations for defining, identifying, "
        "and handling outliers. Organizational Research Methods, 16(2), 270–301."
    ),
    "Curran 2016": (
        "Curran, P. G. (2016). Methods for the detection of carelessly invalid responses in survey data. Journal of "
        "Experimental Social Psychology, 66, 4–19."
    ),
    "Donlon and Fischer 1968": (
        "Donlon, T. F., & Fischer, F. E. (1968). An index of an individual's agreement with group-determined item "
        "difficulties. Educational and Psychological Measurement, 28(1), 105–113."
    ),
    "Dunn et al. 2018": (
        "Dunn, A. M., Heggestad, E. D., Shanock, L. R., & Theilgard, N. (2018). Intra-individual response "
        "variability as an indicator of insufficient effort responding: Comparison to other indicators and "
        "relationships with individual differences. Journal of Business and Psychology, 33(1), 105–121."
    ),
    "Goldberg and Kilkowski 1985": (
        "Goldberg, L. R., & Kilkowski, J. M. (1985). The prediction of semantic consistency in self-descriptions: "
        "Characteristics of persons and of terms that affect the consistency of responses to synonym and antonym "
        "pairs. Journal of Personality and Social Psychology, 48(1), 82–98."
    ),
    "Huang et al. 2012": (
        "Huang, J. L., Curran, P. G., Keeney, J., Poposki, E. M., & DeShon, R. P. (2012). Detecting and deterring "
        "insufficient effort responding to surveys. Journal of Business and Psychology, 27(1), 99–114."
    ),
    "Jackson 1977": "Jackson, D. N. (1977). Jackson Vocational Interest Survey manual. Research Psychologists Press.",
    "Joanes and Gill 1998": (
        "Joanes, D. N., & Gill, C. A. (1998). Comparing measures of sample skewness and kurtosis. Journal of the "
        "Royal Statistical Society: Series D, 47(1), 183–189."
    ),
    "Johnson 2005": (
        "Johnson, J. A. (2005). Ascertaining the validity of individual protocols from web-based personality "
        "inventories. Journal of Research in Personality, 39(1), 103–129."
    ),
    "Kuriakose and Robbins 2016": (
        "Kuriakose, N., & Robbins, M. (2016). Don't get duped: Fraud through duplication in public opinion surveys. "
        "Statistical Journal of the IAOS, 32(3), 283–291."
    ),
    "Leiner 2019": (
        "Leiner, D. J. (2019). Too fast, too straight, too weird: Non-reactive indicators for meaningless data in "
        "internet surveys. Survey Research Methods, 13(3), 229–248."
    ),
    "Mahalanobis 1936": (
        "Mahalanobis, P. C. (1936). On the generalised distance in statistics. Proceedings of the National Institute "
        "of Sciences of India, 2(1), 49–55."
    ),
    "Mardia 1970": (
        "Mardia, K. V. (1970). Measures of multivariate skewness and kurtosis with applications. Biometrika, 57(3), "
        "519–530."
    ),
    "Meade and Craig 2012": (
        "Meade, A. W., & Craig, S. B. (2012). Identifying careless responses in survey data. Psychological Methods, "
        "17(3), 437–455."
    ),
    "Oppenheimer et al. 2009": (
        "Oppenheimer, D. M., Meyvis, T., & Davidenko, N. (2009). Instructional manipulation checks: Detecting "
        "satisficing to increase statistical power. Journal of Experimental Social Psychology, 45(4), 867–872."
    ),
    "Tabachnick and Fidell 2019": (
        "Tabachnick, B. G., & Fidell, L. S. (2019). Using multivariate statistics (7th ed.). Pearson."
    ),
    "Teitcher et al. 2015": (
        "Teitcher, J. E. F., Bockting, W. O., Bauermeister, J. A., Hoefer, C. J., Miner, M. H., & Klitzman, R. L. "
        "(2015). Detecting, preventing, and responding to “fraudsters” in internet research: Ethics and tradeoffs. "
        "Journal of Law, Medicine & Ethics, 43(1), 116–133."
    ),
    "Terwee et al. 2007": (
        "Terwee, C. B., Bot, S. D. M., de Boer, M. R., van der Windt, D. A. W. M., Knol, D. L., Dekker, J., Bouter, "
        "L. M., & de Vet, H. C. W. (2007). Quality criteria were proposed for measurement properties of health "
        "status questionnaires. Journal of Clinical Epidemiology, 60(1), 34–42."
    ),
    "Van den Broeck et al. 2005": (
        "Van den Broeck, J., Cunningham, S. A., Eeckels, R., & Herbst, K. (2005). Data cleaning: Detecting, "
        "diagnosing, and editing data abnormalities. PLoS Medicine, 2(10), e267."
    ),
}
"""Short name → full reference, in the style of the American Psychological Association."""
