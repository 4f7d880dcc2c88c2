# Further golden results from R lavaan: options and models that make_golden.R does not reach.
#   Rscript make_more.R              writes cases/<id>.json and data/<name>.csv beside this script
# Needs r-cran-lavaan (0.6-14), r-cran-semtools, r-cran-psych, r-cran-jsonlite, and the data written by make_golden.R.
here <- { a <- commandArgs(FALSE); f <- sub("^--file=", "", a[grep("^--file=", a)]); if (length(f)) dirname(normalizePath(f)) else "." }
source(file.path(here, "golden.R"))
# Left out on purpose, because lavaan 0.6-14 follows another rule there:
#   modification indices under the Wishart likelihood (lavaan multiplies by n, we by n - 1 as for chi-square) and of effects on
#   fixed covariates (which we do not offer); standardized residuals across groups with equal parameters (lavaan leaves out the
#   sampling error that the other groups bring; tests/test_identities.py shows which is right) and with observed information;
#   Bartlett scores of higher-order factors (0 in lavaan); standardized changes next to a negative variance (NaN here).
known <- function(name) { DATA[[name]] <<- read.csv(file.path(dat, paste0(name, ".csv"))); invisible() }
for (name in c("hs", "pd", "growth", "loyalty")) known(name)
set.seed(20270115)
H <- simulateData('f =~ .95*a + .9*b + .3*c
g =~ .7*d + .6*e + .5*h
f ~~ .3*g', sample.nobs = 60, seed = 4); use("heywood", H)

hs <- 'visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9'
hsr <- paste0(hs, '\nspeed ~ visual + textual')
all <- c("modindices","residuals_cor","residuals_standardized","implied","scores_regression","scores_bartlett","r2","vcov")

# ---- kinds of models ----
golden("ml-composite", "sem", 'SES <~ 1*x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem65 =~ y5 + y6 + y7 + y8
dem60 + dem65 ~ SES', "pd", extra = c("residuals_cor","implied","r2"))
golden("ml-composite-free-x", "sem", 'SES <~ 1*x1 + x2 + x3
dem60 =~ y1 + y2 + y3 + y4
dem60 ~ SES', "pd", fixed.x = FALSE, extra = c("implied"))
golden("ml-growth-time-varying", "growth", 'i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4
i ~ x1 + x2
s ~ x1 + x2
t1 ~ c1
t2 ~ c2
t3 ~ c3
t4 ~ c4', "growth", extra = all)
golden("ml-growth-quadratic", "growth", 'i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4
q =~ 0*t1 + 1*t2 + 4*t3 + 9*t4
t1 ~~ v*t1
t2 ~~ v*t2
t3 ~~ v*t3
t4 ~~ v*t4', "growth", extra = c("modindices","residuals_standardized"))
golden("ml-growth-free-loadings", "growth", 'i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + t2 + t3 + 1*t4
i ~~ s
t1 ~~ t2', "growth", extra = "implied")
golden("ml-interaction-observed", "sem", 'l1 ~ s1 + c1 + s1:c1
l2 ~ l1 + s1', "loyalty", extra = c("r2","implied"))
golden("ml-interaction-latent-outcome", "sem", 'LOY =~ l1 + l2 + l3 + l4
LOY ~ s1 + c1 + s1:c1', "loyalty", extra = all[c(1:4,7:8)])
golden("ml-path-means", "sem", 'y1 ~ x1 + x2
y5 ~ b*y1 + x3
y8 ~ d*y5 + y1
ind := b*d', "pd", meanstructure = TRUE, extra = c("residuals_cor","residuals_standardized","implied","r2"))
golden("ml-path-saturated", "sem", 'y1 ~ x1 + x2
y5 ~ x1 + x2', "pd", extra = "r2")
golden("ml-covariates-covary", "sem", 'LOY =~ l1 + l2 + l3
LOY ~ age + q1
age ~~ q1', "loyalty", extra = c("modindices","implied"))
golden("ml-covariate-mean-written", "sem", 'LOY =~ l1 + l2 + l3
LOY ~ age + q1
age ~ 1', "loyalty", extra = c("implied"))
golden("ml-indicator-regressed", "sem", 'QUA =~ q1 + q2 + q3 + q4
SAT =~ s1 + s2 + s3
SAT ~ QUA
s3 ~ q5
q4 ~ age', "loyalty", extra = all[-1])
golden("ml-correlated-uniqueness-free-mean", "sem", 'QUA =~ NA*q1 + 1*q2 + q3
QUA ~ 1
q2 ~ 0*1
SAT =~ s1 + s2 + s3
SAT ~ QUA
q1 ~~ s1', "loyalty", extra = all)
golden("ml-second-order-structural", "sem", paste0(hs, '\ng =~ visual + textual + speed
g ~ ageyr + grade'), "hs", extra = c("modindices","scores_regression","r2","residuals_standardized"))
golden("ml-bifactor", "cfa", 'g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9
g ~~ 0*textual
g ~~ 0*speed
textual ~~ 0*speed', "hs", std.lv = TRUE, extra = c("modindices","r2"))
golden("ml-single-indicators", "sem", 'Q =~ q1
S =~ s1
LOY =~ l1 + l2 + l3
S ~ Q
LOY ~ Q + S', "loyalty", extra = c("modindices","r2","implied"))
golden("ml-mtmm-error-variance-fixed", "sem", 'Q =~ 1*q1
q1 ~~ 0.3*q1
LOY =~ l1 + l2 + l3
LOY ~ Q', "loyalty", extra = c("modindices","scores_regression","scores_bartlett"))
golden("ml-lavaan-explicit", "lavaan", 'visual =~ 1*x1 + x2 + x3
speed =~ 1*x7 + x8 + x9
visual ~~ visual
speed ~~ speed + visual
x1 ~~ x1
x2 ~~ x2
x3 ~~ x3
x7 ~~ x7
x8 ~~ x8
x9 ~~ x9', "hs", extra = "modindices")
golden("ml-lavaan-auto", "lavaan", hsr, "hs", auto.var = TRUE, auto.fix.first = TRUE, auto.cov.lv.x = TRUE, extra = "modindices")
golden("ml-nonrecursive-latent", "sem", 'QUA =~ q1 + q2 + q3
SAT =~ s1 + s2 + s3
VAL =~ v1 + v2 + v3
SWC =~ c1 + c2 + c3
VAL ~ QUA + b1*SAT
SAT ~ SWC + b2*VAL', "loyalty", extra = c("modindices","r2","implied"))

# ---- options ----
golden("ml-std-lv-structural", "sem", hsr, "hs", std.lv = TRUE, meanstructure = TRUE, extra = all)
golden("ml-orthogonal-structural", "sem", paste0(hsr, "\ntextual ~ ageyr"), "hs", orthogonal = TRUE, extra = c("residuals_standardized","scores_bartlett","r2"))
golden("ml-wishart-means", "sem", paste0(hsr, "\nvisual ~ ageyr"), "hs", likelihood = "wishart", meanstructure = TRUE, extra = all[-1])
golden("ml-observed-structural", "sem", paste0(hsr, "\nx1 ~~ x9"), "hs", information = "observed", meanstructure = TRUE, extra = c("modindices","residuals_cor","vcov"))
golden("ml-observed-constraints", "sem", 'QUA =~ q1 + q2 + q3
SAT =~ s1 + a*s2 + b*s3
LOY =~ l1 + l2 + l3
LOY ~ c1*SAT
SAT ~ c2*QUA
a == b
ind := c1*c2', "loyalty", information = "observed", extra = c("vcov"))
golden("ml-free-x-means", "sem", paste0(hsr, "\nvisual ~ ageyr + sex"), "hs", fixed.x = FALSE, meanstructure = TRUE, extra = c("modindices","implied","residuals_standardized"))
golden("ml-bounds-inactive", "cfa", hs, "hs", bounds = "pos.var")
golden("ml-heywood", "cfa", 'f =~ a + b + c
g =~ d + e + h', "heywood", extra = c("residuals_cor","implied","scores_regression"))
golden("ml-heywood-bounded", "cfa", 'f =~ a + b + c
g =~ d + e + h', "heywood", bounds = "pos.var", note = "a variance is on its bound: estimates and chi-square are compared, standard errors are not")
golden("ml-second-order-std-lv", "cfa", paste0(hs, "\ng =~ visual + textual + speed"), "hs", std.lv = TRUE, extra = c("implied","r2","scores_regression"))

# ---- constraints ----
golden("ml-nonlinear-equality", "sem", 'QUA =~ q1 + q2 + q3
SAT =~ s1 + s2 + s3
LOY =~ l1 + l2 + l3
SAT ~ a*QUA
LOY ~ b*SAT + c*QUA
a*b == 0.3
total := a*b + c', "loyalty", extra = "implied")
golden("ml-constraints-several", "sem", 'QUA =~ q1 + k2*q2 + k3*q3
SAT =~ s1 + s2 + s3
LOY =~ l1 + l2 + l3
SAT ~ a*QUA
LOY ~ b*SAT + c*QUA
k2 + k3 == 1.9
a == 2*c
b > 0.1
b < 1.5', "loyalty")
golden("ml-bound-modifiers-inactive", "sem", 'QUA =~ q1 + lower(0.1)*q2 + upper(2)*q3
SAT =~ s1 + s2 + s3
SAT ~ lower(-1)*QUA', "loyalty")
golden("ml-upper-active", "sem", 'QUA =~ q1 + upper(0.8)*q2 + q3 + q4
SAT =~ s1 + s2 + s3
SAT ~ QUA', "loyalty", note = "one loading is on its bound: estimates and chi-square are compared, standard errors are not")
golden("ml-equal-modifier", "sem", 'QUA =~ q1 + q2 + equal("QUA=~q2")*q3 + q4
SAT =~ s1 + s2 + s3
SAT ~ QUA
q1 ~~ e*q1
s1 ~~ e*s1', "loyalty", extra = "modindices")
golden("ml-defined-functions", "sem", 'SAT =~ s1 + s2 + s3
LOY =~ l1 + l2 + l3
SAT ~~ vs*SAT
LOY ~ b*SAT
LOY ~~ vl*LOY
rel := sqrt(b^2*vs/(b^2*vs + vl))
half := rel/2 - exp(-b)', "loyalty")

# ---- groups ----
for (kind in c("loadings","intercepts","residuals","lv.variances","lv.covariances","means","regressions","residual.covariances"))
  golden(paste0("groups-equal-", gsub(".", "-", kind, fixed = TRUE)), "sem", paste0(hsr, "\nx1 ~~ x9"), "hs", group = "school", group.equal = kind, extra = "modindices")
golden("groups-equal-many", "sem", paste0(hsr, "\nx1 ~~ x9"), "hs", group = "school", group.equal = c("loadings","intercepts","residuals","residual.covariances","lv.variances","lv.covariances","regressions","means"), extra = "modindices")
golden("groups-partial-several", "cfa", hs, "hs", group = "school", group.equal = c("loadings","intercepts"), group.partial = c("x3~1","x7~1","speed=~x9"), extra = "modindices")
golden("groups-std-lv", "cfa", hs, "hs", group = "school", std.lv = TRUE)
golden("groups-std-lv-loadings", "cfa", hs, "hs", group = "school", std.lv = TRUE, group.equal = "loadings")
golden("groups-std-lv-scalar", "cfa", hs, "hs", group = "school", std.lv = TRUE, group.equal = c("loadings","intercepts"))
golden("groups-modifiers-na", "cfa", 'visual =~ c(1,1)*x1 + c(0.6,NA)*x2 + c("v3","v3")*x3
textual =~ x4 + c(a1,a2)*x5 + x6
speed =~ x7 + x8 + x9
x1 ~ c(i1,i1)*1
a1 - a2 == 0.1', "hs", group = "school", extra = "modindices")
golden("groups-mimic", "sem", paste0(hs, "\nvisual + textual + speed ~ ageyr + sex"), "hs", group = "school", group.equal = c("loadings","intercepts"), extra = "modindices")
golden("groups-mimic-free-x", "sem", paste0(hs, "\nspeed ~ ageyr + sex"), "hs", group = "school", fixed.x = FALSE)
G <- Demo.growth; G$half <- rep(c("a","b"), 200); use("growth_groups", G)
golden("groups-growth", "growth", 'i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4
i + s ~ x1', "growth_groups", group = "half", group.equal = c("means","lv.variances"), extra = "modindices")
golden("groups-growth-regressions", "growth", 'i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4
i + s ~ x1', "growth_groups", group = "half", group.equal = c("regressions","residuals"))
golden("groups-wishart", "cfa", hs, "hs", group = "school", likelihood = "wishart", group.equal = c("loadings","intercepts"))
golden("groups-observed-equal", "cfa", hs, "hs", group = "school", information = "observed", group.equal = "loadings")
golden("groups-no-means", "cfa", hs, "hs", group = "school", meanstructure = FALSE, group.equal = c("loadings"), extra = "modindices")
golden("groups-blocks", "sem", 'group: 1
visual =~ x1 + x2 + x3
speed =~ x7 + x8 + x9
speed ~ visual
group: 2
visual =~ x1 + x2 + x3
speed =~ x7 + x8 + x9
speed ~~ visual', "hs", group = "school", extra = "modindices")
golden("groups-blocks-roles", "sem", 'group: 1
f =~ x1 + x2
x4 ~ x3
f ~~ x3 + x4 + 1*f
group: 2
f =~ x1 + x2 + x3
x4 ~~ f', "hs", group = "school")
golden("groups-nonlinear-constraint", "sem", 'QUA =~ q1 + q2 + q3
SAT =~ s1 + s2 + s3
LOY =~ l1 + l2 + l3
SAT ~ c(a1,a2)*QUA
LOY ~ c(b1,b2)*SAT
a1*b1 == a2*b2
diff := a1 - a2', "loyalty", group = "gender")
known("hs"); H3 <- DATA$hs; H3$third <- c("p","q","r")[(seq_len(nrow(H3)) * 7) %% 3 + 1]; use("hs3", H3)
golden("groups-three", "cfa", hs, "hs3", group = "third", group.equal = c("loadings","intercepts","lv.covariances"))
