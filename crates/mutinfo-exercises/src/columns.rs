//! Two columns that a student made: as labels, and what they share.

use mutinfo::{Bits, ContingencyTable, Labels, Variable};
use ndarray::Array2;

use crate::judge::{Judgement, worked, wrong};

/// Any variable as labels: equal values are one class.
pub fn labels(variable: Variable<'_>) -> Judgement<Labels> {
    match variable {
        Variable::Discrete(labels) => Ok(labels),
        Variable::Continuous(values) if values.ncols() == 1 => {
            Ok(labels_of(&values.iter().copied().collect::<Vec<_>>()))
        }
        Variable::Continuous(_) => wrong("Use one column of values for each variable."),
    }
}

/// Numbers as labels: equal ones, 0 and −0 among them, are one class.
pub fn labels_of(values: &[f64]) -> Labels {
    let codes: Vec<u64> = values
        .iter()
        .map(|&value| (value + 0.0).to_bits())
        .collect();
    Labels::new(&codes)
}

/// I(X; Y), H(X) and H(Y) of labels that come in pairs.
pub fn information(x: &Labels, y: &Labels) -> Judgement<(Bits, Bits, Bits)> {
    let mut counts = Array2::zeros((x.classes(), y.classes()));
    for (&x, &y) in x.codes().iter().zip(y.codes()) {
        counts[[x as usize, y as usize]] += 1;
    }
    let joint = worked(ContingencyTable::new(counts))?.proportions();
    Ok((
        joint.mutual_information().to_bits(),
        joint.marginal_x().entropy().to_bits(),
        joint.marginal_y().entropy().to_bits(),
    ))
}

/// Pearson's correlation, 0 where one of them is constant.
pub fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mx, my) = (mean(x), mean(y));
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        x.iter().zip(y).map(|(x, y)| f(x - mx, y - my)).sum()
    };
    let spread = (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    if spread == 0.0 {
        0.0
    } else {
        sum(&|x, y| x * y) / spread
    }
}
