# Further golden results from R lavaan: two-stage estimation, auxiliary variables, residual-based tests.
#   Rscript make_missing.R           writes cases/<id>.json and data/<name>.csv beside this script
# Needs r-cran-lavaan (0.6-14), r-cran-semtools, r-cran-psych, r-cran-jsonlite, and the data written by the other scripts.
here <- { a <- commandArgs(FALSE); f <- sub("^--file=", "", a[grep("^--file=", a)]); if (length(f)) dirname(normalizePath(f)) else "." }
source(file.path(here, "golden.R"))
known <- function(name) { DATA[[name]] <<- read.csv(file.path(dat, paste0(name, ".csv"))); invisible() }
for (name in c("hs", "pd", "hs_missing", "hs_missing_covariates", "loyalty_missing", "growth_missing", "pd_missing")) known(name)
change <- function(id, edit) {
  path <- file.path(out, paste0(id, ".json")); case <- edit(fromJSON(path, simplifyVector = FALSE))
  write(toJSON(case, auto_unbox = TRUE, digits = NA, null = "null", na = "null", pretty = 1), path)
}

hs <- 'visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9'
loyalty <- 'QUA =~ q1 + q2 + q3
SAT =~ s1 + s2 + s3
LOY =~ l1 + l2 + l3
SAT ~ a*QUA
LOY ~ b*SAT + c*QUA
ind := a*b'

# ---- two stages ----
# lavaan 0.6-14 scales the test of its own baseline model as if no answer were missing (a factor of .991 for hs_missing), although
# fitting that model by hand gives the factor that the missing answers call for (1.240). The golden values are those of the fit by
# hand, and what follows from them.
two_stage <- function(id, fun, model, data, ..., more = "") {
  fit <- golden(id, fun, model, data, ...)
  args <- list(...); names <- lavNames(fit, "ov")
  null <- paste(c(sprintf("%s ~~ %s\n%s ~ 1", names, names, names), more), collapse = "\n")
  keep <- intersect(c("missing", "group", "information"), names(args))
  base <- suppressWarnings(do.call("lavaan", c(list(model = null, data = DATA[[data]]), args[keep])))
  m <- fitMeasures(fit); b <- fitMeasures(base, c("chisq.scaled", "chisq.scaling.factor", "df"))
  x <- m["chisq.scaled"]; df <- m["df"]; bx <- b[["chisq.scaled"]]; bdf <- b[["df"]]
  trace <- m["chisq.scaling.factor"]*df; btrace <- b[["chisq.scaling.factor"]]*bdf
  cfi <- function(x, df, bx, bdf) 1 - max(x - df, 0)/max(x - df, bx - bdf, 0)
  tli <- function(x, df, bx, bdf, n = df, bn = bdf) 1 - (x - df)/n*bn/(bx - bdf)
  change(id, function(case) {
    f <- case$expect$fit
    f <- f[!grepl("^(rfi|nfi|pnfi|ifi|rni|nnfi)_(scaled|robust)$", names(f))]
    f$baseline_chisq_scaled <- bx; f$baseline_chisq_scaling_factor <- b[["chisq.scaling.factor"]]
    f$baseline_pvalue_scaled <- pchisq(bx, bdf, lower.tail = FALSE)
    f$cfi_scaled <- cfi(x, df, bx, bdf); f$tli_scaled <- tli(x, df, bx, bdf)
    f$cfi_robust <- cfi(m["chisq"], trace, m["baseline.chisq"], btrace)
    f$tli_robust <- tli(m["chisq"], trace, m["baseline.chisq"], btrace, df, bdf)
    case$expect$fit <- lapply(f, unname); case
  })
}
two_stage("twostage-hs", "cfa", hs, "hs_missing", missing = "two.stage", extra = c("modindices", "residuals_cor", "implied", "r2"))
two_stage("twostage-hs-robust", "cfa", hs, "hs_missing", missing = "robust.two.stage")
two_stage("twostage-hs-expected", "cfa", hs, "hs_missing", missing = "two.stage", information = "expected")
two_stage("twostage-hs-groups", "cfa", hs, "hs_missing", missing = "two.stage", group = "school", group.equal = c("loadings", "intercepts"), extra = "modindices")
two_stage("twostage-hs-groups-robust", "cfa", hs, "hs_missing", missing = "robust.two.stage", group = "school", group.equal = "loadings")
two_stage("twostage-loyalty", "sem", loyalty, "loyalty_missing", missing = "two.stage", std.lv = TRUE)
two_stage("twostage-loyalty-robust", "sem", paste0(loyalty, "\na == b"), "loyalty_missing", missing = "robust.two.stage")
# lavaan 0.6-14 stops at fixed covariates here; with free ones:
two_stage("twostage-covariates", "sem", paste0(hs, "\nspeed ~ visual + ageyr\ntextual ~ sex + ageyr"), "hs_missing_covariates",
          missing = "two.stage", fixed.x = FALSE, more = "ageyr ~~ sex")

# ---- auxiliary variables ----
# lavaan's robust CFI and TLI of a fit by semTools compare it with another baseline model than its plain ones. The golden values follow
# from the robust RMSEA of the fit and of its baseline model: (chisq - trace) is rmsea.robust^2 * n * df, whatever the model.
auxiliary_fit <- function(model, data, aux, what, ...) semTools::auxiliary(model = model, data = data, aux = aux, fun = what, ...)
auxiliary <- function(id, model, data, aux, ..., what = "sem") {
  fit <- golden(id, "auxiliary_fit", model, data, aux = aux, missing = "fiml", ..., what = what)
  m <- fitMeasures(fit, c("rmsea.robust", "df")); b <- fitMeasures(fit@external$baseline.model, c("rmsea.robust", "df"))
  excess <- m[["rmsea.robust"]]^2*m[["df"]]; base <- b[["rmsea.robust"]]^2*b[["df"]]
  change(id, function(case) {
    case[["function"]] <- what; case$options$what <- NULL; case$options$aux <- as.list(aux)
    case$expect$fit$cfi_robust <- case$expect$fit$rni_robust <- 1 - excess/base
    case$expect$fit$tli_robust <- case$expect$fit$nnfi_robust <- if (excess > 0) 1 - excess/m[["df"]]*b[["df"]]/base
    case
  })
}
two <- 'visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6'
auxiliary("aux-hs", paste0(two, "\ntextual ~ visual"), "hs_missing", c("x7", "x8"))
auxiliary("aux-hs-mlr", two, "hs_missing", c("x7", "x9"), estimator = "MLR")
auxiliary("aux-hs-groups", two, "hs_missing", "x7", group = "school", group.equal = c("loadings", "intercepts"))
auxiliary("aux-hs-groups-mlr", two, "hs_missing", c("x7", "x8"), group = "school", estimator = "MLR",
          group.equal = c("loadings", "intercepts", "residuals"))
auxiliary("aux-covariates", paste0(two, "\ntextual ~ visual + ageyr + sex"), "hs_missing_covariates", c("x7", "x8"))
auxiliary("aux-path", "x3 ~ x1 + x2\nx6 ~ x3 + x4", "hs_missing", c("x7", "ageyr"))
auxiliary("aux-loyalty", loyalty, "loyalty_missing", c("v1", "c2", "age"), std.lv = TRUE)
auxiliary("aux-growth", 'i =~ 1*t1 + 1*t2 + 1*t3 + 1*t4
s =~ 0*t1 + 1*t2 + 2*t3 + 3*t4', "growth_missing", c("x1", "c1"), group = "half", what = "growth")

# Two stages with auxiliary variables: semTools' own errors and test break with this version of lavaan, so the moments and their
# information come from lavaan, the estimates from fitting these moments, and the corrections from the formulas of Savalei and Bentler
# (2009) and Savalei and Falk (2014), with the normal-theory weight H at the moments.
staged <- function(id, model, data, names, aux) {
  all <- c(names, aux)
  h1 <- lavaan(paste(outer(all, all, function(a, b) ifelse(match(a, all) <= match(b, all), paste(a, "~~", b), "")), collapse = "\n"),
               DATA[[data]], missing = "fiml", meanstructure = TRUE, int.ov.free = TRUE, h1.information = "unstructured", observed.information = "h1")
  s <- lavInspect(h1, "sampstat"); n <- lavInspect(h1, "nobs")
  J <- lavInspect(h1, "h1.information.observed"); G <- solve(J)
  of <- function(v) c(paste0(v, "~1"), { S <- outer(v, v, function(a, b) paste0(b, "~~", a)); S[lower.tri(S, TRUE)] })
  given <- lavNames(h1, "ov"); all.names <- { S <- outer(given, given, function(a, b) paste0(b, "~~", a)); c(paste0(given, "~1"), S[lower.tri(S, TRUE)]) }
  keep <- sort(match(of(names), all.names)); stopifnot(!anyNA(keep)); G <- G[keep, keep]
  C <- unclass(s$cov)[names, names]; M <- unclass(s$mean)[names]
  fit <- sem(model, sample.cov = C, sample.mean = M, sample.nobs = n, sample.cov.rescale = FALSE, meanstructure = TRUE)
  p <- length(names); D <- lavInspect(fit, "delta"); W <- solve(C); Dup <- lav_matrix_duplication(p)
  order <- match(lavNames(fit, "ov"), names); stopifnot(all(order == seq_len(p)))
  H <- lav_matrix_bdiag(W, .5*t(Dup) %*% (W %x% W) %*% Dup)
  B <- solve(t(D) %*% H %*% D); V <- B %*% t(D) %*% H %*% G %*% H %*% D %*% B/n
  U <- H - H %*% D %*% B %*% t(D) %*% H; df <- fitMeasures(fit, "df")[[1]]; chisq <- fitMeasures(fit, "chisq")[[1]]; c0 <- sum(diag(U %*% G))/df
  e <- parTable(fit); e <- e[e$free > 0, ]; se <- sqrt(diag(V))[e$free]
  rows <- data.frame(lhs = e$lhs, op = e$op, rhs = e$rhs, est = e$est, se = se, ci_lower = e$est - qnorm(.975)*se, ci_upper = e$est + qnorm(.975)*se)
  case <- list(id = id, `function` = "sem", model = model, data = data, options = list(missing = "two.stage", aux = as.list(aux)),
    expect = list(estimates = rows, fit = list(chisq = chisq, df = df, chisq_scaled = chisq/c0, chisq_scaling_factor = c0)))
  write(toJSON(case, auto_unbox = TRUE, digits = NA, null = "null", na = "null", pretty = 1), file.path(out, paste0(id, ".json"))); cat(id, "\n")
}
staged("twostage-aux", paste0(two, "\ntextual ~ visual"), "hs_missing", paste0("x", 1:6), c("x7", "x8"))
staged("twostage-aux-none", paste0(two, "\ntextual ~ visual"), "hs_missing", paste0("x", 1:6), character())

# ---- tests from the residuals ----
# Left out: fixed covariates beside means with "browne.residual.nt" (lavaan's value then depends on means that fit exactly).
residual <- function(id, fun, model, data, ..., kinds = c("adf", "nt"), more = NULL) for (kind in kinds) {
  name <- paste0("browne.residual.", kind)
  fit <- golden(paste0(id, "-", kind), fun, model, data, ..., test = name)
  t <- fit@test[[name]]
  change(paste0(id, "-", kind), function(case) {
    robust <- case$options$estimator %in% c("ULS", "DWLS") # our errors and indices are robust there
    if (length(robust) && robust) case$skip <- list("se")
    case$expect$estimates <- lapply(case$expect$estimates, function(r) r[intersect(names(r), c("lhs","op","rhs","group","label","est","se","ci_lower","ci_upper"))])
    f <- list(t$stat, t$df, t$pvalue); names(f) <- paste0(c("chisq_browne_residual_", "df_browne_residual_", "pvalue_browne_residual_"), kind)
    case$expect$fit <- c(case$expect$fit[c("chisq", "df")], f); case
  })
}
for (e in c("GLS", "ULS", "WLS", "DWLS", "MLR")) residual(paste0("residual-hs-", tolower(e)), "cfa", hs, "hs", estimator = e, kinds = "adf")
residual("residual-hs", "cfa", hs, "hs")
residual("residual-hs-uls", "cfa", hs, "hs", estimator = "ULS", kinds = "nt")
residual("residual-hs-wishart", "cfa", hs, "hs", likelihood = "wishart", kinds = "nt")
residual("residual-hs-means", "cfa", paste0(hs, "\nx1 + x2 ~ i*1"), "hs", kinds = "adf")
residual("residual-groups", "cfa", hs, "hs", group = "school", group.equal = c("loadings", "intercepts"))
residual("residual-covariates", "sem", paste0(hs, "\nvisual + speed ~ ageyr + sex"), "hs")
residual("residual-free-covariates", "sem", paste0(hs, "\nvisual + speed ~ ageyr + sex"), "hs", fixed.x = FALSE, kinds = "adf")
residual("residual-constraint", "sem", 'dem60 =~ y1 + a*y2 + b*y3 + y4
dem65 =~ y5 + a*y6 + y7 + y8
dem65 ~ dem60
a - b == 0.1', "pd", kinds = "nt")
known("hs_ordered")
for (e in c("WLSMV", "ULSMV", "WLS")) residual(paste0("residual-ordinal-", tolower(e)), "cfa", hs, "hs_ordered", estimator = e, ordered = paste0("x", 1:9), kinds = "adf")
residual("residual-ordinal-groups", "cfa", hs, "hs_ordered", ordered = paste0("x", 1:9), group = "school", group.equal = c("loadings", "thresholds"), kinds = "adf")
residual("residual-ordinal-covariates", "sem", paste0(hs, "\nvisual ~ ageyr"), "hs_ordered", ordered = paste0("x", 1:9), kinds = "adf")

# ---- Little's test ----
# By the formula of Little (1988) on the moments of lavaan's EM; tests/measurement/test_missing.py holds the figures. (Of R's airquality
# it gives 35.106, 14 degrees of freedom, p = .001418, the published value of the package naniar.)
little <- function(d) {
  d <- as.matrix(d); n <- nrow(d); v <- colnames(d)
  S <- outer(v, v, function(a, b) paste(b, "~~", a))
  f <- lavaan(paste(S[lower.tri(S, TRUE)], collapse = "\n"), as.data.frame(d), missing = "fiml", meanstructure = TRUE, int.ov.free = TRUE,
              em.h1.tol = 1e-12, em.h1.iter.max = 20000)
  s <- lavInspect(f, "sampstat"); V <- unclass(s$cov)[v, v]; mu <- unclass(s$mean)[v]
  k <- apply(!is.na(d), 1, function(r) paste(as.integer(r), collapse = "")); d2 <- 0; df <- -ncol(d)
  for (u in unique(k)) {
    o <- strsplit(u, "")[[1]] == "1"; r <- d[k == u, o, drop = FALSE]; g <- colMeans(r) - mu[o]
    d2 <- d2 + nrow(r)*drop(t(g) %*% solve(V[o, o]) %*% g); df <- df + sum(o)
  }
  c(d2 = d2, df = df, p = pchisq(d2, df, lower.tail = FALSE), patterns = length(unique(k)))
}
print(little(DATA$hs_missing[paste0("x", 1:9)]), digits = 12)
print(little(DATA$pd_missing[paste0("y", 1:8)]), digits = 12)

# ---- ordinal answers pair by pair; full information with clusters, weights, covariates and constraints ----
set.seed(20270301)
n <- 600
O <- simulateData('f =~ .8*y1 + .7*y2 + .6*y3 + .75*y4
g =~ .8*y5 + .7*y6 + .65*y7
g ~ .5*f', sample.nobs = n, seed = 5)
for (v in names(O)) O[[v]] <- as.integer(cut(O[[v]], c(-Inf, -1.2, -.4, .3, 1.1, Inf)))
for (v in names(O)) O[[v]][sample(n, .15*n)] <- NA
O$half <- rep(c("a", "b"), length.out = n); O$z <- round(rnorm(n), 2); use("ordinal_missing", O)
pairs <- 'f =~ y1 + y2 + y3 + y4
g =~ y5 + y6 + y7
g ~ f'
o <- paste0("y", 1:7)
golden("pairwise-wlsmv", "sem", pairs, "ordinal_missing", ordered = o, missing = "pairwise")
golden("pairwise-wls", "sem", pairs, "ordinal_missing", ordered = o, missing = "pairwise", estimator = "WLS")
golden("pairwise-groups", "sem", pairs, "ordinal_missing", ordered = o, missing = "pairwise", group = "half", group.equal = c("loadings", "thresholds"),
       skip = c("cfi_robust", "tli_robust", "nnfi_robust", "rni_robust", "rmsea_robust", "rmsea_ci_lower_robust", "rmsea_ci_upper_robust", "rmsea_pvalue_robust"))
golden("pairwise-mixed", "sem", pairs, "ordinal_missing", ordered = o[1:4], missing = "pairwise")
golden("pairwise-covariate", "sem", paste0(pairs, "\nf ~ z"), "ordinal_missing", ordered = o, missing = "pairwise")
G <- simulateData('f =~ .8*a1 + .7*a2 + .6*a3 + .75*a4
g =~ .8*b1 + .7*b2 + .65*b3
g ~ .5*f', sample.nobs = 450, seed = 15, skewness = .8, kurtosis = 3)
G$x <- rnorm(450) + .3*G$a1; items <- setdiff(names(G), "x")
for (v in items) G[[v]][runif(450) < plogis(-2.1 + .5*G$x)] <- NA
G <- round(G, 3); G$wt <- round(runif(450, .4, 2.2), 2); G$cl <- sample(45, 450, TRUE); use("skewed_missing", G)
skewed <- 'f =~ a1 + a2 + a3 + a4
g =~ b1 + b2 + b3
g ~ f'
golden("fiml-skewed-clusters-weights", "sem", skewed, "skewed_missing", missing = "fiml", estimator = "MLR", sampling.weights = "wt", cluster = "cl")
golden("fiml-skewed-equal", "sem", paste0(skewed, "\ng ~ x\nf ~ x\na1 ~ k*1\na2 ~ k*1"), "skewed_missing", missing = "fiml", estimator = "MLR")
two_stage("twostage-skewed-robust", "sem", skewed, "skewed_missing", missing = "robust.two.stage")
