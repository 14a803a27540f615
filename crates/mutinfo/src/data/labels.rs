//! [`Labels`]: the class of each sample.

use crate::data::check::check_lengths;
use crate::error::Result;

/// Class labels, as codes: sample i is of class `codes()[i]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    codes: Vec<u32>,
    classes: usize,
}

impl Labels {
    /// Numbers the distinct values in increasing order.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let labels = Labels::new(&["sun", "rain", "sun"]);
    /// assert_eq!(labels.codes(), [1, 0, 1]);
    /// ```
    pub fn new<T: Ord>(values: &[T]) -> Self {
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[a].cmp(&values[b]));
        let mut codes = vec![0; values.len()];
        let mut classes = 0;
        for (position, &row) in order.iter().enumerate() {
            if position == 0 || values[order[position - 1]] != values[row] {
                classes += 1;
            }
            codes[row] = classes - 1;
        }
        Self {
            codes,
            classes: classes as usize,
        }
    }

    /// The pair (x, y) as one variable: two samples are of one class where both agree.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// let (x, y) = (Labels::new(&[0, 0, 1, 1]), Labels::new(&["a", "b", "b", "b"]));
    /// assert_eq!(x.joint(&y)?.codes(), [0, 1, 2, 2]);
    /// # Ok::<(), mutinfo::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::LengthMismatch`](crate::Error::LengthMismatch).
    pub fn joint(&self, other: &Self) -> Result<Self> {
        check_lengths("self", self.len(), "other", other.len())?;
        Ok(Self::new(&self.pairs(other)))
    }

    /// A number for each sample that is the same where both classes are.
    pub(crate) fn pairs(&self, other: &Self) -> Vec<u64> {
        let codes = self.codes.iter().zip(&other.codes);
        codes
            .map(|(&a, &b)| u64::from(a) << 32 | u64::from(b))
            .collect()
    }

    /// Codes below `classes`, not all of which need occur.
    pub(crate) fn from_codes(codes: Vec<u32>, classes: usize) -> Self {
        Self { codes, classes }
    }

    /// The same samples in another order: sample i is what was `order[i]`.
    pub(crate) fn in_order(&self, order: &[u32]) -> Self {
        Self {
            codes: order.iter().map(|&row| self.codes[row as usize]).collect(),
            classes: self.classes,
        }
    }

    /// The class of each sample, from 0.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(Labels::new(&[30, 10, 30, 20]).codes(), [2, 0, 2, 1]);
    /// ```
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The number of classes that occur.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(Labels::new(&[30, 10, 30, 20]).classes(), 3);
    /// ```
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The number of samples.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert_eq!(Labels::new(&[30, 10, 30, 20]).len(), 4);
    /// ```
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no sample.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    ///
    /// assert!(Labels::new::<bool>(&[]).is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn labels_are_numbered_in_increasing_order() {
        let labels = Labels::new(&["b", "a", "c", "a"]);
        assert_eq!(labels.codes(), [1, 0, 2, 0]);
        assert_eq!(labels.classes(), 3);
        assert_eq!(Labels::new(&[i64::MAX, i64::MIN]).codes(), [1, 0]);
        assert!(Labels::new::<u8>(&[]).is_empty());
    }

    #[test]
    fn a_pair_is_a_class_of_its_own() {
        let pair = Labels::new(&[0, 0, 1, 1])
            .joint(&Labels::new(&["a", "b", "a", "b"]))
            .unwrap();
        assert_eq!(pair.classes(), 4);
        let twice = Labels::new(&[5, 5, 7])
            .joint(&Labels::new(&[5, 5, 7]))
            .unwrap();
        assert_eq!(twice, Labels::new(&[5, 5, 7]));
        let error = Labels::new(&[1, 2]).joint(&Labels::new(&[1])).unwrap_err();
        assert!(matches!(error, Error::LengthMismatch { second_len: 1, .. }));
    }
}
