//! Transfer entropy.

use approx::assert_abs_diff_eq;
use mutinfo::prelude::*;
use mutinfo::{Error, estimator::ConditionalEstimator};
use ndarray::{Array1, s};

/// The same numbers in the same order.
const SAME_FORMULA: f64 = 1e-12;

/// yₜ = a yₜ₋₁ + b xₜ₋ᵤ + noise, x white.
fn driven(n: usize, a: f64, b: f64, lag: usize) -> (Array1<f64>, Array1<f64>) {
    let noise = mutinfo::Sample::coupled_normals(n, 0.0, 11).unwrap();
    let mut y = noise.y;
    for t in lag.max(1)..n {
        y[t] += a * y[t - 1] + b * noise.x[t - lag];
    }
    (noise.x, y)
}

#[test]
fn a_linear_drive_transfers_what_the_closed_form_says() {
    // Given the past of y, the next y has variance 1 + b² without x and 1 with it.
    let (x, y) = driven(4000, 0.5, 0.8, 3);
    let exact = 0.5 * (1.0_f64 + 0.64).ln();
    let gaussian = TransferEntropy::new(Gaussian::default()).lag(3).unwrap();
    let ksg = TransferEntropy::new(Ksg1::new(5).unwrap()).lag(3).unwrap();
    // The standard error of a correlation from 4000 samples is 0.016.
    for (estimate, tolerance) in [
        (gaussian.estimate(&x, &y), 0.03),
        (ksg.estimate(&x, &y), 0.05),
    ] {
        assert_abs_diff_eq!(estimate.unwrap().value(), exact, epsilon = tolerance);
    }
    for other_lag in [1, 2, 4] {
        let transfer = TransferEntropy::new(Gaussian::default()).lag(other_lag);
        let estimate = transfer.unwrap().estimate(&x, &y).unwrap();
        assert_abs_diff_eq!(estimate.value(), 0.0, epsilon = 0.005);
    }
    let back = gaussian.estimate(&y, &x).unwrap();
    assert_abs_diff_eq!(back.value(), 0.0, epsilon = 0.005);
}

#[test]
fn it_is_the_conditional_information_of_shifted_series() {
    let (x, y) = driven(300, 0.3, 1.0, 1);
    let transfer = TransferEntropy::new(Ksg1::default())
        .source_history(2)
        .unwrap()
        .lag(2)
        .unwrap();
    let pasts = ndarray::stack![ndarray::Axis(1), x.slice(s![1..298]), x.slice(s![0..297])];
    let by_hand = Ksg1::default()
        .estimate_given(y.slice(s![3..]), &pasts, y.slice(s![2..299]))
        .unwrap();
    let estimate = transfer.estimate(&x, &y).unwrap();
    assert_abs_diff_eq!(estimate.value(), by_hand.value(), epsilon = SAME_FORMULA);
}

#[test]
fn a_copied_bit_is_one_bit_of_transfer() {
    // A shift register that visits every state of 10 bits but one.
    let mut state = 1_u32;
    let x: Vec<u32> = (0..1023)
        .map(|_| {
            let bit = (state ^ state >> 3) & 1;
            state = state >> 1 | bit << 9;
            state & 1
        })
        .collect();
    let y: Vec<u32> = std::iter::once(0)
        .chain(x[..1022].iter().copied())
        .collect();
    let transfer = TransferEntropy::new(Discrete::default());
    let forward = transfer.estimate(&x, &y).unwrap();
    assert_abs_diff_eq!(forward.to_bits().value(), 1.0, epsilon = 0.01);
    let back = transfer.estimate(&y, &x).unwrap();
    assert_abs_diff_eq!(back.to_bits().value(), 0.0, epsilon = 0.01);
    // Two steps later the target's own past says it all? It does not: x is white.
    let deep = transfer
        .source_history(2)
        .unwrap()
        .target_history(3)
        .unwrap();
    let forward = deep.estimate(&x, &y).unwrap();
    assert_abs_diff_eq!(forward.to_bits().value(), 1.0, epsilon = 0.05);
}

#[test]
fn histories_are_checked() {
    let transfer = TransferEntropy::new(Gaussian::default());
    assert!(matches!(
        transfer.lag(0),
        Err(Error::Parameter {
            parameter: "lag",
            ..
        })
    ));
    assert!(transfer.source_history(0).is_err());
    assert!(transfer.target_history(0).is_err());
    let series = [1.0, 2.0, 4.0, 3.0];
    let long = transfer.lag(2).unwrap().source_history(3).unwrap();
    assert_eq!(
        long.estimate(&series, &series),
        Err(Error::TooFewSamples { got: 4, needed: 5 })
    );
    let endless = transfer.lag(usize::MAX).unwrap();
    assert!(endless.estimate(&series, &series).is_err());
    assert!(matches!(
        transfer.estimate(&series, &series[1..]),
        Err(Error::LengthMismatch {
            first: "source",
            ..
        })
    ));
}
