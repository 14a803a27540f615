//! [`distance_test`]: whether what two tokens share depends on how far apart they stand.

use mutinfo::ndarray_rand::rand::SeedableRng;
use mutinfo::ndarray_rand::rand::rngs::StdRng;
use mutinfo::ndarray_rand::rand::seq::SliceRandom;

use super::TokenPairs;
use crate::amounts::Amounts;
use crate::error::Result;
use crate::statistics::kendall::kendall_tau;
use crate::statistics::test_result::TestResult;

/// Does the information of token pairs fall or rise with their distance? Kendall's τ, with a
/// p-value by permutation (Mantel 1967): the tokens exchange their positions, all pairs of a token
/// at once. m tokens make m (m − 1) / 2 pairs, but only m independent things: a p-value that takes
/// the pairs for independent can be far too small.
///
/// p = (1 + #{|τ*| ≥ |τ|}) / (1 + permutations). The same seed gives the same p-value.
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
/// let test = distance_test(&pairs, 99, 1)?;
/// assert!(test.statistic < 0.0); // the further apart, the less they share
/// # Ok::<(), mutinfo_activations::Error>(())
/// ```
///
/// # Errors
/// No permutation, fewer than three pairs, or all distances or all amounts equal.
pub fn distance_test(pairs: &TokenPairs, permutations: usize, seed: u64) -> Result<TestResult> {
    if permutations == 0 {
        return Err(mutinfo::Error::Parameter {
            parameter: "permutations",
            value: 0.0,
            requirement: "at least 1 is needed; 999 is usual",
        }
        .into());
    }
    let nats = pairs.nats().values();
    let tau = kendall_tau(&pairs.distances(), &nats)?.statistic;
    let mut positions: Vec<usize> = pairs
        .pairs
        .iter()
        .take(pairs.tokens - 1)
        .map(|p| p.second)
        .collect();
    positions.insert(0, pairs.pairs[0].first);
    let mut rng = StdRng::seed_from_u64(seed);
    let mut as_far = 0;
    for _ in 0..permutations {
        positions.shuffle(&mut rng);
        let mut distances = Vec::with_capacity(nats.len());
        for (i, first) in positions.iter().enumerate() {
            let others = positions[i + 1..].iter();
            distances.extend(others.map(|second| first.abs_diff(*second) as f64));
        }
        // 1e-12: a permutation that makes the same order must count in spite of rounding
        if kendall_tau(&distances, &nats)?.statistic.abs() >= tau.abs() - 1e-12 {
            as_far += 1;
        }
    }
    Ok(TestResult {
        symbol: 'τ',
        statistic: tau,
        p_value: (1 + as_far) as f64 / (1 + permutations) as f64,
    })
}

#[cfg(test)]
mod tests {
    use mutinfo::Nats;

    use super::*;
    use crate::tokens::TokenPair;

    /// Pairs of m tokens whose information is a function of the two positions.
    fn pairs_of(positions: &[usize], information: impl Fn(usize, usize) -> f64) -> TokenPairs {
        let mut pairs = Vec::new();
        for (i, &first) in positions.iter().enumerate() {
            for &second in &positions[i + 1..] {
                pairs.push(TokenPair {
                    first,
                    second,
                    information: Nats(information(first, second)),
                    set_aside: 0,
                });
            }
        }
        TokenPairs {
            pairs,
            tokens: positions.len(),
            units: 1,
            limit: 4.0,
        }
    }

    #[test]
    fn information_that_falls_with_distance_is_found() {
        let positions = [1, 12, 69, 94, 130, 145, 175, 204, 211];
        let falling = pairs_of(&positions, |first, second| 1.0 / (second - first) as f64);
        let test = distance_test(&falling, 999, 1).unwrap();
        assert!((test.statistic + 1.0).abs() < 1e-12);
        assert!(test.p_value < 0.005, "{test}");
        assert_eq!(distance_test(&falling, 999, 1).unwrap(), test);
        assert!(distance_test(&falling, 0, 1).is_err());
    }

    #[test]
    fn one_in_twenty_false_alarms_where_tokens_differ_and_distance_does_not_matter() {
        // Each token makes all its pairs high or low, and one stands far off. Taken for
        // independent, its pairs look like evidence about distance far too often.
        use mutinfo::ndarray_rand::rand::Rng;
        let positions = [0, 1, 2, 3, 4, 5, 6, 60];
        let (mut honest, mut naive) = (0, 0);
        let mut rng = StdRng::seed_from_u64(7);
        for _ in 0..400 {
            let level: Vec<f64> = (0..61).map(|_| rng.random()).collect();
            let pairs = pairs_of(&positions, |first, second| level[first] + level[second]);
            let p_value = |test: Result<TestResult>| test.unwrap().p_value;
            honest += u32::from(p_value(distance_test(&pairs, 99, 1)) <= 0.05);
            naive +=
                u32::from(p_value(kendall_tau(&pairs.distances(), &pairs.nats().values())) <= 0.05);
        }
        // 20 expected, standard deviation 4.4
        assert!((8..=33).contains(&honest), "{honest} of 400");
        assert!(naive > 50, "{naive} of 400");
    }
}
