//! Distributions of labels: their information by closed forms and sums over classes.

use crate::compute::quadrature::plogp;

/// p ln(p / q): what a cell of chance p adds to the information, 0 where there is no chance that
/// could be told from 0 after it was multiplied by another.
pub(super) fn term(p: f64, q: f64) -> f64 {
    if p > 1e-200 { p * (p / q).ln() } else { 0.0 }
}

/// The entropy of one event of chance p.
pub(super) fn binary_entropy(p: f64) -> f64 {
    plogp(p) + plogp(1.0 - p)
}

/// The information of a table of two events: both, x alone, y alone; else neither.
pub(super) fn events_information(both: f64, x_alone: f64, y_alone: f64) -> f64 {
    let neither = (1.0 - both - x_alone - y_alone).max(0.0);
    let (x, y) = (both + x_alone, both + y_alone);
    let (not_x, not_y) = (y_alone + neither, x_alone + neither);
    term(both, x * y)
        + term(x_alone, x * not_y)
        + term(y_alone, not_x * y)
        + term(neither, not_x * not_y)
}

/// With R ≤ C, each class of y is as likely as another, and agrees with one class of x, which so
/// many of y agree with.
pub(super) fn potts_information(rows: usize, columns: usize, strength: f64) -> f64 {
    let (few, many) = (rows.min(columns) as f64, rows.max(columns) as f64);
    // A cell's chance is 1 or 1 + s times this, written so that a large s does not overflow.
    let whole = few + strength;
    let cell = 1.0 / many / whole;
    let agreeing = cell + strength / whole / many;
    let repeats = (many / few).floor();
    let more = many - repeats * few;
    let information = |classes: f64, partners: f64| {
        let chance = partners * agreeing + (many - partners) * cell;
        let product = chance / many;
        classes * (partners * term(agreeing, product) + (many - partners) * term(cell, product))
    };
    information(more, repeats + 1.0) + information(few - more, repeats)
}

/// Σᵢⱼ over wᵢ (keep [i = j] + (1 − keep) wⱼ), wᵢ ∝ 1 / i.
pub(super) fn zipf_information(classes: usize, keep: f64) -> f64 {
    let sum: f64 = (1..=classes).rev().map(|rank| 1.0 / rank as f64).sum();
    let afresh = 1.0 - keep;
    let (mut squares, mut information) = (0.0, 0.0);
    for rank in (1..=classes).rev() {
        let weight = 1.0 / (rank as f64 * sum);
        squares += weight * weight;
        information += weight * term(keep + afresh * weight, weight);
    }
    information - (1.0 - squares) * plogp(afresh)
}

/// H of the values that the classes have, with these weights.
pub(super) fn value_entropy(values: &[f64], weights: &[f64]) -> f64 {
    let total: f64 = weights.iter().sum();
    let mut pairs: Vec<(f64, f64)> = values
        .iter()
        .copied()
        .zip(weights.iter().copied())
        .collect();
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    // 0 and −0 are one value.
    let groups = pairs.chunk_by(|a, b| a.0 == b.0);
    groups
        .map(|group| plogp(group.iter().map(|pair| pair.1).sum::<f64>() / total))
        .sum()
}

/// Weights of classes that add up to 1.
pub(super) fn chances(weights: &[f64]) -> Vec<f64> {
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}
