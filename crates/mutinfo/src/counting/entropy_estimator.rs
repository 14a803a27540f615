//! [`EntropyEstimator`]: the bias of an entropy that was estimated from a finite sample, and what to do
//! about it.
//!
//! The plug-in entropy is too small, on average by about (classes − 1) / 2N, because rare classes
//! are missed and the others look more regular than they are. Mutual information is a difference
//! of entropies whose joint one is biased most, so the plug-in MI is too large.
//!
//! Notation: N samples, nᵢ of class i, p̂ᵢ = nᵢ / N, R classes that occur, K that can occur
//! ([`Counts::alphabet`]), f₁ classes that occur once. All entropies are in nats.
//!
//! ```
//! use mutinfo::prelude::*;
//!
//! let counts = Counts::new(&[4, 2, 1, 1])?;
//! for correction in EntropyEstimator::ALL {
//!     println!("{correction:<17} {:.3}", counts.entropy(correction));
//! }
//! # Ok::<(), mutinfo::Error>(())
//! ```

use std::fmt;

use statrs::function::gamma::digamma;

use crate::counting::counts::Counts;
use crate::counting::nsb;
use crate::units::Nats;

/// How to correct an entropy, or a difference of entropies, for the bias of a finite sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum EntropyEstimator {
    /// None, the maximum likelihood estimate: H = −Σ p̂ᵢ ln p̂ᵢ (Shannon 1948, sec. 6).
    #[default]
    PlugIn,
    /// H + (R − 1) / 2N: the first term of the bias's series in 1/N (Miller 1955, "Note on the
    /// bias of information estimates").
    MillerMadow,
    /// H + (R̃ − 1) / 2N, with R̃ ≥ R the number of classes that are expected to be relevant,
    /// found by asking which number would have shown R classes in N samples (Panzeri and Treves
    /// 1996, Network 7:87, sec. 3).
    ///
    /// R̃ ≤ K, so it differs from Miller-Madow only where more classes can occur than do: in the
    /// joint entropy. It is used for each entropy alike, which keeps MI symmetric; the paper
    /// counts the relevant responses to each stimulus by itself, which does not.
    PanzeriTreves,
    /// N H − (N − 1) / N · Σ over samples of the plug-in H without that sample (Zahl 1977,
    /// Ecology 58:907).
    Jackknife,
    /// The plug-in of the shrunk proportions λ / K + (1 − λ) p̂ᵢ, with
    /// λ = (1 − Σ p̂ᵢ²) / ((N − 1) Σ (1/K − p̂ᵢ)²), at most 1 (Hausser and Strimmer 2009,
    /// J. Mach. Learn. Res. 10:1469, eqs. 4 to 6).
    ///
    /// In a mutual information the joint proportions are shrunk and the marginals are theirs,
    /// as in the authors' `mi.shrink`: so that it cannot be negative.
    JamesStein,
    /// Σ p̂ᵢ (ln N − ψ(nᵢ) − (−1)^nᵢ / (nᵢ + 1)) (Grassberger 1988, Phys. Lett. A 128:369, as
    /// infomeasure and others have it). The author's second one is less biased.
    Grassberger1988,
    /// ln N − Σ p̂ᵢ G(nᵢ), with G(n) = ψ(n) + ½ (−1)ⁿ (ψ((n + 1) / 2) − ψ(n / 2)) (Grassberger
    /// 2003, arXiv:physics/0307138). Of all functions of one count, nearly the least biased: for
    /// Poisson counts with mean z, the mean of n G(n) is z ln z + z E₁(2z).
    Grassberger2003,
    /// −Σ C p̂ᵢ ln(C p̂ᵢ) / (1 − (1 − C p̂ᵢ)ᴺ), with the coverage C = 1 − f₁ / N (Chao and Shen
    /// 2003, Environ. Ecol. Stat. 10:429). Where every class occurs once, f₁ counts as
    /// N − 1, or nothing would be left.
    ChaoShen,
    /// The posterior mean under a mixture of symmetric Dirichlet priors that is nearly flat in
    /// entropy (Nemenman, Shafee and Bialek 2002, NIPS 14). Depends on K; the three
    /// entropies of a mutual information are each estimated by themselves.
    Nsb,
}

impl EntropyEstimator {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::PlugIn,
        Self::MillerMadow,
        Self::PanzeriTreves,
        Self::Jackknife,
        Self::JamesStein,
        Self::Grassberger1988,
        Self::Grassberger2003,
        Self::ChaoShen,
        Self::Nsb,
    ];

    /// The entropy of what was counted.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // A coin, four times: Miller and Madow add (2 − 1) / (2 · 4).
    /// let coin = Counts::new(&[2, 2])?;
    /// let corrected = EntropyEstimator::MillerMadow.entropy(&coin);
    /// assert!((corrected - Nats(2_f64.ln() + 0.125)).abs() < Nats(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn entropy(self, counts: &Counts) -> Nats {
        self.entropy_within(counts, counts)
    }

    /// The entropy of a marginal of what `joint` counts, which is estimated with it.
    pub(crate) fn entropy_within(self, counts: &Counts, joint: &Counts) -> Nats {
        Nats(match self {
            Self::PlugIn => plug_in(counts),
            Self::MillerMadow => plug_in(counts) + first_order(counts, counts.classes() as f64),
            Self::PanzeriTreves => plug_in(counts) + first_order(counts, relevant_classes(counts)),
            Self::Jackknife => jackknife(counts),
            Self::JamesStein => shrunk(counts, shrinkage(joint)),
            Self::Grassberger1988 => digammas(counts, |n| digamma(n) + sign(n) / (n + 1.0)),
            Self::Grassberger2003 => digammas(counts, |n| {
                digamma(n) + sign(n) / 2.0 * (digamma((n + 1.0) / 2.0) - digamma(n / 2.0))
            }),
            Self::ChaoShen => chao_shen(counts),
            Self::Nsb => nsb::entropy(counts),
        })
    }
}

impl fmt::Display for EntropyEstimator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::PlugIn => "plug-in",
            Self::MillerMadow => "Miller-Madow",
            Self::PanzeriTreves => "Panzeri-Treves",
            Self::Jackknife => "jackknife",
            Self::JamesStein => "James-Stein",
            Self::Grassberger1988 => "Grassberger 1988",
            Self::Grassberger2003 => "Grassberger 2003",
            Self::ChaoShen => "Chao-Shen",
            Self::Nsb => "NSB",
        })
    }
}

/// Σ over the classes that occur of f(nᵢ).
fn sum(counts: &Counts, f: impl Fn(f64) -> f64) -> f64 {
    let tally = counts.tally().iter();
    tally
        .map(|&(n, classes)| classes as f64 * f(n as f64))
        .sum()
}

fn plug_in(counts: &Counts) -> f64 {
    let total = counts.total() as f64;
    sum(counts, |n| n / total * (total / n).ln())
}

fn first_order(counts: &Counts, classes: f64) -> f64 {
    (classes - 1.0) / (2.0 * counts.total() as f64)
}

/// R̃: R plus the number of classes x that were missed, chosen so that R + x classes are expected
/// to show R.
///
/// A class seen n times is given the probability (1 − γ)(n + 1) / (N + R), one that was missed
/// γ / x, where γ = x (1 − (N / (N + R))^(1/N)). The expected number of classes seen is concave
/// in x, so the first x that reaches R, or the peak, is found by bisection.
fn relevant_classes(counts: &Counts) -> f64 {
    let (total, seen) = (counts.total() as f64, counts.classes() as f64);
    let missed_probability = -(-(seen / total).ln_1p() / total).exp_m1();
    let most_missed = (counts.alphabet() - seen).min((1.0 / missed_probability).floor());
    let shows_up = |p: f64| -(total * (-p).ln_1p()).exp_m1();
    let expected = |missed: f64| {
        let rest = 1.0 - missed * missed_probability;
        sum(counts, |n| shows_up((n + 1.0) / (total + seen) * rest))
            + missed * shows_up(missed_probability)
    };
    let error = |missed: f64| {
        let shown = if missed == 0.0 {
            sum(counts, |n| shows_up(n / total))
        } else {
            expected(missed)
        };
        (seen - shown).abs()
    };
    if most_missed < 1.0 || error(1.0) >= error(0.0) {
        return seen;
    }
    let (mut low, mut high) = (1.0, most_missed);
    while low < high {
        let middle = ((low + high) / 2.0).floor();
        if expected(middle) >= seen || expected(middle + 1.0) <= expected(middle) {
            high = middle;
        } else {
            low = middle + 1.0;
        }
    }
    seen + if error(low) < error(low - 1.0) {
        low
    } else {
        low - 1.0
    }
}

/// With f(n) = n ln n − (n − 1) ln(n − 1), the jackknife is f(N) − Σ p̂ᵢ f(nᵢ).
fn jackknife(counts: &Counts) -> f64 {
    let f = |n: f64| {
        if n == 1.0 {
            0.0
        } else {
            n.ln() - (n - 1.0) * (-1.0 / n).ln_1p()
        }
    };
    let total = counts.total() as f64;
    sum(counts, |n| n / total * (f(total) - f(n)))
}

/// λ, how far the proportions are drawn towards 1/K.
fn shrinkage(counts: &Counts) -> f64 {
    let (total, target) = (counts.total() as f64, 1.0 / counts.alphabet());
    let unseen = (counts.alphabet() - counts.classes() as f64) * target * target;
    let distance = unseen + sum(counts, |n| (target - n / total).powi(2));
    let variance = sum(counts, |n| n / total * (1.0 - n / total));
    let lambda = variance / ((total - 1.0) * distance);
    if lambda.is_nan() {
        1.0
    } else {
        lambda.min(1.0)
    }
}

fn shrunk(counts: &Counts, lambda: f64) -> f64 {
    let total = counts.total() as f64;
    let surprise = |p: f64| if p > 0.0 { -p * p.ln() } else { 0.0 };
    let floor = lambda / counts.alphabet();
    (counts.alphabet() - counts.classes() as f64) * surprise(floor)
        + sum(counts, |n| surprise(floor + (1.0 - lambda) * (n / total)))
}

/// ln N − Σ p̂ᵢ G(nᵢ), where G takes the place of the logarithm.
fn digammas(counts: &Counts, g: impl Fn(f64) -> f64) -> f64 {
    let total = counts.total() as f64;
    sum(counts, |n| n / total * (total.ln() - g(n)))
}

/// (−1)ⁿ.
fn sign(n: f64) -> f64 {
    if n % 2.0 == 0.0 { 1.0 } else { -1.0 }
}

fn chao_shen(counts: &Counts) -> f64 {
    let total = counts.total() as f64;
    let once = match counts.tally()[0] {
        (1, classes) if classes == counts.total() => total - 1.0,
        (1, classes) => classes as f64,
        _ => 0.0,
    };
    let coverage = 1.0 - once / total;
    sum(counts, |n| {
        let p = coverage * n / total;
        let seen = -(total * (-p).ln_1p()).exp_m1();
        p * -p.ln() / seen
    })
}
