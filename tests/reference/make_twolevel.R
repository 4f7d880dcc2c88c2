# Further golden results from R lavaan: two-level models.
#   Rscript make_twolevel.R          writes cases/<id>.json and data/<name>.csv beside this script
# Needs r-cran-lavaan (0.6-14), r-cran-semtools, r-cran-psych, r-cran-jsonlite.
here <- { a <- commandArgs(FALSE); f <- sub("^--file=", "", a[grep("^--file=", a)]); if (length(f)) dirname(normalizePath(f)) else "." }
source(file.path(here, "golden.R"))
# Left out on purpose, because lavaan 0.6-14 follows another rule there:
#   parameters equal across groups with levels (lavaan does not heed group.equal, and with labels it stops at a larger
#   chi-square than ours: 10.287 against 10.066 for loadings of one factor); level blocks in reverse order (lavaan takes
#   the first for level 1, whatever its name); growth with latent means at both levels (lavaan frees both, which are not
#   identified together); one set of level blocks for several groups (an error in lavaan); MLR with missing values and
#   covariates (an error); MLF (the errors of ML in lavaan; here those of information = "first.order"); lavPredict at level
#   2 (tests/estimate/test_twolevel.py shows which is right); RFI of a model worse than the baseline (1 in lavaan).
D <- Demo.twolevel
D$g <- ifelse(D$cluster %% 2 == 1, "a", "b"); D <- D[order(D$g, D$cluster), ]
set.seed(20270301)
D$u <- round(ave(D$x2, D$cluster) * 2 + rnorm(200)[as.integer(factor(D$cluster))], 3)   # of both levels, with some variance between
D$v <- round(D$u + D$x2 * .7 + rnorm(nrow(D)), 3)
numeric <- setdiff(names(D), c("cluster", "g")); D[numeric] <- round(D[numeric], 3); use("twolevel_more", D)
M <- D; for (v in c("y1","y2","y3")) M[[v]][sample(nrow(M), 250)] <- NA
M$y4[runif(nrow(M)) < plogis(-2 + .5*M$x1)] <- NA
use("twolevel_missing", M)
S <- D[D$cluster %in% c(1:60) | D$cluster > 185, ]; S$cluster[S$cluster == 3] <- 1000 + seq_len(sum(S$cluster == 3)); use("twolevel_small", S)   # some clusters of one

w <- 'level: 1
fw =~ y1 + y2 + y3
'
b <- 'level: 2
fb =~ y1 + y2 + y3
'
golden("twolevel-cfa", "cfa", paste0(w, b), "twolevel_more", cluster = "cluster")
golden("twolevel-cfa-mlr", "cfa", paste0(w, b), "twolevel_more", cluster = "cluster", estimator = "MLR")
golden("twolevel-covariates", "sem", paste0(w, 'fw ~ x1 + x2 + x3\n', b, 'fb ~ w1 + w2'), "twolevel_more", cluster = "cluster")
golden("twolevel-covariates-mlr", "sem", paste0(w, 'fw ~ x1 + x2 + x3\n', b, 'fb ~ w1 + w2'), "twolevel_more", cluster = "cluster", estimator = "MLR")
golden("twolevel-free-x", "sem", paste0(w, 'fw ~ x1 + x2\n', b, 'fb ~ w1'), "twolevel_more", cluster = "cluster", fixed.x = FALSE)
golden("twolevel-names", "sem", 'level: within
fw =~ y1 + y2 + y3 + y4
level: between
fb =~ y1 + y2 + y3 + y4
fb ~ w1', "twolevel_more", cluster = "cluster")
golden("twolevel-equal-loadings", "sem", 'level: 1
f =~ y1 + a*y2 + b*y3
level: 2
f =~ y1 + a*y2 + b*y3
ratio := a/b', "twolevel_more", cluster = "cluster")
golden("twolevel-icc-labels", "sem", 'level: 1
f =~ y1 + a*y2 + b*y3
f ~~ vw*f
level: 2
f =~ y1 + a*y2 + b*y3
f ~~ vb*f
icc := vb/(vb + vw)', "twolevel_more", cluster = "cluster")
golden("twolevel-saturated-between", "sem", paste0('level: 1
fw =~ y1 + y2 + y3 + y4
level: 2
y1 ~~ y2 + y3 + y4
y2 ~~ y3 + y4
y3 ~~ y4'), "twolevel_more", cluster = "cluster")
golden("twolevel-saturated-within", "sem", paste0('level: 1
y1 ~~ y2 + y3
y2 ~~ y3
level: 2
fb =~ y1 + y2 + y3
fb ~ w1 + w2'), "twolevel_more", cluster = "cluster")
golden("twolevel-random-intercept", "sem", 'level: 1
y1 ~ x1 + x2
level: 2
y1 ~ w1 + w2', "twolevel_more", cluster = "cluster")
golden("twolevel-path-mediation", "sem", 'level: 1
y2 ~ a*y1 + x1
y3 ~ b*y2 + c*y1
level: 2
y2 ~ ab*y1 + w1
y3 ~ bb*y2 + y1
ind_w := a*b
ind_b := ab*bb
contrast := ind_b - ind_w', "twolevel_more", cluster = "cluster")
golden("twolevel-path-mediation-mlr", "sem", 'level: 1
y2 ~ a*y1 + x1
y3 ~ b*y2 + c*y1
level: 2
y2 ~ ab*y1 + w1
y3 ~ bb*y2 + y1
ind_w := a*b
ind_b := ab*bb', "twolevel_more", cluster = "cluster", estimator = "MLR")
golden("twolevel-within-only-item", "sem", 'level: 1
fw =~ y1 + y2 + y3
level: 2
y1 ~~ y2
y1 ~ w1', "twolevel_more", cluster = "cluster")
golden("twolevel-between-only-outcome", "sem", paste0(w, b, 'w1 ~ fb
w2 ~ fb + w1'), "twolevel_more", cluster = "cluster")
golden("twolevel-covariate-both", "sem", paste0(w, 'fw ~ y4 + x1\n', b, 'fb ~ y4 + w1'), "twolevel_more", cluster = "cluster")
golden("twolevel-covariate-both-mlr", "sem", paste0(w, 'fw ~ y4 + x1\n', b, 'fb ~ y4 + w1'), "twolevel_more", cluster = "cluster", estimator = "MLR")
golden("twolevel-covariate-below-outcome-above", "sem", 'level: 1
y1 ~ y4
level: 2
y1 ~ y4
y4 ~ w1', "twolevel_more", cluster = "cluster")
golden("twolevel-contextual", "sem", 'level: 1
y1 ~ cw*v + x1
level: 2
y1 ~ cb*v + w1
context := cb - cw', "twolevel_more", cluster = "cluster")
golden("twolevel-two-factors", "cfa", 'level: 1
f1 =~ y1 + y2 + y3
f2 =~ y4 + y5 + y6
level: 2
fb =~ y1 + y2 + y3 + y4 + y5 + y6', "twolevel_more", cluster = "cluster")
golden("twolevel-two-factors-structural", "sem", 'level: 1
f1 =~ y1 + y2 + y3
f2 =~ y4 + y5 + y6
f2 ~ f1 + x1
f1 ~ x1 + x2
level: 2
g1 =~ y1 + y2 + y3
g2 =~ y4 + y5 + y6
g2 ~ g1 + w1
g1 ~ w2', "twolevel_more", cluster = "cluster")
golden("twolevel-std-lv", "cfa", paste0(w, b), "twolevel_more", cluster = "cluster", std.lv = TRUE)
golden("twolevel-constraints", "sem", 'level: 1
fw =~ y1 + a*y2 + b*y3
fw ~ c*x1 + d*x2
level: 2
fb =~ y1 + y2 + y3
fb ~ e*w1
y1 ~~ 0*y1
c == 1.2*d
a*b == 0.6', "twolevel_more", cluster = "cluster")
golden("twolevel-zero-residuals-between", "sem", 'level: 1
fw =~ y1 + y2 + y3
fw ~ x1
level: 2
fb =~ y1 + y2 + y3
fb ~ w1
y1 ~~ 0*y1
y2 ~~ r*y2
y3 ~~ r*y3', "twolevel_more", cluster = "cluster")
golden("twolevel-means", "sem", 'level: 1
fw =~ y1 + y2 + y3
level: 2
fb =~ 1*y1 + y2 + y3
y1 ~ 0*1
y2 ~ m*1
y3 ~ m*1
fb ~ 1', "twolevel_more", cluster = "cluster")
golden("twolevel-expected-information", "sem", paste0(w, 'fw ~ x1\n', b, 'fb ~ w1'), "twolevel_more", cluster = "cluster", information = "expected")
golden("twolevel-groups", "sem", paste0('group: a\n', w, 'fw ~ x1\n', b, 'fb ~ w1\ngroup: b\n', w, 'fw ~ x1\n', b, 'fb ~ w1'), "twolevel_more", cluster = "cluster", group = "g")
golden("twolevel-lavaan", "lavaan", 'level: 1
f =~ 1*y1 + y2 + y3
f ~~ f
y1 ~~ y1
y2 ~~ y2
y3 ~~ y3
f ~ x1
level: 2
y1 ~~ y1 + y2
y2 ~~ y2
y3 ~~ y3
y1 + y2 + y3 ~ 1', "twolevel_more", cluster = "cluster")
golden("twolevel-orthogonal", "cfa", 'level: 1
f1 =~ y1 + y2 + y3
f2 =~ y4 + y5 + y6
level: 2
g1 =~ y1 + y2 + y3
g2 =~ y4 + y5 + y6', "twolevel_more", cluster = "cluster", orthogonal = TRUE)
golden("twolevel-std-lv-mlr", "cfa", 'level: 1
fw =~ y1 + y2 + y3 + y4 + y5 + y6
level: 2
fb =~ y1 + y2 + y3
gb =~ y4 + y5 + y6', "twolevel_more", cluster = "cluster", estimator = "MLR", std.lv = TRUE)
golden("twolevel-inequality", "sem", paste0(w, 'fw ~ a*x1 + b*x2
a > b
', b, 'fb ~ w1
y1 ~~ v*y1
v > 0.01'), "twolevel_more", cluster = "cluster")
golden("twolevel-free-covariates-both-mlr", "sem", 'level: 1
y1 ~ y2 + y3
level: 2
y1 ~ y2 + y3', "twolevel_more", cluster = "cluster", fixed.x = FALSE, estimator = "MLR")
golden("twolevel-first-order", "sem", paste0(w, 'fw ~ x1 + x2\n', b, 'fb ~ w1'), "twolevel_more", cluster = "cluster", information = "first.order")
golden("twolevel-growth", "growth", 'level: 1
i =~ 1*y1 + 1*y2 + 1*y3
i ~ 0*1
y1 ~~ e*y1
y2 ~~ e*y2
y3 ~~ e*y3
level: 2
i =~ 1*y1 + 1*y2 + 1*y3
i ~ w1', "twolevel_more", cluster = "cluster")
golden("twolevel-reliability-mlr", "sem", 'level: 1
f =~ y1 + l*y2 + m*y3
y1 ~~ rw*y1
f ~ x1
level: 2
f =~ y1 + l*y2 + m*y3
y1 ~~ rb*y1
f ~~ vb*f
f ~ w1
rel := vb/(vb + rb)
lg := log(l) + exp(m)', "twolevel_more", cluster = "cluster", estimator = "MLR")
golden("twolevel-small-mlr", "sem", paste0(w, 'fw ~ x1 + x2\n', b, 'fb ~ w1'), "twolevel_small", cluster = "cluster", estimator = "MLR")
golden("twolevel-listwise", "sem", paste0(w, 'fw ~ x1 + x2\n', b, 'fb ~ w1'), "twolevel_missing", cluster = "cluster")
golden("twolevel-missing", "sem", paste0(w, 'fw ~ x1 + x2\n', b), "twolevel_missing", cluster = "cluster", missing = "ml")
golden("twolevel-missing-path", "sem", 'level: 1
y1 ~ a*y2 + x1 + x2
y2 ~ x1 + x2
level: 2
y1 ~ b*y2 + w1
y2 ~~ y2
diff := b - a', "twolevel_missing", cluster = "cluster", missing = "ml")
golden("twolevel-missing-covariates", "sem", paste0(w, 'fw ~ x1 + x2\n', b, 'fb ~ w1'), "twolevel_missing", cluster = "cluster", missing = "ml")
