# Further golden results from R lavaan: ordinal outcomes beyond make_golden.R.
#   Rscript make_ordinal.R           writes cases/<id>.json and data/<name>.csv beside this script
# Needs r-cran-lavaan (0.6-14), r-cran-semtools, r-cran-psych, r-cran-jsonlite, and the data written by make_golden.R.
here <- { a <- commandArgs(FALSE); f <- sub("^--file=", "", a[grep("^--file=", a)]); if (length(f)) dirname(normalizePath(f)) else "." }
source(file.path(here, "golden.R"))
# Left out on purpose, because lavaan 0.6-14 follows another rule there:
#   robust CFI and TLI of several groups (lavaan counts the sampling variance of the baseline once for each group; two copies of
#   one sample as groups then differ from the sample itself: tests/assess/test_ordinal.py);
#   SRMR with covariates (lavaan divides the same sum by more elements, one for each covariate);
#   modification indices (lavaan multiplies by (n - 1)^2 / n, we by n - 1 as for chi-square: tests/assess/test_ordinal.py);
#   standardized scale factors with covariates (1 in lavaan; here of responses whose variance includes the covariates');
#   one fixed threshold (lavaan still gives robust indices, from correlations alone, which know nothing of it).
groups <- c("cfi_robust","tli_robust","nnfi_robust","rni_robust")
known <- function(name) { DATA[[name]] <<- read.csv(file.path(dat, paste0(name, ".csv"))); invisible() }
for (name in c("hs_ordered","loyalty_ordered")) known(name)
set.seed(20261125)
ord <- paste0("x", 1:9)
B <- DATA$hs_ordered; for (v in ord) B[[v]] <- as.integer(B[[v]] > median(B[[v]])); use("hs_binary", B)
M <- DATA$hs_ordered; for (v in ord) M[[v]][runif(nrow(M)) < .12] <- NA; use("hs_ordered_missing", M)
S <- DATA$loyalty_ordered; for (v in c("q1","q2","s1")) S[[v]] <- as.integer(cut(S[[v]], c(-Inf, 2, 4, Inf))); use("loyalty_uneven", S)

hs <- 'visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9'
short <- 'QUA =~ q1 + q2 + q3 + q4
SAT =~ s1 + s2 + s3
LOY =~ l1 + l2 + l3
SAT ~ a*QUA
LOY ~ b*SAT + c*QUA
ind := a*b
tot := a*b + c'
lo <- c("q1","q2","q3","q4","s1","s2","s3","l1","l2","l3")

golden("ordinal-binary-wlsmv", "cfa", hs, "hs_binary", ordered = ord, extra = c("implied","r2","residuals_cor"))
golden("ordinal-binary-theta", "cfa", hs, "hs_binary", ordered = ord, parameterization = "theta")
golden("ordinal-binary-groups", "cfa", hs, "hs_binary", ordered = ord, group = "school", skip = groups)
golden("ordinal-second-order", "cfa", paste0(hs, "\ng =~ visual + textual + speed"), "hs_ordered", ordered = ord, std.lv = TRUE)
golden("ordinal-orthogonal-ulsm", "cfa", hs, "hs_ordered", ordered = ord, estimator = "ULSM", orthogonal = TRUE)
golden("ordinal-residual-covariance", "cfa", paste0(hs, "\nx1 ~~ x2\nx7 ~~ x8"), "hs_ordered", ordered = ord, extra = "residuals_cor")
golden("ordinal-residual-covariance-theta", "cfa", paste0(hs, "\nx1 ~~ x2\nx7 ~~ x8"), "hs_ordered", ordered = ord, parameterization = "theta")
golden("ordinal-mediation", "sem", short, "loyalty_uneven", ordered = lo, extra = c("r2","implied"))
golden("ordinal-mediation-theta", "sem", short, "loyalty_uneven", ordered = lo, parameterization = "theta")
golden("ordinal-equal-labels", "cfa", 'visual =~ x1 + l*x2 + l*x3
textual =~ x4 + x5 + x6
x1 | u*t1
x2 | u*t1', "hs_ordered", ordered = paste0("x", 1:6))
golden("ordinal-constraint", "sem", paste0(short, "\na == 2*c"), "loyalty_uneven", ordered = lo)
golden("ordinal-probit", "sem", 's1 ~ age + q5
s2 ~ s1 + age', "loyalty_uneven", ordered = c("s1","s2"), skip = "srmr")
golden("ordinal-covariates-mixed", "sem", 'LOY =~ l1 + l2 + l3
SAT =~ s1 + s2 + s3
LOY ~ SAT + age + q5
SAT ~ age', "loyalty_uneven", ordered = c("l1","l2","l3","s1"), skip = "srmr")
golden("ordinal-wls-mixed", "cfa", hs, "hs_ordered", ordered = c("x1","x4","x7"), estimator = "WLS")
golden("ordinal-wlsmvs", "cfa", hs, "hs_ordered", ordered = ord, estimator = "WLSMVS")
golden("ordinal-ulsmvs-groups", "cfa", hs, "hs_ordered", ordered = ord, estimator = "ULSMVS", group = "school", group.equal = "loadings")
golden("ordinal-groups-configural", "cfa", hs, "hs_ordered", ordered = ord, group = "school", skip = groups)
golden("ordinal-groups-loadings", "cfa", hs, "hs_ordered", ordered = ord, group = "school", group.equal = "loadings", skip = groups)
golden("ordinal-groups-theta", "cfa", hs, "hs_ordered", ordered = ord, group = "school", group.equal = c("thresholds","loadings"), parameterization = "theta")
golden("ordinal-groups-means", "cfa", hs, "hs_ordered", ordered = ord, group = "school", group.equal = c("thresholds","loadings","means","lv.variances"))
golden("ordinal-groups-covariates", "sem", paste0(hs, "\nvisual + speed ~ ageyr"), "hs_ordered", ordered = paste0("x", 1:3), group = "school", group.equal = c("loadings","regressions"), skip = "srmr")
golden("ordinal-pairwise", "cfa", hs, "hs_ordered_missing", ordered = ord, missing = "pairwise")
golden("ordinal-pairwise-groups", "cfa", hs, "hs_ordered_missing", ordered = ord, missing = "pairwise", group = "school", group.equal = c("thresholds","loadings"))
golden("ordinal-listwise-missing", "cfa", hs, "hs_ordered_missing", ordered = ord)
golden("ordinal-fixed-thresholds", "cfa", 'visual =~ x1 + x2 + x3
x1 | 0*t1 + t2
x1 ~ NA*1', "hs_ordered", ordered = c("x1","x2","x3"), skip = "fit")
