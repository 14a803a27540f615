//! Columns of every kind through everything that takes two variables: a finite number or a typed
//! error, the same bits in any order of the rows and for (y, x), and nothing beyond what the
//! entropies allow.

use mutinfo::prelude::*;
use mutinfo::{Error, choosing};
use ndarray::{Array2, Axis};
use proptest::prelude::*;

/// A column of one kind, owned.
#[derive(Debug, Clone)]
enum Column {
    Numbers(Array2<f64>),
    Classes(Vec<u32>),
}

impl Column {
    fn in_order(&self, order: &[usize]) -> Self {
        match self {
            Self::Numbers(values) => Self::Numbers(values.select(Axis(0), order)),
            Self::Classes(classes) => Self::Classes(order.iter().map(|&i| classes[i]).collect()),
        }
    }

    /// The plug-in entropy of the values that occur.
    fn entropy(&self) -> Nats {
        let classes = match self {
            Self::Numbers(values) => {
                let rows = values.rows().into_iter();
                let bits = |row: ndarray::ArrayView1<'_, f64>| -> Vec<u64> {
                    row.iter().map(|&v| (v + 0.0).to_bits()).collect()
                };
                Labels::new(&rows.map(bits).collect::<Vec<_>>())
            }
            Self::Classes(classes) => Labels::new(classes),
        };
        Counts::from_labels(&classes)
            .unwrap()
            .entropy(EntropyEstimator::PlugIn)
    }

    fn is_constant(&self) -> bool {
        self.entropy() == Nats(0.0)
    }
}

impl<'a> From<&'a Column> for Variable<'a> {
    fn from(column: &'a Column) -> Self {
        match column {
            Column::Numbers(values) => values.into(),
            Column::Classes(classes) => classes.into(),
        }
    }
}

/// A column of n rows: continuous, rounded, zero-inflated, constant but for one, constant, of few
/// or many classes, or vectors of which rows repeat.
fn column(n: usize) -> impl Strategy<Value = Column> {
    let scalar = |value: BoxedStrategy<f64>| {
        prop::collection::vec(value, n)
            .prop_map(move |v| Column::Numbers(Array2::from_shape_vec((n, 1), v).unwrap()))
    };
    let classes = |most: u32| prop::collection::vec(0..most, n).prop_map(Column::Classes);
    prop_oneof![
        scalar((-3.0..3.0).boxed()),
        scalar((-3..4_i32).prop_map(|v| f64::from(v) / 2.0).boxed()),
        scalar(prop_oneof![3 => Just(0.0), 1 => 0.0..5.0].boxed()),
        (0..n, -2.0..2.0).prop_map(move |(row, value)| {
            let mut values = Array2::zeros((n, 1));
            values[[row, 0]] = value;
            Column::Numbers(values)
        }),
        Just(Column::Numbers(Array2::from_elem((n, 1), 7.0))),
        classes(3),
        classes(200),
        prop::collection::vec((-2..2_i32, -1.0..1.0_f64), n).prop_map(move |rows| {
            Column::Numbers(Array2::from_shape_fn((n, 2), |(i, j)| match j {
                0 => f64::from(rows[i].0),
                _ => (rows[i].1 * 2.0).round() / 2.0,
            }))
        }),
    ]
}

/// Two columns, and an order of their rows.
fn pairs() -> impl Strategy<Value = (Column, Column, Vec<usize>)> {
    (6..70_usize).prop_flat_map(|n| {
        let order = Just((0..n).collect::<Vec<_>>()).prop_shuffle();
        (column(n), column(n), order)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_estimator_keeps_its_word((x, y, order) in pairs()) {
        let (x2, y2) = (x.in_order(&order), y.in_order(&order));
        let n = order.len() as f64;
        for estimator in choosing::all() {
            let estimate = estimator.estimate(&x, &y);
            // A determinant is a sum of products, whose last bits depend on their order.
            let rounding = match estimator.to_string().starts_with("Gaussian") {
                true => Nats(1e-9),
                false => Nats(0.0),
            };
            for other in [estimator.estimate(&x2, &y2), estimator.estimate(&y, &x)] {
                match (&estimate, other) {
                    (Ok(one), Ok(other)) => {
                        prop_assert!((*one - other).abs() <= rounding, "{estimator}: {one} and {other}");
                    }
                    (Err(_), Err(_)) => {}
                    (one, other) => prop_assert!(false, "{estimator}: {one:?} but {other:?}"),
                }
            }
            if let Ok(estimate) = estimate {
                prop_assert!(estimate.value().is_finite(), "{estimator}: {estimate}");
                if x.is_constant() || y.is_constant() {
                    prop_assert_eq!(estimate, Nats(0.0), "{}", estimator);
                }
            }
        }
        let bound = x.entropy().min(y.entropy());
        let estimate = mutual_information(&x, &y).unwrap();
        prop_assert!(estimate > Nats(-0.75) && estimate.value() <= n.ln() + 1e-9, "{estimate}");
        // Classes that were not seen may add to the entropies of what was.
        prop_assert!(estimate < 2.5 * bound + Nats(0.75), "{estimate} of {bound}");
    }

    #[test]
    fn measurements_do_not_contradict_themselves((x, y, order) in pairs()) {
        let measurement = measure(&x, &y, 1).unwrap();
        let Measurement { information, interval, p_value, .. } = measurement.clone();
        prop_assert!(interval.covers(information), "{measurement}");
        prop_assert!(interval.low.value().is_finite() && interval.high.value().is_finite());
        prop_assert!(interval.high.value() <= (order.len() as f64).ln() + 1e-9, "{measurement}");
        prop_assert!(p_value > 0.0 && p_value <= 1.0);
        prop_assert!(p_value <= 0.05 || interval.low <= Nats(0.0), "{measurement}");
        prop_assert!(!measurement.to_string().contains("NaN"));
        prop_assert_eq!(&measurement, &measure(&x.in_order(&order), &y.in_order(&order), 1).unwrap());
        prop_assert_eq!(&measurement, &measure(&y, &x, 1).unwrap());
        let one_thread = with_threads(1, || measure(&x, &y, 1).unwrap());
        prop_assert_eq!(&measurement, &one_thread);
    }

    #[test]
    fn matrices_intervals_and_tests_take_every_kind((x, y, _) in pairs()) {
        let columns = || vec![Variable::from(&x), Variable::from(&y)];
        let estimator = Adaptive;
        let matrix = estimator.matrix(columns()).unwrap();
        prop_assert_eq!(matrix.get(0, 1), estimator.estimate(&x, &y).unwrap());
        prop_assert_eq!(matrix.get(1, 0), matrix.get(0, 1));
        let between = estimator.matrix_between(columns(), columns()).unwrap();
        prop_assert_eq!(between.get(0, 1), matrix.get(0, 1));

        let interval = Subsampling::new(10, 1).unwrap().interval(&estimator, &x, &y, 0.95).unwrap();
        prop_assert!(interval.covers(interval.estimate), "{interval}");

        let test = PermutationTest::new(9, 1).unwrap().run(&estimator, &x, &y).unwrap();
        prop_assert!(test.p_value >= 0.1 && test.null_distribution.len() == 9);
        let chance = largest_by_chance(&estimator, columns(), &y, Surrogate::CircularShift, 3, 1);
        prop_assert!(chance.unwrap().iter().all(|nats| nats.value().is_finite()));
        for estimator in choosing::all() {
            match PermutationTest::new(3, 1).unwrap().run(&estimator, &x, &y) {
                Ok(result) => prop_assert!(result.null_distribution.iter().all(|v| v.value().is_finite())),
                Err(Error::Cancelled { .. }) => prop_assert!(false, "nobody cancelled"),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}
