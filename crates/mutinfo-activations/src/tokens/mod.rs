//! Token against token: what two positions of a text share, over the units of a layer.
//!
//! Here a token is the variable and a unit the sample: I(token s; token t) asks how well the
//! activation of a unit at position s tells that unit's activation at position t. Units are no
//! independent draws, and some of them are large at every token. So the numbers compare pairs of
//! tokens with each other; the pairs to compare with are those of unrelated tokens, not the 0 that
//! shuffled units give.

mod distance;

use std::collections::HashSet;
use std::fmt;

use mutinfo::{Bits, Estimator, Nats};
use ndarray::{ArrayView1, ArrayView2};

pub use self::distance::distance_test;
use crate::error::{Error, Result};

/// What two tokens share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TokenPair {
    /// The position of the first token in the text.
    pub first: usize,
    /// The position of the second, further on.
    pub second: usize,
    /// Their mutual information over the units.
    pub information: Nats,
    /// How many units were set aside as outliers of one of the two tokens.
    pub set_aside: usize,
}

impl TokenPair {
    /// How many tokens further the second stands.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::Array2;
    ///
    /// // Four tokens over 200 units: each resembles the one before.
    /// let layer = Array2::from_shape_fn((4, 200), |(token, unit)| {
    ///     (3.7 * unit as f64 + 0.5 * token as f64).sin() + 0.3 * (unit as f64 * 5.3).cos()
    /// });
    /// let pairs = TokenPairs::new(layer.view(), &[0, 1, 2, 3], &Ksg1::default(), 4.0)?;
    /// let last = pairs.pairs()[5];
    /// assert_eq!((last.first, last.second, last.distance()), (2, 3, 1));
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn distance(&self) -> usize {
        self.second - self.first
    }
}

/// All pairs of some tokens. It prints how many there are, and what was set aside.
#[derive(Debug, Clone, PartialEq)]
pub struct TokenPairs {
    pairs: Vec<TokenPair>,
    tokens: usize,
    units: usize,
    limit: f64,
}

impl TokenPairs {
    /// The mutual information of all pairs of the tokens at these positions, over the units of a
    /// layer, `(tokens, units)`. A unit whose activation is more than `limit` standard deviations
    /// from a token's mean over units is set aside for the pairs of this token (4 is usual;
    /// `f64::INFINITY` keeps all).
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::Array2;
    ///
    /// // Four tokens over 200 units: each resembles the one before.
    /// let layer = Array2::from_shape_fn((4, 200), |(token, unit)| {
    ///     (3.7 * unit as f64 + 0.5 * token as f64).sin() + 0.3 * (unit as f64 * 5.3).cos()
    /// });
    /// let pairs = TokenPairs::new(layer.view(), &[0, 1, 2, 3], &Ksg1::default(), 4.0)?;
    /// assert_eq!(
    ///     pairs.to_string(),
    ///     "6 pairs of 4 tokens over 200 units; 0.0 units a pair set aside (beyond 4 sd)"
    /// );
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    ///
    /// # Errors
    /// Fewer than two positions, one that the layer does not have or that stands twice, a limit
    /// that is not positive, and what the estimator says of a pair.
    pub fn new(
        layer: ArrayView2<'_, f64>,
        positions: &[usize],
        estimator: &dyn Estimator,
        limit: f64,
    ) -> Result<Self> {
        if limit.is_nan() || limit <= 0.0 {
            return Err(mutinfo::Error::Parameter {
                parameter: "limit",
                value: limit,
                requirement: "a number of standard deviations above 0 is needed, such as 4.0",
            }
            .into());
        }
        let mut positions = positions.to_vec();
        positions.sort_unstable();
        if positions.len() < 2 {
            let got = positions.len();
            return Err(mutinfo::Error::TooFewSamples { got, needed: 2 }.into());
        }
        if let Some(&position) = positions.iter().find(|&&p| p >= layer.nrows()) {
            return Err(Error::NoSuchToken {
                position,
                tokens: layer.nrows(),
            });
        }
        if let Some(twice) = positions.windows(2).find(|two| two[0] == two[1]) {
            return Err(Error::TokenTwice { position: twice[0] });
        }
        let outlying: Vec<Vec<bool>> = positions
            .iter()
            .map(|&position| outliers(layer.row(position), limit))
            .collect();
        let mut pairs = Vec::new();
        for (i, &first) in positions.iter().enumerate() {
            for (j, &second) in positions.iter().enumerate().skip(i + 1) {
                let kept = |token: usize| -> Vec<f64> {
                    let aside = outlying[i].iter().zip(&outlying[j]);
                    let units = layer.row(token).into_iter().zip(aside);
                    let kept = units.filter(|(_, (a, b))| !**a && !**b);
                    kept.map(|(value, _)| *value).collect()
                };
                let (x, y) = (kept(first), kept(second));
                pairs.push(TokenPair {
                    first,
                    second,
                    information: estimator.estimate_variables(&(&x).into(), &(&y).into())?,
                    set_aside: layer.ncols() - x.len(),
                });
            }
        }
        Ok(Self {
            pairs,
            tokens: positions.len(),
            units: layer.ncols(),
            limit,
        })
    }

    /// The pairs, the first token's with all others first.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::Array2;
    ///
    /// // Four tokens over 200 units: each resembles the one before.
    /// let layer = Array2::from_shape_fn((4, 200), |(token, unit)| {
    ///     (3.7 * unit as f64 + 0.5 * token as f64).sin() + 0.3 * (unit as f64 * 5.3).cos()
    /// });
    /// let pairs = TokenPairs::new(layer.view(), &[0, 1, 2, 3], &Ksg1::default(), 4.0)?;
    /// assert_eq!(pairs.pairs().len(), 6);
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn pairs(&self) -> &[TokenPair] {
        &self.pairs
    }

    /// The mutual information of each pair.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::Array2;
    ///
    /// // Four tokens over 200 units: each resembles the one before.
    /// let layer = Array2::from_shape_fn((4, 200), |(token, unit)| {
    ///     (3.7 * unit as f64 + 0.5 * token as f64).sin() + 0.3 * (unit as f64 * 5.3).cos()
    /// });
    /// let pairs = TokenPairs::new(layer.view(), &[0, 1, 2, 3], &Ksg1::default(), 4.0)?;
    /// assert_eq!(pairs.nats()[0], pairs.pairs()[0].information);
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn nats(&self) -> Vec<Nats> {
        self.pairs.iter().map(|pair| pair.information).collect()
    }

    /// The mutual information of each pair, in bits.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::Array2;
    ///
    /// // Four tokens over 200 units: each resembles the one before.
    /// let layer = Array2::from_shape_fn((4, 200), |(token, unit)| {
    ///     (3.7 * unit as f64 + 0.5 * token as f64).sin() + 0.3 * (unit as f64 * 5.3).cos()
    /// });
    /// let pairs = TokenPairs::new(layer.view(), &[0, 1, 2, 3], &Ksg1::default(), 4.0)?;
    /// assert_eq!(pairs.bits()[0], pairs.nats()[0].to_bits());
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn bits(&self) -> Vec<Bits> {
        self.nats().into_iter().map(Nats::to_bits).collect()
    }

    /// For each token the mean over its pairs, in the order of the text: one amount for each
    /// independent thing, as tests want it.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::Array2;
    ///
    /// // Four tokens over 200 units: each resembles the one before.
    /// let layer = Array2::from_shape_fn((4, 200), |(token, unit)| {
    ///     (3.7 * unit as f64 + 0.5 * token as f64).sin() + 0.3 * (unit as f64 * 5.3).cos()
    /// });
    /// let pairs = TokenPairs::new(layer.view(), &[0, 1, 2, 3], &Ksg1::default(), 4.0)?;
    /// let bits = pairs.bits(); // of the pairs (0, 1), (0, 2), (0, 3), …
    /// let of_token_0 = (bits[0] + bits[1] + bits[2]) / 3.0;
    /// assert!((pairs.bits_by_token()[0] - of_token_0).abs() < Bits(1e-12));
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn bits_by_token(&self) -> Vec<Bits> {
        let mut positions: Vec<usize> = self.pairs.iter().map(|p| p.second).collect();
        positions.push(self.pairs[0].first);
        positions.sort_unstable();
        positions.dedup();
        let mean = |token: &usize| {
            let own = self
                .pairs
                .iter()
                .filter(|p| p.first == *token || p.second == *token);
            let sum: Nats = own.map(|pair| pair.information).sum();
            (sum / (self.tokens - 1) as f64).to_bits()
        };
        positions.iter().map(mean).collect()
    }

    /// The distance of each pair, in tokens, as plain numbers for tests and figures.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::Array2;
    ///
    /// // Four tokens over 200 units: each resembles the one before.
    /// let layer = Array2::from_shape_fn((4, 200), |(token, unit)| {
    ///     (3.7 * unit as f64 + 0.5 * token as f64).sin() + 0.3 * (unit as f64 * 5.3).cos()
    /// });
    /// let pairs = TokenPairs::new(layer.view(), &[0, 1, 2, 3], &Ksg1::default(), 4.0)?;
    /// assert_eq!(pairs.distances(), [1.0, 2.0, 3.0, 1.0, 2.0, 1.0]);
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn distances(&self) -> Vec<f64> {
        self.pairs.iter().map(|p| p.distance() as f64).collect()
    }

    /// The mean over the pairs.
    ///
    /// ```
    /// use mutinfo::prelude::*;
    /// use mutinfo_activations::prelude::*;
    /// use ndarray::Array2;
    ///
    /// // Four tokens over 200 units: each resembles the one before.
    /// let layer = Array2::from_shape_fn((4, 200), |(token, unit)| {
    ///     (3.7 * unit as f64 + 0.5 * token as f64).sin() + 0.3 * (unit as f64 * 5.3).cos()
    /// });
    /// let pairs = TokenPairs::new(layer.view(), &[0, 1, 2, 3], &Ksg1::default(), 4.0)?;
    /// println!("{:.3} a pair", pairs.mean().to_bits());
    /// assert!(pairs.mean() > Nats(0.0));
    /// # Ok::<(), mutinfo_activations::Error>(())
    /// ```
    pub fn mean(&self) -> Nats {
        let total: Nats = self.pairs.iter().map(|pair| pair.information).sum();
        total / self.pairs.len() as f64
    }
}

impl fmt::Display for TokenPairs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let aside: usize = self.pairs.iter().map(|pair| pair.set_aside).sum();
        write!(
            f,
            "{} pairs of {} tokens over {} units; {:.1} units a pair set aside (beyond {} sd)",
            self.pairs.len(),
            self.tokens,
            self.units,
            aside as f64 / self.pairs.len() as f64,
            self.limit
        )
    }
}

/// Where each token of a text occurs first, by its id, in the order of the text. The same token at
/// many places is one thing seen many times: what two units share because of it is no evidence
/// about other tokens.
///
/// ```
/// use mutinfo_activations::tokens::first_of_each;
///
/// assert_eq!(first_of_each(&[7, 3, 7, 9, 3]), [0, 1, 3]);
/// ```
pub fn first_of_each(token_ids: &[i64]) -> Vec<usize> {
    let mut seen = HashSet::new();
    let places = token_ids.iter().enumerate();
    places
        .filter(|(_, id)| seen.insert(**id))
        .map(|(place, _)| place)
        .collect()
}

/// Which values are further than `limit` standard deviations from the mean.
fn outliers(values: ArrayView1<'_, f64>, limit: f64) -> Vec<bool> {
    let n = values.len() as f64;
    let mean = values.sum() / n;
    let sd = values.std(0.0);
    values
        .iter()
        .map(|value| (value - mean).abs() > limit * sd)
        .collect()
}

#[cfg(test)]
mod tests {
    use mutinfo::Ksg1;
    use ndarray::Array2;

    use super::*;

    /// Six tokens over 200 units: token t is a mixture that drifts away from token 0.
    fn drifting() -> Array2<f64> {
        Array2::from_shape_fn((6, 200), |(token, unit)| {
            let (t, u) = (token as f64, unit as f64);
            (1.0 - t / 6.0) * (3.7 * u).sin() + t / 3.0 * (5.3 * u * u + t).cos()
        })
    }

    #[test]
    fn each_pair_is_the_estimate_of_its_two_rows() {
        let layer = drifting();
        let pairs = TokenPairs::new(layer.view(), &[4, 0, 2], &Ksg1::default(), 4.0).unwrap();
        let places: Vec<_> = pairs.pairs().iter().map(|p| (p.first, p.second)).collect();
        assert_eq!(places, [(0, 2), (0, 4), (2, 4)]);
        let (x, y) = (layer.row(0).to_vec(), layer.row(4).to_vec());
        let expected = Ksg1::default().estimate(&x, &y).unwrap();
        assert_eq!(pairs.pairs()[1].information, expected);
        assert_eq!(pairs.pairs()[1].set_aside, 0);
        assert_eq!(pairs.distances(), [2.0, 4.0, 2.0]);
        let bits = pairs.bits();
        let by_token = [bits[0] + bits[1], bits[0] + bits[2], bits[1] + bits[2]].map(|b| b / 2.0);
        let difference = pairs
            .bits_by_token()
            .into_iter()
            .zip(by_token)
            .map(|(a, b)| (a - b).abs());
        assert!(difference.sum::<Bits>() < Bits(1e-12));
    }

    #[test]
    fn a_unit_beyond_the_limit_is_set_aside_for_both_tokens_and_said_so() {
        let mut layer = drifting();
        layer[[0, 17]] = 50.0;
        layer[[2, 30]] = -50.0;
        let pairs = TokenPairs::new(layer.view(), &[0, 2, 3], &Ksg1::default(), 4.0).unwrap();
        let aside: Vec<_> = pairs.pairs().iter().map(|p| p.set_aside).collect();
        assert_eq!(aside, [2, 1, 1]);
        let without = |row: usize| -> Vec<f64> {
            let row = layer.row(row);
            let kept = (0..200).filter(|unit| ![17, 30].contains(unit));
            kept.map(|unit| row[unit]).collect()
        };
        let expected = Ksg1::default().estimate(&without(0), &without(2)).unwrap();
        assert_eq!(pairs.pairs()[0].information, expected);
        assert_eq!(
            pairs.to_string(),
            "3 pairs of 3 tokens over 200 units; 1.3 units a pair set aside (beyond 4 sd)"
        );
        let all = TokenPairs::new(layer.view(), &[0, 2], &Ksg1::default(), f64::INFINITY).unwrap();
        assert_eq!(all.pairs()[0].set_aside, 0);
    }

    #[test]
    fn positions_are_checked() {
        let layer = drifting();
        let new = |positions: &[usize], limit| {
            TokenPairs::new(layer.view(), positions, &Ksg1::default(), limit).unwrap_err()
        };
        assert_eq!(
            new(&[0, 6], 4.0),
            Error::NoSuchToken {
                position: 6,
                tokens: 6
            }
        );
        assert_eq!(new(&[1, 1], 4.0), Error::TokenTwice { position: 1 });
        assert!(matches!(new(&[1], 4.0), Error::Mutinfo(_)));
        assert!(matches!(new(&[0, 1], 0.0), Error::Mutinfo(_)));
        assert!(matches!(new(&[0, 1], f64::NAN), Error::Mutinfo(_)));
    }
}
