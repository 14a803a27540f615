//! What the ranks' means and correlations show: Spearman's correlation for two numbers, Kruskal and
//! Wallis's statistic for a number against a label, Pillai's trace of ranks for vectors.

use super::margin::{Margin, MarginValues};

/// Units of one in the scores, whose sums then have the same bits in any order.
const ONE: f64 = (1_u64 << 20) as f64;

pub(super) struct Linear {
    x: Scores,
    y: Scores,
}

enum Scores {
    /// Uncorrelated columns of mean 0 and sum of squares N, in units of 2⁻²⁰.
    Columns(Vec<Vec<i32>>),
    /// Classes, and their sizes.
    Classes(Vec<u32>, Vec<f64>),
}

impl Linear {
    /// None for two labels, and for constants.
    pub(super) fn new(x: &Margin, y: &Margin) -> Option<Self> {
        let (x, y) = (Scores::new(x)?, Scores::new(y)?);
        if matches!((&x, &y), (Scores::Classes(..), Scores::Classes(..))) {
            return None;
        }
        Some(Self { x, y })
    }

    pub(super) fn statistic(&self, order: &[u32], sums: &mut Vec<i64>) -> f64 {
        match (&self.x, &self.y) {
            (Scores::Columns(x), Scores::Columns(y)) => {
                let mut total = 0.0;
                for x in x {
                    for y in y {
                        let product = |(&x, &place): (&i32, &u32)| {
                            i64::from(x) * i64::from(y[place as usize])
                        };
                        let sum: i64 = x.iter().zip(order).map(product).sum();
                        total += (sum as f64).powi(2);
                    }
                }
                total
            }
            (Scores::Classes(codes, sizes), Scores::Columns(columns)) => {
                let pairs = codes.iter().zip(order).map(|(&code, &place)| (code, place));
                between_classes(pairs, sizes, columns, sums)
            }
            (Scores::Columns(columns), Scores::Classes(codes, sizes)) => {
                let pairs = (0..)
                    .zip(order)
                    .map(|(place, &other)| (codes[other as usize], place));
                between_classes(pairs, sizes, columns, sums)
            }
            (Scores::Classes(..), Scores::Classes(..)) => 0.0,
        }
    }
}

/// Σ over classes of (sum of the scores)² / size.
fn between_classes(
    pairs: impl Iterator<Item = (u32, u32)> + Clone,
    sizes: &[f64],
    columns: &[Vec<i32>],
    sums: &mut Vec<i64>,
) -> f64 {
    let mut total = 0.0;
    for column in columns {
        sums.clear();
        sums.resize(sizes.len(), 0);
        for (code, place) in pairs.clone() {
            sums[code as usize] += i64::from(column[place as usize]);
        }
        total += sums
            .iter()
            .zip(sizes)
            .map(|(&sum, size)| (sum as f64).powi(2) / size)
            .sum::<f64>();
    }
    total
}

impl Scores {
    fn new(margin: &Margin) -> Option<Self> {
        match &margin.values {
            MarginValues::Classes(codes) => {
                let classes = margin.classes();
                let mut sizes = vec![0.0; classes];
                codes.iter().for_each(|&code| sizes[code as usize] += 1.0);
                (classes > 1).then_some(Scores::Classes(codes.clone(), sizes))
            }
            MarginValues::Ranks(columns) => {
                let columns = uncorrelated(columns);
                (!columns.is_empty()).then_some(Scores::Columns(columns))
            }
        }
    }
}

/// The most columns of a vector that are looked at: a shuffle takes the products of all columns of x with
/// all of y.
const MOST_COLUMNS: usize = 32;

/// Gram and Schmidt's columns, without those that depend on others.
fn uncorrelated(columns: &[Vec<i64>]) -> Vec<Vec<i32>> {
    let mut kept: Vec<Vec<f64>> = Vec::new();
    for column in columns.iter().take(MOST_COLUMNS) {
        let n = column.len() as f64;
        let mut column: Vec<f64> = column.iter().map(|&centred| centred as f64 / n).collect();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let whole = dot(&column, &column);
        for other in &kept {
            let share = dot(&column, other) / n;
            column
                .iter_mut()
                .zip(other)
                .for_each(|(value, other)| *value -= share * other);
        }
        let left = dot(&column, &column);
        if left > 1e-9 * whole {
            let scale = (n / left).sqrt();
            kept.push(column.into_iter().map(|value| value * scale).collect());
        }
    }
    let fixed = |column: Vec<f64>| {
        column
            .into_iter()
            .map(|value| (value * ONE).round() as i32)
            .collect()
    };
    kept.into_iter().map(fixed).collect()
}
