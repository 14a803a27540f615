//! Laws with atoms and laws of labels, whose information is known.

use mutinfo::truth::{Distribution, Transform};

/// The open laws: constants were set with some of them in sight.
pub fn open() -> Vec<Distribution> {
    vec![
        censored(0.0, f64::INFINITY, 0.0),
        censored(0.0, f64::INFINITY, 0.5),
        censored(0.0, f64::INFINITY, 0.9),
        censored(-1.0, 1.0, 0.6),
        censored(1.5, f64::INFINITY, 0.8),
        relu_label(&[0.0, 0.0], &[1.0, 1.0]),
        relu_label(&[-1.0, 1.0], &[1.0, 1.0]),
        relu_label(&[-2.0, -1.0, 0.5], &[5.0, 3.0, 1.0]),
        rounded(0.6, 1.0),
        rounded(0.6, 0.1),
        rounded(0.9, 0.5),
        rounded(0.0, 0.5),
        likert(0.5),
        likert(0.0),
        as_labels(likert(0.5)),
        as_labels(likert(0.0)),
        poisson(1.0, 1.0, 1.0),
        poisson(5.0, 5.0, 15.0),
        poisson(0.2, 0.2, 0.1),
        gate(0.02, 0.0),
        gate(0.02, 0.1),
        gate(0.3, 0.2),
        gated_pair(0.01, 0.01),
        gated_pair(0.0001, 0.0099),
        potts(20, 20, 0.0),
        potts(20, 20, 5.0),
        potts(3, 40, 2.0),
        zipf(200, 0.0),
        zipf(200, 0.5),
        zipf(1000, 0.2),
    ]
}

/// Other laws, and other parameters of the same.
pub fn others() -> Vec<Distribution> {
    vec![
        censored(0.5, f64::INFINITY, 0.7),
        censored(-0.3, 0.8, -0.9),
        zero_inflated(0.4, 0.7),
        dropout(0.3, 0.8),
        dropout(0.8, 0.5),
        rounded(0.3, 2.0),
        rounded(0.8, 0.2),
        rounded(-0.5, 0.7),
        rounded(0.97, 0.3),
        rounded(0.0, 0.1),
        poisson(0.5, 2.0, 1.0),
        poisson(3.0, 3.0, 3.0),
        poisson(0.05, 0.05, 0.05),
        gated_pair(0.1, 0.1),
        gated_pair(0.3, 0.05),
        gate(0.1, 0.05),
        gate(0.5, 0.5),
        relu_label(&[0.0, 0.5, 1.0, 1.5], &[1.0, 1.0, 1.0, 1.0]),
        normal_label(&[-1.0, 1.0]),
        normal_label(&[0.0; 40]),
        normal_label(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
        poisson_label(&[1.0, 3.0, 9.0]),
        Distribution::ValueOfLabel {
            values: (0..12).map(f64::from).collect(),
            weights: vec![1.0; 12],
        },
        rounded(0.8, 0.5).transformed(Transform::Identity, Transform::Labels),
        potts(2, 2, 1.0),
        potts(10, 10, 20.0),
        potts(50, 50, 0.0),
        potts(5, 100, 5.0),
        zipf(60, 0.8),
        zipf(20, 0.3),
        zipf(1000, 0.0),
        zipf(2000, 0.5),
    ]
}

/// Vectors whose units are 0 much of the time, with each other and with labels.
pub fn vectors() -> Vec<Distribution> {
    let infinity = f64::INFINITY;
    let noise = |dx| Distribution::Uniform { dx, dy: 0 };
    let blocks = Distribution::Blocks;
    vec![
        blocks(vec![
            censored(0.0, infinity, 0.7),
            censored(0.0, infinity, 0.3),
        ]),
        blocks(vec![
            censored(1.0, infinity, 0.9),
            censored(1.0, infinity, 0.0),
        ]),
        blocks(vec![gated_pair(0.1, 0.1), gated_pair(0.1, 0.1)]),
        blocks(vec![relu_label(&[-1.0, 1.0], &[1.0, 1.0]), noise(1)]),
        blocks(vec![gate(0.3, 0.2), noise(2)]),
    ]
}

/// More of the same, of so weak a dependence that it is not found in every sample.
pub fn weak() -> Vec<Distribution> {
    vec![
        censored(0.0, f64::INFINITY, 0.4),
        censored(-1.0, 1.0, 0.35),
        relu_label(&[-0.5, 0.2], &[1.0, 1.0]),
        normal_label(&[0.0, 0.65]),
        normal_label(&[0.0; 20]),
        rounded(0.35, 1.0),
        rounded(0.35, 0.1),
        likert(0.35),
        poisson(1.0, 1.0, 0.5),
        gated_pair(0.03, 0.01),
        zero_inflated(0.9, 0.0),
        dropout(0.5, 0.6),
        poisson_label(&[1.0, 1.5, 2.0]),
        potts(20, 20, 3.0),
        potts(3, 40, 0.0),
        potts(3, 40, 1.0),
        zipf(200, 0.1),
        zipf(1000, 0.1),
    ]
}

pub fn censored(low: f64, high: f64, correlation: f64) -> Distribution {
    Distribution::Censored {
        low,
        high,
        correlation,
    }
}

pub fn relu_label(means: &[f64], weights: &[f64]) -> Distribution {
    Distribution::ReluLabel {
        means: means.to_vec(),
        weights: weights.to_vec(),
    }
}

pub fn rounded(correlation: f64, step: f64) -> Distribution {
    Distribution::Rounded { correlation, step }
}

pub fn poisson(a: f64, b: f64, c: f64) -> Distribution {
    Distribution::SharedPoisson { a, b, c }
}

pub fn gate(active: f64, flip: f64) -> Distribution {
    Distribution::Gate { active, flip }
}

pub fn gated_pair(together: f64, alone: f64) -> Distribution {
    Distribution::GatedPair { together, alone }
}

pub fn potts(rows: usize, columns: usize, strength: f64) -> Distribution {
    Distribution::Potts {
        rows,
        columns,
        strength,
    }
}

pub fn zipf(classes: usize, keep: f64) -> Distribution {
    Distribution::Zipf { classes, keep }
}

/// Equal weights.
pub fn normal_label(means: &[f64]) -> Distribution {
    Distribution::NormalLabel {
        means: means.to_vec(),
        weights: vec![1.0; means.len()],
    }
}

/// Equal weights.
pub fn poisson_label(means: &[f64]) -> Distribution {
    Distribution::PoissonLabel {
        means: means.to_vec(),
        weights: vec![1.0; means.len()],
    }
}

/// A scale of five steps.
pub fn likert(correlation: f64) -> Distribution {
    Distribution::Likert {
        correlation,
        cuts: vec![-1.5, -0.5, 0.5, 1.5],
    }
}

pub fn zero_inflated(zeros: f64, correlation: f64) -> Distribution {
    Distribution::ZeroInflated { zeros, correlation }
}

pub fn dropout(zeros: f64, correlation: f64) -> Distribution {
    Distribution::Dropout { zeros, correlation }
}

/// The classes of numbers of countably many values.
pub fn as_labels(law: Distribution) -> Distribution {
    law.transformed(Transform::Labels, Transform::Labels)
}
