//! Is it more than chance? Tests of independence, and the adjustment for many of them.
//!
//! - [`PermutationTest`]: any estimator, no assumption but that samples are exchangeable.
//! - [`g_test`]: labels, by the χ² law of the plug-in information.
//! - [`gaussian_test`]: numbers that are jointly normal, by Wilks's Λ.
//! - [`largest_by_chance`]: the best of many variables against a label.
//! - [`benjamini_hochberg`]: p-values of many pairs.
//!
//! A p-value is the chance of an estimate at least as large, if X and Y were independent. It
//! does not say how strong the dependence is: that is what the estimate and its interval are for.
//!
//! # How often they reject independence where it holds
//!
//! `cargo run --release --example type_one_error` repeats the experiment:
//!
#![doc = include_str!("type_one_error.md")]

pub mod false_discovery_rate;
pub mod independence;
pub mod interval;
mod largest_by_chance;
pub mod measure;
pub mod parametric;
pub mod permutation;
pub mod surrogate;

pub use false_discovery_rate::benjamini_hochberg;
pub use independence::{IndependenceResult, IndependenceTest};
pub use largest_by_chance::largest_by_chance;
pub use parametric::{g_test, gaussian_test};
pub use permutation::PermutationTest;
pub use surrogate::Surrogate;

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use ndarray::{Array1, Array2, array};

    use statrs::distribution::ContinuousCDF;

    use super::*;
    use crate::counting::discrete::Discrete;
    use crate::error::Error;
    use crate::neighbours::ksg1::Ksg1;
    use crate::truth::Distribution;

    fn uniform_enough(mut p_values: Vec<f64>) -> bool {
        // Kolmogorov's distance from the uniform law, at a chance of 1 in 1000.
        p_values.sort_by(f64::total_cmp);
        let n = p_values.len() as f64;
        let distance = p_values
            .iter()
            .enumerate()
            .map(|(i, p)| (p - (i as f64 + 0.5) / n).abs())
            .fold(0.0, f64::max);
        distance < 1.95 / n.sqrt()
    }

    #[test]
    fn p_values_are_uniform_under_independence() {
        let family = Distribution::Uniform { dx: 1, dy: 1 };
        let test = PermutationTest::new(39, 5).unwrap();
        let (mut permuted, mut gaussian) = (Vec::new(), Vec::new());
        for seed in 0..300 {
            let data = family.sample(40, seed).unwrap();
            let result = test.run(&Ksg1::default(), &data.x, &data.y).unwrap();
            permuted.push(result.p_value);
            gaussian.push(gaussian_test(&data.x, &data.y).unwrap().p_value);
        }
        let rejected = permuted.iter().filter(|&&p| p <= 0.05).count();
        // Binomial(300, 0.05): 15 expected, sd 3.8.
        assert!((3..=27).contains(&rejected), "{rejected}");
        assert!(uniform_enough(permuted));
        assert!(uniform_enough(gaussian));
    }

    #[test]
    fn the_g_test_is_about_uniform_under_independence() {
        let p_values = (0..300)
            .map(|seed| {
                let data = Distribution::Uniform { dx: 1, dy: 1 }
                    .sample(200, seed)
                    .unwrap()
                    .numbers()
                    .unwrap();
                let cut = |values: &Array2<f64>, classes: f64| -> Array1<u8> {
                    values.column(0).mapv(|v| (v * classes) as u8)
                };
                let (x, y) = (cut(&data.x, 3.0), cut(&data.y, 4.0));
                g_test(&x, &y).unwrap().p_value
            })
            .collect();
        assert!(uniform_enough(p_values));
    }

    #[test]
    fn dependence_is_found() {
        let data = Distribution::Circle(0.3).sample(300, 1).unwrap();
        let test = PermutationTest::new(99, 1).unwrap();
        let result = test.run(&Ksg1::default(), &data.x, &data.y).unwrap();
        assert_eq!(result.p_value, 0.01);
        assert_eq!(result.null_distribution.len(), 99);
        // There is no linear dependence to be found.
        assert!(gaussian_test(&data.x, &data.y).unwrap().p_value > 0.01);
    }

    #[test]
    fn the_same_seed_shuffles_the_same_way_on_any_number_of_threads() {
        let data = Distribution::normal(0.2).sample(60, 1).unwrap();
        let of = |threads, seed| {
            let test = PermutationTest::new(20, seed).unwrap();
            crate::with_threads(threads, || {
                test.run(&Ksg1::default(), &data.x, &data.y).unwrap()
            })
        };
        assert_eq!(of(1, 3), of(2, 3));
        assert_ne!(of(1, 3).null_distribution, of(1, 4).null_distribution);
    }

    #[test]
    fn ties_with_the_null_count_against_a_discovery() {
        let x = [0, 1, 0, 1];
        let y = [0, 1, 0, 1];
        let test = PermutationTest::new(500, 1).unwrap();
        let p = test.run(&Discrete::default(), &x, &y).unwrap().p_value;
        // 8 of the 24 orders of x are y or its opposite.
        assert!((p - 1.0 / 3.0).abs() < 0.07, "{p}");
    }

    #[test]
    fn the_gaussian_test_of_two_scalars_is_pearsons() {
        // scipy.stats.pearsonr: r = 0.8236..., p = 0.04409...
        let x: Array1<f64> = array![1.0, 2.0, 3.0, 4.0, 5.0, 7.0];
        let y = array![1.1, 3.2, 1.9, 5.0, 3.5, 6.5];
        let test = gaussian_test(&x, &y).unwrap();
        let r = (1.0 - (-2.0 * test.observed.value()).exp()).sqrt();
        let (dx, dy) = (&x - x.mean().unwrap(), &y - y.mean().unwrap());
        let pearson = dx.dot(&dy) / (dx.dot(&dx) * dy.dot(&dy)).sqrt();
        assert!((r - pearson).abs() < 1e-12);
        let t = pearson * (4.0 / (1.0 - pearson * pearson)).sqrt();
        assert!((test.statistic - t * t).abs() < 1e-9);
        let law = statrs::distribution::StudentsT::new(0.0, 1.0, 4.0).unwrap();
        assert!((test.p_value - 2.0 * law.sf(t)).abs() < 1e-9);
    }

    #[test]
    fn units_do_not_matter_however_small_or_large() {
        let x = array![0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0];
        let y = Array1::from_iter((0..7).map(f64::from));
        for unit in [1.0, 1e160, 1e-170, 1e-300] {
            let p = gaussian_test(&(&x * unit), &(&y * unit)).unwrap().p_value;
            assert!((p - 0.01172).abs() < 5e-6, "{p}");
        }
        let constant = gaussian_test(&Array1::from_elem(7, 2.0), &y).unwrap();
        assert_eq!((constant.observed.value(), constant.p_value), (0.0, 1.0));
    }

    #[test]
    fn raos_f_is_uniform_for_vectors() {
        let family = Distribution::Normal(vec![0.0; 3]);
        let p_values = (0..300)
            .map(|seed| {
                let data = family.sample(25, seed).unwrap();
                gaussian_test(&data.x, &data.y).unwrap().p_value
            })
            .collect();
        assert!(uniform_enough(p_values));
    }

    #[test]
    fn adjusted_p_values_are_those_of_scipy() {
        // scipy.stats.false_discovery_control(..., method="bh"), by hand: m p / rank, then minima
        // from the largest down.
        let adjusted =
            benjamini_hochberg(&[0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205]).unwrap();
        let expected = [
            0.008,
            0.032,
            0.0672,
            0.0672,
            0.0672,
            0.08,
            0.592 / 7.0,
            0.205,
        ];
        for (got, want) in adjusted.iter().zip(expected) {
            assert!((got - want).abs() < 1e-12, "{got} {want}");
        }
        // As scipy returns them, ties and a 1 among them, in the order they came.
        let adjusted =
            benjamini_hochberg(&[0.001, 0.8, 0.04, 0.03, 0.04, 0.0001, 1.0, 0.2]).unwrap();
        let expected = [
            0.004,
            0.9142857142857143,
            0.064,
            0.064,
            0.064,
            0.0008,
            1.0,
            0.26666666666666666,
        ];
        for (got, want) in adjusted.iter().zip(expected) {
            assert!((got - want).abs() < 1e-12, "{got} {want}");
        }
        assert_eq!(benjamini_hochberg(&[]), Ok(vec![]));
    }

    #[test]
    fn bad_input_is_named() {
        assert!(matches!(
            PermutationTest::new(0, 1),
            Err(Error::Parameter {
                parameter: "permutations",
                ..
            })
        ));
        assert!(benjamini_hochberg(&[0.5, f64::NAN]).is_err());
        assert!(benjamini_hochberg(&[1.5]).is_err());
        assert!(benjamini_hochberg(&[-0.1]).is_err());
        let test = PermutationTest::new(9, 1).unwrap();
        assert!(matches!(
            test.run(&Ksg1::default(), &[1.0, 2.0, 3.0], &[1.0, 2.0]),
            Err(Error::LengthMismatch { .. })
        ));
        let x = array![[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [5.0, 10.0], [4.0, 8.0]];
        let y = array![1.0, 2.0, 0.0, 1.0, 5.0];
        assert!(matches!(gaussian_test(&x, &y), Err(Error::Singular { .. })));
        assert_eq!(
            gaussian_test(&y, &y.mapv(|v| v * v)).map(|test| test.degrees_of_freedom),
            Ok(1.0)
        );
        assert_eq!(g_test(&[1, 1, 1], &[1, 2, 3]).unwrap().p_value, 1.0);
    }

    #[test]
    fn a_test_can_be_stopped() {
        let data = Distribution::normal(0.2).sample(60, 1).unwrap();
        let test = PermutationTest::new(50, 1).unwrap();
        let mut stop = |_| ControlFlow::Break(());
        let result = test.run_with_progress(&Ksg1::default(), &data.x, &data.y, &mut stop);
        assert!(matches!(result, Err(Error::Cancelled { .. })));
    }
}
