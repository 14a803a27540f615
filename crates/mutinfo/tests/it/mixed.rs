//! Labels, ties and mixtures among neighbours.

use approx::assert_abs_diff_eq;
use mutinfo::prelude::*;
use mutinfo::{Error, Result};
use ndarray::{Array1, Array2, Axis};
use proptest::prelude::*;

use crate::fixtures::{FORMULA_CASES, SAMPLES, Sample};
use crate::reference;

/// Two programs that count the same points.
const SAME_COUNTS: f64 = 1e-9;
/// The fast and the slow form of one formula.
const SAME_FORMULA: f64 = 1e-12;

#[test]
fn formula_series_give_scikit_learns_values() {
    for case in FORMULA_CASES.iter() {
        for k in [3, 5] {
            let estimate = Ross::new(k).unwrap().estimate(&case.c, &case.label);
            let expected = case.number(&format!("sklearn_mutual_info_classif_k{k}"));
            assert_abs_diff_eq!(estimate.unwrap().value(), expected, epsilon = SAME_COUNTS);
        }
    }
}

/// Where k is at least half a class, scikit-learn takes distances as the root of a² − 2ab + b², and
/// some come out so much too long that the neighbour at the end counts as nearer than itself.
const SCIKIT_LEARN_IN_SMALL_CLASSES: f64 = 1e-3;

fn smallest_class(labels: &Array1<i64>) -> usize {
    let count = |label| labels.iter().filter(|&&other| other == label).count();
    let counts = labels.iter().map(|&label| count(label));
    counts.filter(|&count| count > 1).min().unwrap()
}

#[test]
fn samples_give_scikit_learns_values_on_either_side() {
    let mut exact = 0;
    for sample in SAMPLES.iter().filter(|sample| sample.is("cd")) {
        let label = sample.y_labels();
        let tolerance = |k| match smallest_class(&label) {
            count if count < 2 * k + 2 => SCIKIT_LEARN_IN_SMALL_CLASSES,
            _ => SAME_COUNTS,
        };
        let close = |ours: Nats, name: String, k: usize| {
            let expected = sample.expected(&format!("mixed/{name}")).unwrap();
            assert!(
                (ours.value() - expected).abs() < tolerance(k),
                "{}, k = {k}: {ours}, {name} is {expected}",
                sample.name
            );
        };
        for k in [3, 5, 10] {
            let ross = Ross::new(k).unwrap().scaling(Scaling::None);
            let estimate = ross.estimate(&sample.x, &label).unwrap();
            close(
                estimate,
                format!("sklearn_compute_mi_cd_k{k}_unclipped_nats"),
                k,
            );
            assert_eq!(estimate, ross.estimate(&label, &sample.x).unwrap());
            exact += usize::from(tolerance(k) == SAME_COUNTS);
        }
        let estimate = Ross::default().estimate(&sample.x, &label).unwrap();
        // The public function returns 0 for what is negative.
        let name = "sklearn_mutual_info_classif_k3_rs0_nats";
        close(estimate.clamped(), name.to_owned(), 3);
    }
    assert!(exact >= 15, "{exact}");
}

#[test]
fn small_classes_give_the_definitions_value() {
    for name in ["mixed_rare_label", "mixed_exp_poisson_p0.0"] {
        let sample = Sample::named(name);
        let labels = sample.y.column(0).mapv(|y| y as u32).to_vec();
        let ross = Ross::default().scaling(Scaling::None);
        let estimate = ross.estimate(&sample.x, &labels).unwrap().value();
        let slow = reference::ross(&sample.x, &labels, 3);
        assert_abs_diff_eq!(estimate, slow, epsilon = SAME_FORMULA);
    }
}

#[test]
fn labels_that_occur_once_are_left_out() {
    let x = [0.1, 0.5, 0.7, 1.2, 9.0, -7.0];
    let y = [0, 1, 0, 1, 2, 3];
    let ross = Ross::new(1).unwrap().scaling(Scaling::None);
    assert_eq!(ross.estimate(&x, &y), ross.estimate(&x[..4], &y[..4]));
    assert_eq!(
        ross.estimate(&x[..3], &[5, 6, 7]),
        Err(Error::NoRepeatedLabel { argument: "y" })
    );
    assert!(matches!(
        ross.estimate(&x, &x),
        Err(Error::WrongKind { argument: "y", .. })
    ));
    assert!(matches!(
        ross.estimate(&y, &y),
        Err(Error::WrongKind { argument: "x", .. })
    ));
    assert!(matches!(
        Ross::default().estimate(&[1.0, 1.0, 1.0, 1.0, 2.0, 3.0, 4.0], &[0, 0, 0, 0, 1, 1, 1]),
        Err(Error::Ties { row: 0, .. })
    ));
    // Made for numbers that hardly ever repeat, it names the one that is not.
    let few = [1.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0];
    let error = Ross::default()
        .estimate(&few, &[0, 0, 1, 1, 0, 1, 1])
        .unwrap_err();
    assert!(matches!(
        error,
        Error::RepeatedValues {
            argument: "x",
            distinct: 2,
            ..
        }
    ));
    assert!(error.to_string().contains("mutual_information"));
    assert_eq!(Ross::default().estimate(&x, &[3; 6]), Ok(Nats(0.0)));
}

#[test]
fn mixtures_come_near_the_truth_where_ksg_does_not() {
    // Twice the spread that scikit-learn's neighbours have on fresh draws of these laws, and the
    // bias that a rounding which leaves few exact ties cannot but bring.
    for (name, tolerance) in [("zero_inflated_q0.9_r0.8", 0.08), ("poisson_sum", 0.04)] {
        let sample = Sample::named(name);
        let truth = sample.true_mi_nats.unwrap();
        let mixed = MixedKsg::default().estimate(&sample.x, &sample.y).unwrap();
        assert_abs_diff_eq!(mixed.value(), truth, epsilon = tolerance);
        let ksg = Ksg1::default().ties(Ties::Include);
        let plain = ksg.estimate(&sample.x, &sample.y).unwrap();
        assert!((plain.value() - truth).abs() > 0.3, "{plain}");
    }
}

#[test]
fn mixtures_give_the_authors_programs_values() {
    // The authors' mixed.py, its three functions rewritten for numpy 2 and run on these files.
    for (name, k, expected) in [
        ("zero_inflated_q0.9_r0.8", 3, 0.7198635196538685),
        ("zero_inflated_q0.9_r0.8", 5, 0.7217357726030382),
        ("poisson_sum", 3, 0.6069821698626194),
        ("poisson_sum", 5, 0.6214405031959505),
        ("censored_x_r0.7", 3, 0.30260890289620423),
        ("binormal_r0.9_n2000", 5, 0.8176549369492383),
        ("small_binormal_r0.6_n30", 3, 0.1314807985284996),
    ] {
        let sample = Sample::named(name);
        let mixed = MixedKsg::new(k).unwrap().scaling(Scaling::None);
        let estimate = mixed.estimate(&sample.x, &sample.y).unwrap();
        assert_abs_diff_eq!(estimate.value(), expected, epsilon = SAME_COUNTS);
    }
}

#[test]
fn without_ties_a_mixture_is_ksg1_with_ln_n_for_psi_n() {
    let sample = Sample::named("gauss_3x2_random");
    let n = sample.x.nrows() as f64;
    let mixed = MixedKsg::default().estimate(&sample.x, &sample.y).unwrap();
    let ksg = Ksg1::new(5).unwrap().estimate(&sample.x, &sample.y);
    // ln n − ψ(n) = 1 / 2n + 1 / 12n² − …
    let difference = 1.0 / (2.0 * n) + 1.0 / (12.0 * n * n);
    assert_abs_diff_eq!(
        (mixed - ksg.unwrap()).value(),
        difference,
        epsilon = SAME_FORMULA
    );
}

fn tied_values(n: usize) -> impl Strategy<Value = Array2<f64>> {
    let value = prop_oneof![-2.0..2.0, (-2..2_i32).prop_map(f64::from)];
    (1..=2_usize).prop_flat_map(move |columns| {
        prop::collection::vec(value.clone(), n * columns)
            .prop_map(move |values| Array2::from_shape_vec((n, columns), values).unwrap())
    })
}

fn same(fast: Result<Nats>, slow: impl FnOnce() -> f64) {
    match fast {
        Err(Error::Constant { .. } | Error::NoRepeatedLabel { .. }) => {}
        fast => assert_abs_diff_eq!(fast.unwrap().value(), slow(), epsilon = SAME_FORMULA),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn fast_and_slow_forms_agree(
        (x, y, labels) in (8..60_usize).prop_flat_map(|n| {
            (tied_values(n), tied_values(n), prop::collection::vec(0..6_u32, n))
        }),
        k in 1..7_usize,
        order in prop::collection::vec(any::<u64>(), 60),
    ) {
        let mixed = MixedKsg::new(k).unwrap().scaling(Scaling::None);
        same(mixed.estimate(&x, &y), || reference::mixed_ksg(&x, &y, k));
        let ross = Ross::new(k).unwrap().scaling(Scaling::None).ties(Ties::Include);
        same(ross.estimate(&x, &labels), || reference::ross(&x, &labels, k));

        // And no bit depends on the order of rows.
        let mut rows: Vec<usize> = (0..labels.len()).collect();
        rows.sort_by_key(|&row| order[row]);
        let (a, b) = (x.select(Axis(0), &rows), y.select(Axis(0), &rows));
        let renamed: Array1<i64> = rows.iter().map(|&row| 10 - i64::from(labels[row])).collect();
        prop_assert_eq!(mixed.estimate(&x, &y).ok(), mixed.estimate(&a, &b).ok());
        prop_assert_eq!(ross.estimate(&x, &labels).ok(), ross.estimate(&a, &renamed).ok());
    }
}
