# Exploratory factors by other programs; run once, the numbers are kept in efa.json.
#   Rscript tests/reference/make_efa.R
# Needs r-cran-psych (2.2.9), r-cran-gparotation (2022.10-2), r-cran-lavaan (0.6-14), r-cran-jsonlite, and the data beside this script.
suppressMessages({library(psych); library(GPArotation); library(lavaan); library(jsonlite)})
here <- { a <- commandArgs(FALSE); f <- sub("^--file=", "", a[grep("^--file=", a)]); dirname(normalizePath(f)) }
read <- function(name, columns) read.csv(file.path(here, "data", paste0(name, ".csv")))[columns]
items <- list(hs = paste0("x", 1:9), loyalty = c(paste0("q", 1:5), paste0("v", 1:3), paste0("s", 1:3), paste0("c", 1:3), paste0("l", 1:4)))
data <- list(hs = read("hs", items$hs), loyalty = read("loyalty", items$loyalty))
factors <- c(hs = 3, loyalty = 5)
out <- list(items = items)
EPS <- 1e-6 # length of the projected gradient; steps are no longer exact much below
bare <- function(A) { A <- unclass(A); matrix(A, nrow(A)) }

# ---- extraction ----
tight <- list(nstart = 5, opt = list(factr = 1, pgtol = 1e-12, maxit = 5000))
by_ml <- function(R, n, m) { # stats::factanal; its loadings are those of a canonical solution
  f <- factanal(covmat = R, n.obs = n, factors = m, rotation = "none", control = tight)
  list(A = bare(f$loadings), psi = unname(f$uniquenesses), chisq = unname(f$STATISTIC), df = f$dof)
}
for (name in names(data)) {
  R <- cor(data[[name]]); n <- nrow(data[[name]]); m <- factors[[name]]
  found <- list(ml = by_ml(R, n, m))
  for (fm in c("minres", "pa")) {
    f <- suppressWarnings(fa(R, nfactors = m, n.obs = n, rotate = "none", fm = fm, max.iter = 20000, min.err = 1e-12))
    found[[fm]] <- list(A = bare(f$loadings), psi = unname(f$uniquenesses), chisq = f$STATISTIC, df = f$dof)
  }
  out$extraction[[name]] <- found
}

# ---- rotation ----
best <- function(run, m, starts = 15) { # the smallest criterion of many starts
  set.seed(1); found <- NULL
  for (k in seq_len(starts)) {
    f <- suppressWarnings(run(if (k == 1) diag(m) else qr.Q(qr(matrix(rnorm(m*m), m)))))
    if (f$convergence && (is.null(found) || min(f$Table[, 2]) < min(found$Table[, 2]) - 1e-12)) found <- f
  }
  stopifnot(!is.null(found)); found
}
oblique <- function(A, method, kaiser, args = NULL, start = NULL) {
  run <- function(T) GPFoblq(A, Tmat = T, normalize = kaiser, eps = EPS, maxit = 1500, method = method, methodArgs = args)
  f <- if (is.null(start)) best(run, ncol(A)) else run(start)
  list(Lambda = bare(f$loadings), Phi = bare(f$Phi), T = f$Th, value = min(f$Table[, 2]))
}
orthogonal <- function(A, method, kaiser, args = NULL, start = NULL) {
  run <- function(T) GPForth(A, Tmat = T, normalize = kaiser, eps = EPS, maxit = 1500, method = method, methodArgs = args)
  f <- if (is.null(start)) best(run, ncol(A)) else run(start)
  list(Lambda = bare(f$loadings), Phi = diag(ncol(A)), T = f$Th, value = min(f$Table[, 2]))
}
sharpened <- function(A, start = NULL) { # promax of Kaiser's unit rows
  h <- sqrt(rowSums(A^2)); X <- orthogonal(A, "varimax", TRUE, start = start)
  p <- promax(X$Lambda/h, 4); U <- p$rotmat
  list(Lambda = h*bare(p$loadings), Phi = bare(solve(t(U) %*% U)), T = X$T)
}
free <- function(m, p) { # a partial target: the first third of the items is of the first factor, and so on
  W <- 1 - outer(ceiling(seq_len(p)*m/p), seq_len(m), "==")
  list(W = W, Target = matrix(0, p, m))
}
rotations <- list(
  list(rotation = "oblimin", kaiser = FALSE, run = function(A, s = NULL) oblique(A, "oblimin", FALSE, list(gam = 0), s)),
  list(rotation = "oblimin", kaiser = TRUE, run = function(A, s = NULL) oblique(A, "oblimin", TRUE, list(gam = 0), s)),
  list(rotation = "oblimin", kaiser = FALSE, gamma = -0.5, run = function(A, s = NULL) oblique(A, "oblimin", FALSE, list(gam = -0.5), s)),
  list(rotation = "geomin", kaiser = FALSE, run = function(A, s = NULL) oblique(A, "geomin", FALSE, list(delta = 0.01), s)),
  list(rotation = "varimax", kaiser = TRUE, run = function(A, s = NULL) orthogonal(A, "varimax", TRUE, NULL, s)),
  list(rotation = "varimax", kaiser = FALSE, run = function(A, s = NULL) orthogonal(A, "varimax", FALSE, NULL, s)),
  list(rotation = "quartimax", kaiser = FALSE, run = function(A, s = NULL) orthogonal(A, "quartimax", FALSE, NULL, s)),
  list(rotation = "equamax", kaiser = TRUE, run = function(A, s = NULL) orthogonal(A, "cf", TRUE, list(kappa = ncol(A)/(2*nrow(A))), s)),
  list(rotation = "promax", kaiser = TRUE, run = sharpened),
  list(rotation = "bifactor", kaiser = FALSE, run = function(A, s = NULL) orthogonal(A, "bifactor", FALSE, NULL, s)),
  list(rotation = "target", kaiser = FALSE, run = function(A, s = NULL) oblique(A, "pst", FALSE, free(ncol(A), nrow(A)), s)))
for (name in names(data)) {
  A <- out$extraction[[name]]$ml$A
  for (r in rotations) {
    f <- r$run(A)
    row <- list(data = name, n_factors = factors[[name]], rotation = r$rotation, kaiser = r$kaiser, gamma = if (is.null(r$gamma)) 0 else r$gamma,
                Lambda = f$Lambda, Phi = f$Phi)
    if (r$rotation == "target") row$free <- free(ncol(A), nrow(A))$W == 0
    out$rotation <- c(out$rotation, list(row)); cat(name, r$rotation, "\n")
  }
}

# ---- standard errors ----
# By the delta method, with the whole of extraction and rotation differentiated numerically, and the sampling covariance of
# correlations of normal answers (Olkin and Siotani 1976), and of any answers (Steiger and Hakstian 1982). As is usual (expected
# information), the model is taken to hold: slopes are those at the implied correlations.
pairs <- which(lower.tri(diag(9)), arr.ind = TRUE); pairs <- pairs[order(pairs[, 1], pairs[, 2]), ]
normal <- function(R) {
  of <- function(a, b) { i <- a[1]; j <- a[2]; k <- b[1]; l <- b[2]
    R[i,j]*R[k,l]*(R[i,k]^2 + R[i,l]^2 + R[j,k]^2 + R[j,l]^2)/2 + R[i,k]*R[j,l] + R[i,l]*R[j,k] -
      R[i,j]*(R[i,k]*R[i,l] + R[j,k]*R[j,l]) - R[k,l]*(R[i,k]*R[j,k] + R[i,l]*R[j,l]) }
  outer(seq_len(nrow(pairs)), seq_len(nrow(pairs)), Vectorize(function(a, b) of(pairs[a, ], pairs[b, ])))
}
any <- function(X) {
  Z <- sweep(as.matrix(X), 2, colMeans(X)); Z <- sweep(Z, 2, sqrt(colMeans(Z^2)), "/"); R <- crossprod(Z)/nrow(Z)
  D <- apply(pairs, 1, function(p) Z[, p[1]]*Z[, p[2]] - R[p[1], p[2]]*(Z[, p[1]]^2 + Z[, p[2]]^2)/2)
  crossprod(D)/nrow(D)
}
X <- data$hs; n <- nrow(X); A <- out$extraction$hs$ml$A; R <- tcrossprod(A); diag(R) <- 1; low <- lower.tri(diag(3))
canonical <- function(R) { # Newton's method, so that differences are not the noise of a search: psi with diag(Sigma) = 1
  psi <- out$extraction$hs$ml$psi
  loadings <- function(psi) { e <- eigen(R/sqrt(outer(psi, psi))); B <- sqrt(psi)*(e$vectors[, 1:3] %*% diag(sqrt(e$values[1:3] - 1))); B }
  off <- function(psi) rowSums(loadings(psi)^2) + psi - diag(R)
  for (k in 1:20) {
    J <- sapply(1:9, function(i) { h <- 1e-6; e <- (1:9 == i)*h; (off(psi + e) - off(psi - e))/(2*h) })
    psi <- psi - solve(J, off(psi))
  }
  B <- loadings(psi); sweep(B, 2, sign(colSums(B*A)), "*")
}
for (k in c(1, 4, 5, 9, 11)) {
  r <- rotations[[k]]; base <- r$run(canonical(R)); h <- 2e-3
  along <- function(i, s) { Q <- R; p <- pairs[i, ]; Q[p[1], p[2]] <- Q[p[2], p[1]] <- Q[p[1], p[2]] + s*h; f <- r$run(canonical(Q), base$T); c(f$Lambda, f$Phi[low]) }
  J <- sapply(seq_len(nrow(pairs)), function(i) (along(i, 1) - along(i, -1))/(2*h))
  se <- function(G) sqrt(pmax(rowSums((J %*% G)*J), 0)/n)
  pack <- function(s) list(Lambda = matrix(s[1:27], 9), Phi = s[28:30])
  out$errors <- c(out$errors, list(list(rotation = r$rotation, kaiser = r$kaiser, Lambda = base$Lambda, normal = pack(se(normal(R))), robust = pack(se(any(X))))))
  cat("errors", r$rotation, "\n")
}

# ---- ordinal and incomplete answers ----
blocks <- 'efa("b")*f1 + efa("b")*f2 + efa("b")*f3 =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9'
turn <- list(rstarts = 30, row.weights = "none")
f <- cfa(blocks, data = read("hs_ordered", items$hs), rotation = "oblimin", rotation.args = turn, rotation.se = "delta", std.lv = TRUE, ordered = TRUE, estimator = "ULSMV")
p <- parameterEstimates(f); keep <- p$op == "=~"
out$ordinal <- list(Lambda = matrix(p$est[keep], 9), se = matrix(p$se[keep], 9), fit = as.list(unclass(fitMeasures(f, c("chisq.scaled", "df", "baseline.chisq.scaled", "cfi.scaled", "tli.scaled", "rmsea.scaled", "srmr")))))
f <- cfa(blocks, data = read("hs_missing", items$hs), rotation = "oblimin", rotation.args = turn, std.lv = TRUE, missing = "fiml")
h <- lavInspect(f, "sampstat"); C <- cov2cor(unclass(h$cov)[items$hs, items$hs])
out$incomplete <- list(R = bare(C), psi = by_ml(C, n, 3)$psi)

# ---- scores ----
f <- factanal(data$hs, 3, rotation = "none", control = tight)
out$scores <- list(regression = bare(factanal(data$hs, 3, rotation = "none", scores = "regression", control = tight)$scores[1:6, ]),
  bartlett = bare(factanal(data$hs, 3, rotation = "none", scores = "Bartlett", control = tight)$scores[1:6, ]),
  `anderson-rubin` = bare(factor.scores(data$hs, unclass(f$loadings), method = "Anderson")$scores[1:6, ]))

# ---- number of factors ----
for (name in names(data)) {
  R <- cor(data[[name]]); S <- R; diag(S) <- smc(R)
  map <- suppressWarnings(VSS(data[[name]], n = 6, plot = FALSE, fm = "minres"))$map
  out$number[[name]] <- list(map = map, components = eigen(R)$values, factors = eigen(S)$values)
}

# ---- a general factor ----
for (name in names(data)) {
  o <- suppressMessages(suppressWarnings(omega(cor(data[[name]]), nfactors = factors[[name]], fm = "ml", n.obs = nrow(data[[name]]), plot = FALSE, flip = FALSE)))
  S <- o$schmid$sl; m <- factors[[name]]
  out$general[[name]] <- list(general = unname(S[, 1]), groups = bare(S[, 1 + seq_len(m)]), omega_hierarchical = o$omega_h, omega_total = o$omega.tot, ecv = o$ECV)
}
# ---- exploratory blocks inside models ----
esem <- function(id, model, data, ..., rotation, args = list()) {
  f <- suppressWarnings(sem(model, data = read.csv(file.path(here, "data", paste0(data, ".csv"))), ..., rotation = rotation,
                            rotation.args = c(list(rstarts = 30, row.weights = "none"), args)))
  p <- as.data.frame(parameterEstimates(f, standardized = TRUE)); s <- fitMeasures(f, c("chisq", "df", "cfi", "rmsea", "srmr"))
  if (is.null(p$group)) p$group <- 1
  out$blocks[[id]] <<- list(model = model, data = data, rotation = rotation, args = args, fit = as.list(unclass(s)),
    rows = p[p$op %in% c("=~", "~", "~~"), c("lhs", "op", "rhs", "group", "est", "se", "std.all")])
  cat(id, "\n")
}
block <- 'efa("b")*f1 + efa("b")*f2 =~ x1 + x2 + x3 + x4 + x5 + x6'
esem("oblimin", paste0(block, "\nspeed =~ x7 + x8 + x9\nspeed ~ f1 + f2"), "hs", rotation = "oblimin")
esem("geomin", paste0(block, "\nspeed =~ x7 + x8 + x9\nspeed ~ f1 + f2"), "hs", rotation = "geomin", args = list(geomin.epsilon = 0.001))
esem("raw", paste0(block, "\nspeed =~ x7 + x8 + x9\nspeed ~ f1 + f2"), "hs", rotation = "oblimin", args = list(std.ov = FALSE))
esem("covariates", paste0(block, "\nf1 + f2 ~ ageyr + sex"), "hs", rotation = "oblimin", args = list(std.ov = FALSE))
esem("chain", 'efa("a")*a1 + efa("a")*a2 =~ q1 + q2 + q3 + q4 + q5 + v1 + v2 + v3
efa("b")*b1 + efa("b")*b2 =~ s1 + s2 + s3 + l1 + l2 + l3 + l4
b1 + b2 ~ a1 + a2', "loyalty", rotation = "oblimin")

# three factors alone: in groups, incomplete, and by other criteria
three <- function(id, data, ..., rotation, args = list()) {
  f <- suppressWarnings(sem(blocks, data = read.csv(file.path(here, "data", paste0(data, ".csv"))), ..., rotation = rotation,
                            rotation.args = c(list(rstarts = 30, row.weights = "none"), args)))
  p <- as.data.frame(parameterEstimates(f, standardized = TRUE)); s <- fitMeasures(f, c("chisq", "df", "cfi", "rmsea", "srmr"))
  if (is.null(p$group)) p$group <- 1
  out$three[[id]] <<- list(model = blocks, data = data, rotation = rotation, args = args, options = list(...), fit = as.list(unclass(s)),
    rows = p[p$op == "=~" | (p$op == "~~" & p$lhs != p$rhs), c("lhs", "op", "rhs", "group", "est", "se", "std.all")])
  cat(id, "\n")
}
three("groups", "hs", group = "school", rotation = "oblimin")
three("geomin3", "hs", rotation = "geomin", args = list(geomin.epsilon = 0.01, std.ov = FALSE))
three("varimax", "hs", rotation = "varimax", args = list(std.ov = FALSE))
three("missing", "hs_missing", missing = "fiml", rotation = "oblimin", args = list(std.ov = FALSE))
# Not taken: x7 ~~ x8 or x7 ~~ x9 beside the three factors. What is left of speed is then one item, its loading grows without end
# (lavaan stops at 20.7 with a residual variance of -426 and calls that a solution), and we say that there is no minimum. Nor psych's
# Promax, which sharpens varimax loadings without Kaiser's rows: it differs by some .02; and its varimax, which stops at 1e-5.
write(toJSON(out, digits = NA, auto_unbox = TRUE, pretty = FALSE), file.path(here, "efa.json"))
