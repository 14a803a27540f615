//! What [`Counts`] and [`JointCounts`] say of information: entropies, conditional entropies, mutual
//! information, and the distance between two ways to class the same samples.

use crate::counting::counts::{Counts, JointCounts};
use crate::counting::entropy_estimator::EntropyEstimator;
use crate::units::Nats;

impl Counts {
    /// The entropy H, in nats, corrected for the bias of a finite sample.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let coin = Counts::new(&[2, 2])?;
    /// let entropy = coin.entropy(EntropyEstimator::PlugIn);
    /// assert_eq!(format!("{:.3}", entropy.to_bits()), "1.000 bit");
    /// assert!(coin.entropy(EntropyEstimator::MillerMadow) > entropy);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn entropy(&self, correction: EntropyEstimator) -> Nats {
        correction.entropy(self)
    }
}

impl JointCounts {
    /// H(X | Y) = H(X, Y) − H(Y): what is left to say of x once y is known.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Of four cards, y tells the colour: which of two it is, is left.
    /// let counts = JointCounts::from_labels(&[0, 1, 2, 3], &["red", "red", "black", "black"])?;
    /// let left = counts.entropy_of_x_given_y(EntropyEstimator::PlugIn);
    /// assert_eq!(format!("{:.3}", left.to_bits()), "1.000 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn entropy_of_x_given_y(&self, correction: EntropyEstimator) -> Nats {
        self.entropy_within(correction, self.xy()) - self.entropy_within(correction, self.y())
    }

    /// H(Y | X) = H(X, Y) − H(X): what is left to say of y once x is known.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // The card tells its colour.
    /// let counts = JointCounts::from_labels(&[0, 1, 2, 3], &["red", "red", "black", "black"])?;
    /// assert!(counts.entropy_of_y_given_x(EntropyEstimator::PlugIn).abs() < Nats(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn entropy_of_y_given_x(&self, correction: EntropyEstimator) -> Nats {
        self.entropy_within(correction, self.xy()) - self.entropy_within(correction, self.x())
    }

    /// I(X; Y) = H(X) + H(Y) − H(X, Y). The plug-in lies between 0 and the smaller of H(X) and
    /// H(Y), to rounding (about 1e-15); a corrected one may be negative.
    ///
    /// A variable of one class shares exactly nothing.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // A coin and its copy, and a coin and another.
    /// let copied = JointCounts::from_labels(&[0, 0, 1, 1], &[0, 0, 1, 1])?;
    /// let another = JointCounts::from_labels(&[0, 0, 1, 1], &[0, 1, 0, 1])?;
    /// let bits = |counts: JointCounts| counts.mutual_information(EntropyEstimator::PlugIn).to_bits();
    /// assert_eq!(format!("{:.3}", bits(copied)), "1.000 bit");
    /// assert!(bits(another).abs() < Bits(1e-12));
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn mutual_information(&self, correction: EntropyEstimator) -> Nats {
        if self.x().classes() == 1 || self.y().classes() == 1 {
            return Nats(0.0);
        }
        self.entropy_within(correction, self.x()) + self.entropy_within(correction, self.y())
            - self.entropy_within(correction, self.xy())
    }

    /// VI(X; Y) = H(X | Y) + H(Y | X), the variation of information: a metric between
    /// clusterings, where it is not corrected (Meilă 2007, J. Multivariate Analysis 98, eq. 15).
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// // Two coins that know nothing of each other: each leaves the other's bit.
    /// let counts = JointCounts::from_labels(&[0, 0, 1, 1], &[0, 1, 0, 1])?;
    /// let distance = counts.variation_of_information(EntropyEstimator::PlugIn);
    /// assert_eq!(format!("{:.3}", distance.to_bits()), "2.000 bit");
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    pub fn variation_of_information(&self, correction: EntropyEstimator) -> Nats {
        self.entropy_of_x_given_y(correction) + self.entropy_of_y_given_x(correction)
    }

    fn entropy_within(&self, correction: EntropyEstimator, counts: &Counts) -> Nats {
        correction.entropy_within(counts, self.xy())
    }
}
