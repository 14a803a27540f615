//! Two columns that a student made: as labels, and what they share.

use mutinfo::{Bits, EntropyEstimator, JointCounts, Labels, Variable};

use crate::judge::{COMPUTED, Judgement, close, worked, wrong};

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

/// I(X; Y), H(X) and H(Y) of labels that come in pairs, counted: nothing is kept for pairs of
/// classes that do not occur.
pub fn information(x: &Labels, y: &Labels) -> Judgement<(Bits, Bits, Bits)> {
    let counts = worked(JointCounts::from_labels(x, y))?;
    let plug_in = EntropyEstimator::PlugIn;
    Ok((
        counts.mutual_information(plug_in).to_bits(),
        counts.x().entropy(plug_in).to_bits(),
        counts.y().entropy(plug_in).to_bits(),
    ))
}

/// Judges labels that should come in pairs and share exactly 1 bit, and gives H(X) and H(Y).
/// `too_much` is what to say where they share more.
pub fn one_bit(x: &Labels, y: &Labels, too_much: &str) -> Judgement<(Bits, Bits)> {
    if x.len() != y.len() {
        return wrong(format!(
            "x has {} values and y has {}: they must come in pairs.",
            x.len(),
            y.len()
        ));
    }
    let (mi, hx, hy) = information(x, y)?;
    if close(mi.value(), 1.0, COMPUTED) {
        return Ok((hx, hy));
    }
    wrong(format!(
        "H(x) = {hx:.3} and H(y) = {hy:.3}, and they share {mi:.3}. {}",
        if hx.value() < 1.0 - COMPUTED || hy.value() < 1.0 - COMPUTED {
            "Two variables cannot share more than the smaller of their entropies."
        } else if mi.value() < 1.0 {
            "How well can you guess y once you know x?"
        } else {
            too_much
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Objection;

    #[test]
    fn many_distinct_numbers_need_no_table_of_all_pairs() {
        // a table of these would take 32 GB
        let x: Vec<f64> = (0..65_536).map(|i| f64::from(i).sqrt()).collect();
        let y: Vec<f64> = x.iter().rev().copied().collect();
        let (mi, hx, hy) = information(&labels_of(&x), &labels_of(&y)).unwrap();
        for bits in [mi, hx, hy] {
            assert!((bits - Bits(16.0)).abs() < Bits(1e-9), "{bits}");
        }
        let Err(Objection::Wrong(message)) = one_bit(&labels_of(&x), &labels_of(&y), "Too much.")
        else {
            panic!("16 bits are not 1");
        };
        assert!(
            message.ends_with("share 16.000 bit. Too much."),
            "{message}"
        );
    }

    #[test]
    fn a_coin_and_itself_share_one_bit() {
        let coin = labels_of(&[0.0, 1.0, -0.0, 1.0]);
        assert_eq!(coin.classes(), 2);
        assert_eq!(one_bit(&coin, &coin, ""), Ok((Bits(1.0), Bits(1.0))));
        assert!(one_bit(&coin, &labels_of(&[0.0]), "").is_err());
    }
}
