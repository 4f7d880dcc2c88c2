# Golden results for measurement quality: alpha, sampling adequacy, reliability, discriminant validity,
# common method, tetrads.
#   Rscript make_quality.R           writes quality.json beside this script
# Needs r-cran-lavaan (0.6-14), r-cran-semtools (0.5-6), r-cran-psych (2.2.9), r-cran-jsonlite, and the data written by make_golden.R.
here <- { a <- commandArgs(FALSE); f <- sub("^--file=", "", a[grep("^--file=", a)]); if (length(f)) dirname(normalizePath(f)) else "." }
suppressMessages({library(lavaan); library(semTools); library(psych); library(jsonlite)})
known <- function(name) read.csv(file.path(here, "data", paste0(name, ".csv")))
L <- known("loyalty"); M <- known("loyalty_missing"); O <- known("loyalty_ordered"); H <- known("hs")
found <- list()
frame <- function(m) list(vars = rownames(m), m = unclass(as.matrix(m)))

# ---- alpha and sampling adequacy ----
a <- psych::alpha(L[1:5]); f <- psych::alpha.ci(a$total$raw_alpha, n.obs = 620, n.var = 5)
found$alpha <- list(items = names(L)[1:5], alpha = a$total$raw_alpha, standardized = a$total$std.alpha, mean_correlation = a$total$average_r,
  item_rest = a$item.stats$r.drop, if_dropped = a$alpha.drop$raw_alpha, feldt = c(f$lower.ci, f$upper.ci))
q <- names(L)[1:5]; am <- suppressWarnings(psych::alpha(M[q]))
found$alpha_pairwise <- list(items = q, alpha = am$total$raw_alpha, standardized = am$total$std.alpha)
k <- KMO(L[1:18]); b <- cortest.bartlett(cor(L[1:18]), n = nrow(L))
found$factorability <- list(items = names(L)[1:18], kmo = k$MSA, kmo_items = unname(k$MSAi), chisq = b$chisq, df = b$df)

# ---- reliability ----
meas <- 'QUA =~ q1 + q2 + q3 + q4 + q5
VAL =~ v1 + v2 + v3
SAT =~ s1 + s2 + s3
SWC =~ c1 + c2 + c3
LOY =~ l1 + l2 + l3 + l4'
rel <- function(fit, ...) as.list(compRelSEM(fit, ...))
f <- cfa(meas, L)
found$plain <- list(model = meas, data = "loyalty", omega = rel(f), alpha = rel(f, tau.eq = TRUE))
cross <- sub("SAT =~ s1", "SAT =~ q5 + s1", meas, fixed = TRUE); fc <- cfa(cross, L)
found$cross <- list(model = cross, data = "loyalty", omega = rel(fc))
cov <- paste0(meas, "\nq1 ~~ q2"); fe <- cfa(cov, L)
found$errors <- list(model = cov, data = "loyalty", omega = rel(fe))
sm <- paste0(meas, "\nVAL ~ QUA\nSAT ~ QUA + VAL\nLOY ~ SAT + SWC"); fs <- sem(sm, L)
found$paths <- list(model = sm, data = "loyalty", omega = rel(fs), latent = frame(lavInspect(fs, "cor.lv")))
g <- cfa('visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9', H, group = "school"); r <- compRelSEM(g)
found$groups <- list(data = "hs", labels = r$group, omega = as.list(r[-1]))
h <- 'visual =~ x1 + x2 + x3
textual =~ x4 + x5 + x6
speed =~ x7 + x8 + x9
g =~ visual + textual + speed'
fh <- cfa(h, H); l2 <- reliabilityL2(fh, "g")
found$higher <- list(model = h, data = "hs", omega = rel(fh), total = unname(compRelSEM(fh, higher = "g")["g"]), level2 = as.list(l2))
fm <- cfa(meas, M, missing = "fiml")
found$fiml <- list(model = meas, data = "loyalty_missing", omega = rel(fm))
fo <- cfa(meas, O, ordered = TRUE)
found$ordinal <- list(model = meas, data = "loyalty_ordered", omega = rel(fo), latent = rel(fo, ord.scale = FALSE),
  alpha_latent = rel(fo, tau.eq = TRUE, ord.scale = FALSE), alpha_scale = rel(fo, tau.eq = TRUE), alpha = lapply(split(1:18, rep(1:5, c(5,3,3,3,4))), function(i) psych::alpha(O[i])$total$raw_alpha))

# ---- discriminant validity ----
ht <- function(d, ...) frame(htmt(meas, data = d, ...))
found$htmt <- list(arithmetic = ht(L, htmt2 = FALSE, absolute = FALSE), plus = ht(L, htmt2 = FALSE, absolute = TRUE), geometric = ht(L),
  ordinal = frame(htmt(meas, data = O, ordered = names(O)[1:18], htmt2 = FALSE, absolute = FALSE)))
# ---- groups, residual covariances and second order with ordinal answers; incomplete answers; signs ----
HO <- known("hs_ordered"); three <- sub("\ng =~.*", "", h); groups <- function(r) c(list(labels = r$group), as.list(r[-1]))
fog <- cfa(three, HO, ordered = TRUE, group = "school")
found$ordinal_groups <- list(omega = groups(compRelSEM(fog)), latent = groups(compRelSEM(fog, ord.scale = FALSE)))
foe <- cfa(paste0(three, "\nx7 ~~ x8\nx1 ~~ x4"), HO, ordered = TRUE)
found$ordinal_errors <- list(omega = rel(foe), latent = rel(foe, ord.scale = FALSE))
foh <- cfa(h, HO, ordered = TRUE); found$ordinal_higher <- list(omega = rel(foh), level2 = as.list(reliabilityL2(foh, "g")))
found$higher_groups <- groups(compRelSEM(cfa(h, H, group = "school"), higher = "g"))
kp <- KMO(cor(M[1:18], use = "pairwise")); found$factorability_pairwise <- list(kmo = kp$MSA, kmo_items = unname(kp$MSAi))
two <- "A =~ x1 + x2\nB =~ x4 + x5 + x6\nC =~ x7 + x9"
found$two_items <- list(model = two, plus = unclass(as.matrix(htmt(two, data = H, htmt2 = FALSE))))
part <- "QUA =~ q1 + q2 + q3 + q4 + q5\nVAL =~ v1 + v2 + v3\nLOY =~ l1 + l2 + l3 + l4"
found$incomplete <- list(model = part, htmt = unclass(as.matrix(htmt(part, data = M, missing = "fiml", htmt2 = FALSE))))
# Not taken: an ordinal item of two constructs (visual and speed both on x1) leaves the search of lavaan with loadings of 700 and
# of ours of 1,200, at one chi-square of 53.0578; semTools' AVE, which weighs loadings in units of the items, where ours is that of
# standardized ones (Fornell and Larcker 1981); psych's Mardia, which divides by n - 1, where Mardia (1970) divides by n.
# ---- common method and tetrads ----
fmm <- cfa(paste0(meas, "\nmethod =~ ", paste0("1*", names(L)[1:18], collapse = " + "), "\nmethod ~~ 0*QUA + 0*VAL + 0*SAT + 0*SWC + 0*LOY"), L)
ss <- subset(standardizedSolution(fmm), op == "=~")
found$method <- list(chisq = fitMeasures(fmm, "chisq")[[1]], df = fitMeasures(fmm, "df")[[1]], method = mean(ss$est.std[ss$lhs == "method"]^2), construct = mean(ss$est.std[ss$lhs != "method"]^2))
f1 <- cfa(paste("g =~", paste(names(L)[1:18], collapse = " + ")), L)
found$harman <- list(share = eigen(cor(L[1:18]))$values[1] / 18, chisq = fitMeasures(f1, "chisq")[[1]], cfi = fitMeasures(f1, "cfi")[[1]])
# two tetrads of four items by the delta method, sampling covariances of the covariances from fourth moments
X <- scale(as.matrix(L[c("q1","q2","q3","q4")]), scale = FALSE); n <- nrow(X); S <- crossprod(X) / n
P <- cbind(X[,1]*X[,2], X[,1]*X[,3], X[,1]*X[,4], X[,2]*X[,3], X[,2]*X[,4], X[,3]*X[,4]); G <- cov(P) * (n - 1) / n
s <- c(S[1,2], S[1,3], S[1,4], S[2,3], S[2,4], S[3,4])
tau <- c(s[1]*s[6] - s[2]*s[5], s[1]*s[6] - s[3]*s[4])
D <- rbind(c(s[6], -s[5], 0, 0, -s[2], s[1]), c(s[6], 0, -s[4], -s[3], 0, s[1])); V <- D %*% G %*% t(D) / n
found$tetrads <- list(items = c("q1","q2","q3","q4"), value = tau, se = sqrt(diag(V)), chisq = as.numeric(t(tau) %*% solve(V) %*% tau))
write(toJSON(found, auto_unbox = TRUE, digits = NA, null = "null", na = "null", pretty = 1), file.path(here, "quality.json"))
