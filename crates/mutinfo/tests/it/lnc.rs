//! Strong dependence.

use approx::assert_abs_diff_eq;
use mutinfo::prelude::*;
use mutinfo::{Error, estimator::TotalCorrelation};
use ndarray::Array1;

use crate::fixtures::Sample;

/// Two programs with the same boxes.
const SAME_BOXES: f64 = 1e-9;

fn lnc(k: usize, alpha: f64) -> Lnc {
    Lnc::new(k, alpha).unwrap()
}

#[test]
fn samples_give_the_authors_programs_values() {
    // The authors' lnc.py, rewritten for numpy 2, without its noise, run on these files.
    for (name, k, alpha, expected) in [
        ("additive_uniform_e0.05", 5, 0.25, 2.2717553215780626),
        ("additive_uniform_e0.05", 10, 0.63, 2.245161874174161),
        ("binormal_r0.9_n2000", 5, 0.25, 0.8133723460354966),
        ("binormal_r0.9_n2000", 10, 0.63, 0.8199277133389633),
        ("sin_noise_s0.1", 5, 0.25, 1.7206327159072083),
        ("sin_noise_s0.1", 10, 0.63, 1.7482889294879276),
        ("cubed_r0.8", 5, 0.25, 0.4898552593966345),
        ("cubed_r0.8", 10, 0.63, 0.44520417920888933),
        ("indep_uniform", 5, 0.25, 0.008823842542950105),
        ("indep_uniform", 10, 0.63, -0.0027053195232352666),
    ] {
        let sample = Sample::named(name);
        let estimate = lnc(k, alpha).scaling(Scaling::None);
        let estimate = estimate.estimate(&sample.x, &sample.y).unwrap();
        assert_abs_diff_eq!(estimate.value(), expected, epsilon = SAME_BOXES);
    }
    let sample = Sample::named("gauss_2x1_r0.8");
    let columns = [sample.x.column(0), sample.x.column(1), sample.y.column(0)];
    let three = lnc(6, 0.25)
        .scaling(Scaling::None)
        .total_correlation(&columns.map(Variable::from))
        .unwrap();
    assert_abs_diff_eq!(three.value(), 0.5139333188907296, epsilon = SAME_BOXES);
}

#[test]
fn a_line_with_little_noise_is_seen_where_ksg_stops() {
    for coupling in [1e2, 1e4, 1e6] {
        let data = mutinfo::Sample::coupled_normals(1000, coupling, 3).unwrap();
        let plain = Ksg2::new(5).unwrap().estimate(&data.x, &data.y).unwrap();
        let corrected = Lnc::default().estimate(&data.x, &data.y).unwrap();
        assert!(
            (corrected - data.exact).abs() < Nats(0.25),
            "{corrected}, exactly {}",
            data.exact
        );
        assert!(corrected > plain);
    }
}

#[test]
fn few_points_of_a_uniform_law_are_corrected() {
    // 0.5 % by the choice of alpha; a correction adds little more than −ln alpha = 1.
    let data = Sample::named("indep_uniform");
    let plain = Ksg2::new(5).unwrap().estimate(&data.x, &data.y).unwrap();
    let corrected = Lnc::default().estimate(&data.x, &data.y).unwrap();
    let added = (corrected - plain).value();
    assert!((0.001..0.02).contains(&added), "{added}");
}

#[test]
fn an_exact_line_is_an_error_and_so_is_what_the_method_does_not_take() {
    let x = Array1::from_iter((0..100).map(|i| f64::from(i).sin()));
    assert!(matches!(
        Lnc::default().estimate(&x, &(3.0 * &x)),
        Err(Error::Singular { row: Some(_) })
    ));
    let y = x.mapv(f64::cos);
    assert!(matches!(
        lnc(2, 0.25).estimate(&x, &y),
        Err(Error::Parameter { parameter: "k", .. })
    ));
    for alpha in [0.0, -1.0, 1.5, f64::NAN] {
        assert!(matches!(
            Lnc::new(5, alpha),
            Err(Error::Parameter {
                parameter: "alpha",
                ..
            })
        ));
    }
    let vectors = Sample::named("gauss_2x2_indep");
    assert!(matches!(
        Lnc::default().estimate(&vectors.x, &vectors.y),
        Err(Error::NotScalar { dimensions: 2, .. })
    ));
}

#[test]
fn no_bit_depends_on_the_order_of_rows_or_variables() {
    // Sums of products in another order turned the principal axes by a last bit here.
    let x = [
        0.7649120936839124,
        0.6455931114951764,
        0.0,
        0.0,
        0.8103778979840682,
        0.0,
    ];
    let y = [
        0.7649120936839124,
        0.6455931114951764,
        0.1292817090576137,
        0.0,
        0.6537670158313991,
        0.0,
    ];
    let order = [0, 5, 2, 4, 3, 1];
    let in_order = |values: [f64; 6]| order.map(|row| values[row]);
    let here = Lnc::default().estimate(&x, &y).unwrap();
    let there = Lnc::default().estimate(&in_order(y), &in_order(x)).unwrap();
    assert_eq!(here, there);

    for coupling in [1.0, 1e2, 1e4] {
        let data = mutinfo::Sample::coupled_normals(500, coupling, 5).unwrap();
        let z = (&data.x + &data.y).mapv(f64::sin);
        let backwards =
            [&z, &data.y, &data.x].map(|values| values.slice(ndarray::s![..;-1]).to_owned());
        let of_three = |columns: [&Array1<f64>; 3]| {
            Lnc::default()
                .total_correlation(&columns.map(Variable::from))
                .unwrap()
        };
        let [a, b, c] = &backwards;
        assert_eq!(of_three([&data.x, &data.y, &z]), of_three([a, b, c]));
    }
}
