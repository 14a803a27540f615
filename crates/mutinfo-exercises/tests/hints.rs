//! Each task has two hints. The first leaves the code to the second, whose code compiles, where the
//! notebook puts it, and leads to an answer that passes.

use std::collections::HashSet;

use mutinfo::ndarray_rand::rand::SeedableRng;
use mutinfo::ndarray_rand::rand::rngs::StdRng;
use mutinfo::ndarray_rand::rand::seq::SliceRandom;
use mutinfo::prelude::*;
use mutinfo_activations::prelude::*;
use mutinfo_exercises::{
    Card, Outcome, exercise_01, exercise_02, exercise_03, exercise_04, exercise_05, exercise_06,
};
use ndarray::{Array1, Array2, Axis};

/// Code that a hint says, word for word: an expression, or a `let`.
macro_rules! hinted {
    ($hint:expr => let $($code:tt)*) => {
        assert_says(&$hint, stringify!(let $($code)*));
        let $($code)*
    };
    ($hint:expr => $($code:tt)*) => {{
        assert_says(&$hint, stringify!($($code)*));
        $($code)*
    }};
}

fn assert_says(hint: &Card, code: &str) {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    assert!(
        squeezed(&hint.to_string()).contains(&squeezed(code)),
        "{code}\nis not in\n{hint}"
    );
}

fn assert_passed(card: Card) {
    assert_eq!(card.outcome(), Outcome::Passed, "{card}");
}

fn data() -> Sample {
    Sample::coupled_normals(200, 1.0, 42).unwrap()
}

/// Below the line that names the task: the hint, in one paragraph, and what the card adds.
fn paragraphs(card: &Card) -> Vec<String> {
    card.to_string().lines().skip(1).map(String::from).collect()
}

#[test]
fn the_first_hint_is_short_and_leaves_the_code_to_the_second() {
    type Hint = fn(usize) -> Card;
    let exercises: [(Hint, Hint, usize); 6] = [
        (exercise_01::hint, exercise_01::second_hint, 8),
        (exercise_02::hint, exercise_02::second_hint, 8),
        (exercise_03::hint, exercise_03::second_hint, 7),
        (exercise_04::hint, exercise_04::second_hint, 7),
        (exercise_05::hint, exercise_05::second_hint, 7),
        (exercise_06::hint, exercise_06::second_hint, 7),
    ];
    for (hint, second_hint, tasks) in exercises {
        for task in 1..=tasks {
            let (first, second) = (paragraphs(&hint(task)), paragraphs(&second_hint(task)));
            let [first, how_to_see_the_second] = &first[..] else {
                panic!("{first:?}")
            };
            let [second] = &second[..] else {
                panic!("{second:?}")
            };
            let call = format!("`check::second_hint({task})`");
            assert!(how_to_see_the_second.contains(&call));
            assert!((80..=360).contains(&first.chars().count()), "{first}");
            assert_ne!(first, second);
            // Calls and formulas; a lone name may stand in both.
            let code = second.split('`').skip(1).step_by(2);
            for code in code.filter(|code| code.contains(['(', ' '])) {
                assert!(!first.contains(code), "{code}\nis said by\n{first}");
            }
        }
        let none = format!("the tasks are 1 to {tasks}.");
        assert!(hint(tasks + 1).to_string().ends_with(&none));
        assert!(second_hint(0).to_string().ends_with(&none));
    }
}

#[test]
fn of_exercise_01() -> mutinfo::Result<()> {
    use exercise_01::{second_hint, task_2, task_3, task_4, task_7, task_8};
    assert_passed(task_2(&hinted!(second_hint(2) => Bits(1.75).to_nats())));
    assert_passed(task_3(
        |p| hinted!(second_hint(3) => -p.iter().filter(|&&p| p > 0.0).map(|p| p * p.log2()).sum::<f64>()),
    ));
    let data = data();
    let histogram = hinted!(second_hint(4) => Histogram2d::equal_width(&data.x, &data.y, 10)?);
    assert_says(&second_hint(4), ".proportions()");
    assert_says(&second_hint(4), ".mutual_information()");
    assert_passed(task_4(&data, &histogram.proportions().mutual_information()));
    hinted!(second_hint(7) => let estimate = Ksg1::default().estimate(&data.x, &data.y)?.to_bits(););
    hinted!(second_hint(7) => let exact = data.exact.to_bits(););
    assert_passed(task_7(&data, &(estimate - exact)));
    assert_passed(task_8(|x| hinted!(second_hint(8) => x * x)));
    Ok(())
}

#[test]
fn of_exercise_02() -> mutinfo::Result<()> {
    use exercise_02::{second_hint, task_2, task_3, task_5};
    assert_passed(task_2(|x_bins, y_bins, n| {
        let (bx, by) = (hinted!(second_hint(2) => x_bins as f64), y_bins as f64);
        (bx * by - bx - by + 1.0) / (2.0 * n as f64)
    }));
    hinted!(second_hint(3) => let mut sum = Bits(0.0););
    for seed in 0..20 {
        let data = hinted!(second_hint(3) => Sample::coupled_normals(200, 0.0, seed)?);
        let histogram = Histogram2d::equal_width(&data.x, &data.y, 15)?;
        let mi = histogram.proportions().mutual_information().to_bits();
        hinted!(second_hint(3) => sum += mi;)
    }
    assert_passed(task_3(&hinted!(second_hint(3) => sum / 20.0)));
    assert_passed(task_5(|histogram| {
        let cells =
            hinted!(second_hint(5) => histogram.counts().iter().filter(|&&c| c > 0).count());
        let x_counts = hinted!(second_hint(5) => histogram.table().x_counts());
        assert_says(&second_hint(5), ".y_counts()");
        let rows = x_counts.iter().filter(|&&c| c > 0).count();
        let y_counts = histogram.table().y_counts();
        let columns = y_counts.iter().filter(|&&c| c > 0).count();
        let n = histogram.table().total() as f64;
        let correction = -(cells as f64 - rows as f64 - columns as f64 + 1.0) / (2.0 * n);
        histogram.proportions().mutual_information() + Nats(correction)
    }));
    assert_says(&exercise_02::second_hint(6), "`.clamped()`");
    let _: Nats = Nats(-0.1).clamped();
    Ok(())
}

#[test]
fn of_exercise_03() -> mutinfo::Result<()> {
    use exercise_03::{second_hint, task_1, task_2, task_3, task_4, task_6};
    let (circle_x, circle_y) = (data().x, data().y);
    let observed =
        hinted!(second_hint(1) => Ksg1::default().estimate(&circle_x, &circle_y)?.to_bits());
    assert_passed(task_1(&circle_x, &circle_y, &observed));
    fn p_value(observed: f64, null: &[f64]) -> f64 {
        hinted!(exercise_03::second_hint(2) =>
            let as_large = null.iter().filter(|&&value| value >= observed).count();
        );
        (1 + as_large) as f64 / (1 + null.len()) as f64
    }
    assert_passed(task_2(p_value));
    fn shuffled(values: &[f64], seed: u64) -> Vec<f64> {
        hinted!(exercise_03::second_hint(3) => let mut rng = StdRng::seed_from_u64(seed););
        hinted!(exercise_03::second_hint(3) => let mut values = values.to_vec(););
        hinted!(exercise_03::second_hint(3) => values.shuffle(&mut rng););
        values
    }
    assert_passed(task_3(shuffled));
    let observed = observed.to_nats().value();
    let mut null = Vec::new();
    for seed in 0..199 {
        let broken = hinted!(second_hint(4) => shuffled(&circle_y.to_vec(), seed));
        null.push(Ksg1::default().estimate(&circle_x, &broken)?.value());
    }
    assert_passed(task_4(&hinted!(second_hint(4) => p_value(observed, &null))));
    let die: Array1<f64> = (0..240).map(|i| f64::from(i % 6 + 1)).collect();
    let total = &die + &Array1::from_iter((0..240).map(|i| f64::from(i / 6 % 2 + 1)));
    let edges = Edges::new((0..9).map(|edge| f64::from(edge) + 0.5).collect())?;
    let histogram =
        hinted!(second_hint(6) => Histogram2d::new(&die, &total, edges.clone(), edges)?);
    let mi = histogram.proportions().mutual_information();
    assert_passed(task_6(&die, &total, &mi));
    Ok(())
}

#[test]
#[allow(clippy::approx_constant, reason = "a hint says 3.14")]
fn of_exercise_04() {
    use exercise_04::{second_hint, task_2, task_4, task_5, task_6};
    let from_correlation =
        |rho: f64| hinted!(second_hint(2) => Bits(-0.5 * (1.0 - rho * rho).log2()));
    assert_passed(task_2(from_correlation));
    assert_passed(task_4(|x| hinted!(second_hint(4) => (x - 3.14).abs())));
    let data = data();
    let (x, y) = (
        hinted!(second_hint(5) => &data.x),
        hinted!(second_hint(5) => &data.y),
    );
    assert_passed(task_5(&data, &Ksg1::default().estimate(x, y)));
    let correlation = mutinfo_exercises::columns::correlation;
    assert_passed(task_6(|x, y| -> mutinfo::Result<Bits> {
        hinted!(second_hint(6) => let mi = Ksg1::default().estimate(x, y)?.to_bits(););
        hinted!(second_hint(6) => let rho = correlation(x, y););
        hinted!(second_hint(6) => Ok(mi - from_correlation(rho)))
    }));
}

#[test]
fn of_exercise_05() -> mutinfo_activations::Result<()> {
    use exercise_05::{second_hint, task_1, task_3, task_4, task_5, task_6};
    assert_passed(task_1(
        |units| hinted!(second_hint(1) => units * (units - 1) / 2),
    ));
    let (seed, y) = (1, Array1::<f64>::zeros(938));
    let order = hinted!(second_hint(2) => Surrogate::Shuffle.order(938, seed));
    assert_eq!(hinted!(second_hint(2) => y.select(Axis(0), &order)), y);
    assert_passed(task_3(|ids| {
        hinted!(second_hint(3) => let mut seen = HashSet::new(););
        let mut places = Vec::new();
        for (place, id) in hinted!(second_hint(3) => ids.iter().enumerate()) {
            if hinted!(second_hint(3) => seen.insert(*id)) {
                places.push(place);
            }
        }
        places
    }));
    assert_passed(task_4(|p| {
        let m = p.len() as f64;
        let mut order: Vec<usize> = (0..p.len()).collect();
        order.sort_by(|&a, &b| p[b].total_cmp(&p[a]));
        let (mut least, mut rank, mut adjusted) = (1.0_f64, m, p.to_vec());
        for i in order {
            hinted!(second_hint(4) => least = least.min(p[i] * m / rank));
            adjusted[i] = least;
            rank -= 1.0;
        }
        adjusted
    }));
    assert_passed(task_5(
        |bits, rho| hinted!(second_hint(5) => bits + 0.5 * (1.0 - rho * rho).log2()),
    ));
    let passage: Vec<i64> = (0..90).map(|i| i / 30).collect();
    let layer_3 = Array2::from_shape_fn((90, 3), |(token, unit)| {
        (token as f64 * 0.7).sin() + passage[token] as f64 * unit as f64
    });
    let ranked = hinted!(second_hint(6) => rank_units(layer_3.view(), &passage, &Ross::default())?);
    assert_passed(task_6(&layer_3, &passage, &ranked[0].unit));
    Ok(())
}

#[test]
fn of_exercise_06() {
    use exercise_06::{second_hint, task_1, task_2, task_4, task_5, task_6, task_7};
    fn outliers(values: &[f64], limit: f64) -> Vec<usize> {
        let n = values.len() as f64;
        hinted!(exercise_06::second_hint(1) => let mean = values.iter().sum::<f64>() / n;);
        let squared = |value: f64| hinted!(exercise_06::second_hint(1) => (value - mean).powi(2));
        let sd = (values.iter().map(|&value| squared(value)).sum::<f64>() / n).sqrt();
        let far =
            |value: f64| hinted!(exercise_06::second_hint(1) => (value - mean).abs() > limit * sd);
        (0..values.len())
            .filter(|&place| far(values[place]))
            .collect()
    }
    assert_passed(task_1(outliers));
    let mut first = Array1::from_shape_fn(384, |unit| (unit as f64 * 0.7).sin());
    let mut second = &first + &Array1::from_shape_fn(384, |unit| (unit as f64 * 1.9).cos());
    (first[3], second[50]) = (40.0, -30.0);
    let (a, b) = (
        outliers(&first.to_vec(), 4.0),
        outliers(&second.to_vec(), 4.0),
    );
    hinted!(second_hint(2) =>
        let kept: Vec<usize> = (0..384).filter(|unit| !a.contains(unit) && !b.contains(unit)).collect();
    );
    let x = hinted!(second_hint(2) => first.select(Axis(0), &kept));
    let mi = Ksg1::default().estimate(&x, &second.select(Axis(0), &kept));
    assert_passed(task_2(&first, &second, &mi));
    assert_passed(task_4(|x, y| {
        let (mut sum, mut pairs) = (0.0, 0.0);
        for i in hinted!(second_hint(4) => 0..x.len()) {
            for j in hinted!(second_hint(4) => i + 1..x.len()) {
                sum += hinted!(second_hint(4) => ((x[j] - x[i]) * (y[j] - y[i])).signum());
                pairs += 1.0;
            }
        }
        sum / pairs
    }));
    assert_passed(task_5(|positions, order| {
        let mut distances = Vec::new();
        for i in 0..order.len() {
            for j in i + 1..order.len() {
                let place = hinted!(second_hint(5) => positions[order[i]]);
                distances.push(place.abs_diff(positions[order[j]]));
            }
        }
        distances
    }));
    assert_says(&second_hint(5), "`abs_diff`");
    assert_passed(task_6(
        |rho_a, n_a, rho_b, n_b| hinted!(second_hint(6) => (rho_a.atanh() - rho_b.atanh()) / (1.0 / (n_a as f64 - 3.0) + 1.0 / (n_b as f64 - 3.0)).sqrt()),
    ));
    assert_passed(task_7(
        |layer| hinted!(second_hint(7) => layer - &layer.mean_axis(Axis(0)).unwrap()),
    ));
}
