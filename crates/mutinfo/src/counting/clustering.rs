//! How far two labellings of the same samples agree, on a scale that ends at 1: normalised and
//! adjusted mutual information.
//!
//! ```
//! use mutinfo::prelude::*;
//!
//! let truth = ["cat", "cat", "dog", "dog", "cow", "cow"];
//! let clusters = [2, 2, 0, 0, 1, 0];
//! let counts = JointCounts::from_labels(&truth, &clusters)?;
//! println!("NMI {:.3}", counts.normalised_mutual_information(Normalisation::Arithmetic));
//! println!("AMI {:.3}", counts.adjusted_mutual_information(Normalisation::Arithmetic));
//! # Ok::<(), mutinfo::Error>(())
//! ```

use crate::counting::counts::JointCounts;
use crate::counting::entropy_estimator::EntropyEstimator;
use crate::units::Nats;

/// The amount that mutual information is divided by, so that 1 is the most it can be: a mean of
/// H(X) and H(Y) (Vinh, Epps and Bailey 2010, J. Mach. Learn. Res. 11:2837, table 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Normalisation {
    /// min(H(X), H(Y)): 1 where one labelling refines the other.
    Min,
    /// √(H(X) H(Y)).
    Geometric,
    /// (H(X) + H(Y)) / 2, the default of scikit-learn.
    #[default]
    Arithmetic,
    /// max(H(X), H(Y)): 1 only where the two agree.
    Max,
}

impl Normalisation {
    /// All four.
    pub const ALL: [Self; 4] = [Self::Min, Self::Geometric, Self::Arithmetic, Self::Max];

    fn mean(self, x: f64, y: f64) -> f64 {
        match self {
            Self::Min => x.min(y),
            Self::Geometric => (x * y).sqrt(),
            Self::Arithmetic => (x + y) / 2.0,
            Self::Max => x.max(y),
        }
    }
}

impl JointCounts {
    /// NMI = I(X; Y) / mean(H(X), H(Y)), from 0 to 1, from the plug-in entropies: scikit-learn's
    /// `normalized_mutual_info_score`.
    ///
    /// Two constants agree, 1; a constant tells nothing of a variable that varies, 0. NMI is not
    /// comparable between numbers of classes: many small clusters score high by chance, which
    /// [`JointCounts::adjusted_mutual_information`] takes into account.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // The same clusters by other names.
    /// let counts = JointCounts::from_labels(&["cat", "cat", "dog", "dog"], &[7, 7, 3, 3])?;
    /// assert_eq!(counts.normalised_mutual_information(Normalisation::Arithmetic), 1.0);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn normalised_mutual_information(&self, normalisation: Normalisation) -> f64 {
        if self.is_the_same_clustering() {
            return 1.0;
        }
        if self.has_a_constant() {
            return 0.0;
        }
        let information = self.mutual_information(EntropyEstimator::PlugIn).value();
        (information / self.normaliser(normalisation)).clamp(0.0, 1.0)
    }

    /// AMI = (I − E) / (mean(H(X), H(Y)) − E), with E the mutual information that is
    /// [expected by chance](JointCounts::expected_mutual_information): 1 where the labellings
    /// agree, about 0 where they are independent, and negative below that (Vinh, Epps and Bailey
    /// 2010, sec. 4). scikit-learn's `adjusted_mutual_info_score`.
    ///
    /// Where E is as large as the mean, no information could be more than chance: 0, as for a
    /// constant, unless the labellings agree.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // A cluster for each sample agrees with any labels by chance.
    /// let counts = JointCounts::from_labels(&["cat", "cat", "dog", "dog"], &[0, 1, 2, 3])?;
    /// assert!(counts.normalised_mutual_information(Normalisation::Arithmetic) > 0.66);
    /// assert!(counts.adjusted_mutual_information(Normalisation::Arithmetic).abs() < 1e-12);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn adjusted_mutual_information(&self, normalisation: Normalisation) -> f64 {
        if self.is_the_same_clustering() {
            return 1.0;
        }
        if self.has_a_constant() {
            return 0.0;
        }
        let expected = self.expected_mutual_information().value();
        let normaliser = self.normaliser(normalisation);
        let room = normaliser - expected;
        if room <= ROUNDING * normaliser {
            return 0.0;
        }
        (self.mutual_information(EntropyEstimator::PlugIn).value() - expected) / room
    }

    /// E\[I\], the mean plug-in mutual information of all labellings with these class sizes: for
    /// classes of a and b samples, n common ones have the hypergeometric probability
    /// P(n) = C(a, n) C(N − a, b − n) / C(N, b), and contribute n/N · ln(N n / (a b)) (Vinh, Epps
    /// and Bailey 2010, theorem 6).
    ///
    /// Exact: P is summed from its mode outwards by the ratio of neighbours, without factorials,
    /// so that it keeps its digits for a large N.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Of the 6 orders of y, 2 are x or its opposite and share 1 bit; the others share nothing.
    /// let counts = JointCounts::from_labels(&[0, 0, 1, 1], &[0, 1, 0, 1])?;
    /// let expected = counts.expected_mutual_information();
    /// assert_eq!(format!("{:.3}", expected.to_bits()), "0.333 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn expected_mutual_information(&self) -> Nats {
        let total = self.x().total() as f64;
        let (x, y) = (self.x().tally(), self.y().tally());
        // In one order for (x, y) and (y, x).
        let (x, y) = if y < x { (y, x) } else { (x, y) };
        let pairs = x.iter().flat_map(|&(a, a_classes)| {
            y.iter()
                .map(move |&(b, b_classes)| (a, b, a_classes as f64 * b_classes as f64))
        });
        Nats(
            pairs
                .map(|(a, b, classes)| classes * expected_term(a as f64, b as f64, total))
                .sum(),
        )
    }

    fn normaliser(&self, normalisation: Normalisation) -> f64 {
        normalisation.mean(
            self.x().entropy(EntropyEstimator::PlugIn).value(),
            self.y().entropy(EntropyEstimator::PlugIn).value(),
        )
    }

    /// Whether each class of x is a class of y.
    fn is_the_same_clustering(&self) -> bool {
        let pairs = self.xy().classes();
        self.x().classes() == pairs && self.y().classes() == pairs
    }

    fn has_a_constant(&self) -> bool {
        self.x().classes() == 1 || self.y().classes() == 1
    }
}

/// What is left of a difference of entropies that are equal.
const ROUNDING: f64 = 1e-13;

/// Terms of the hypergeometric law below this fraction of the largest are left out.
const NEGLIGIBLE: f64 = 1e-24;

/// Σ over n of P(n) n/N ln(N n / (a b)).
fn expected_term(a: f64, b: f64, total: f64) -> f64 {
    let (least, most) = ((a + b - total).max(0.0), a.min(b));
    let mode = ((a + 1.0) / (total + 2.0) * (b + 1.0))
        .floor()
        .clamp(least, most);
    let information = |n: f64| {
        if n == 0.0 {
            0.0
        } else {
            n / total * ((n / a) * (total / b)).ln()
        }
    };
    let (mut weights, mut sum) = (1.0, information(mode));
    let (mut n, mut weight) = (mode, 1.0);
    while n < most && weight > NEGLIGIBLE {
        weight *= (a - n) / (n + 1.0) * ((b - n) / (total - a - b + n + 1.0));
        n += 1.0;
        weights += weight;
        sum += weight * information(n);
    }
    (n, weight) = (mode, 1.0);
    while n > least && weight > NEGLIGIBLE {
        weight *= n / (a - n + 1.0) * ((total - a - b + n) / (b - n + 1.0));
        n -= 1.0;
        weights += weight;
        sum += weight * information(n);
    }
    sum / weights
}
