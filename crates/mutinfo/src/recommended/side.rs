//! [`Side`]: one of the two variables, made ready: values as codes, so that only their order and their
//! being equal matter.

use ndarray::{Array2, Axis};

use super::atoms;
use super::codes::dense;
use super::part::Part;
use super::{chance, labels, nearest, ordered, ratios, vectors, windows};

/// One variable.
#[derive(Debug, Clone)]
pub(super) enum Side {
    /// Codes of classes.
    Labels(Vec<u32>),
    /// Codes in the order of the values.
    Scalars(Vec<u32>),
    /// Rows of numbers, and codes that are the same where rows are.
    Vectors(Array2<f64>, Vec<u32>),
}

impl Side {
    /// What says which rows are equal.
    pub(super) fn codes(&self) -> &[u32] {
        match self {
            Self::Labels(codes) | Self::Scalars(codes) | Self::Vectors(_, codes) => codes,
        }
    }

    /// Some of the rows, in this order.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
        let codes = || dense(rows.iter().map(|&row| self.codes()[row]));
        match self {
            Self::Labels(_) => Self::Labels(codes()),
            Self::Scalars(_) => Self::Scalars(codes()),
            Self::Vectors(values, _) => Self::Vectors(values.select(Axis(0), rows), codes()),
        }
    }

    /// The atom of each row, from 1, and 0 for what lies between; none for labels.
    fn atoms(&self) -> Option<Vec<u32>> {
        match self {
            Self::Labels(_) => None,
            Self::Scalars(codes) => atoms::of_scalars(codes),
            Self::Vectors(_, codes) => atoms::of_groups(codes),
        }
    }

    /// The information that it shares with a label.
    fn with_label(&self, label: &[u32]) -> Part {
        match self {
            Self::Labels(codes) => labels::labels(codes, label),
            Self::Scalars(codes) => scalars_with_label(codes, label),
            Self::Vectors(values, group) => nearest::estimate(values.view(), group, label),
        }
    }
}

/// I(X; Y) in nats from at least four rows.
///
/// With A the atom at which x is, or none, and B that of y,
///
/// I(X; Y) = I(A; B) + I(X; B | A) + I(Y; A | B) + I(X; Y | A, B),
///
/// where only the rows without atom count in a condition.
pub(super) fn information(x: &Side, y: &Side) -> Part {
    match (x, y) {
        (Side::Labels(label), other) | (other, Side::Labels(label)) => {
            return other.with_label(label);
        }
        _ => {}
    }
    let (x_atoms, y_atoms) = (x.atoms(), y.atoms());
    if x_atoms.is_none() && y_atoms.is_none() {
        return without_atoms(x, y);
    }
    let rows = x.codes().len();
    let a = x_atoms.unwrap_or_else(|| vec![0; rows]);
    let b = y_atoms.unwrap_or_else(|| vec![0; rows]);
    let mut sum = labels::labels(&dense(a.iter().copied()), &dense(b.iter().copied()));
    let between =
        |of: &dyn Fn(usize) -> bool| -> Vec<usize> { (0..rows).filter(|&r| of(r)).collect() };
    let label = |atoms: &[u32], rows: &[usize]| dense(rows.iter().map(|&row| atoms[row]));
    let mut of_x = Part::nothing(rows);
    let x_rows = between(&|row| a[row] == 0);
    if x_rows.len() >= super::FEWEST {
        of_x.add_of_rows(&x_rows, &x.select(&x_rows).with_label(&label(&b, &x_rows)));
    }
    let mut of_y = Part::nothing(rows);
    let y_rows = between(&|row| b[row] == 0);
    if y_rows.len() >= super::FEWEST {
        of_y.add_of_rows(&y_rows, &y.select(&y_rows).with_label(&label(&a, &y_rows)));
    }
    // The same bits for (x, y) and (y, x).
    let all: Vec<usize> = (0..rows).collect();
    of_x.add_of_rows(&all, &of_y);
    sum.add_of_rows(&all, &of_x);
    let both = between(&|row| a[row] == 0 && b[row] == 0);
    if both.len() >= super::FEWEST {
        sum.add_of_rows(&both, &without_atoms(&x.select(&both), &y.select(&both)));
    }
    sum
}

/// Numbers with a label: as classes where nearly all values are shared by several rows and their pairs are not
/// too many, by windows otherwise, and where there are atoms.
fn scalars_with_label(codes: &[u32], label: &[u32]) -> Part {
    const SEVERAL: u32 = 5;
    /// The share of the rows from which the table counts, and from which it counts alone.
    const SHARED: (f64, f64) = (0.8, 0.95);
    /// The share of the bias that must be [`ratios::told`].
    const TOLD: (f64, f64) = (0.8, 0.95);
    let way = |share: f64, (from, to): (f64, f64)| ((share - from) / (to - from)).clamp(0.0, 1.0);
    let n = codes.len() as f64;
    let (x, y) = (chance::counts(codes), chance::counts(label));
    let shared: u32 = x.iter().filter(|&&count| count >= SEVERAL).sum();
    let mut counted = way(f64::from(shared) / n, SHARED);
    if counted > 0.0 && atoms::of_scalars(codes).is_none() {
        counted *= way(
            ratios::told(&chance::sizes(&x), &chance::sizes(&y), n),
            TOLD,
        );
    } else {
        counted = 0.0;
    }
    if counted == 1.0 {
        return labels::labels(codes, label);
    }
    let windows = windows::ordered(codes, label);
    if counted == 0.0 {
        return windows;
    }
    let table = labels::labels(codes, label);
    Part::average(&[(1.0 - counted, windows), (counted, table)])
}

fn without_atoms(x: &Side, y: &Side) -> Part {
    match (x, y) {
        (Side::Scalars(x), Side::Scalars(y)) => ordered::estimate(x, y),
        _ => {
            let constant = |side: &Side| side.codes().iter().all(|&code| code == 0);
            if constant(x) || constant(y) {
                return Part::nothing(x.codes().len());
            }
            vectors::estimate(x.rows().view(), y.rows().view()).part()
        }
    }
}

impl Side {
    /// As vectors.
    fn rows(&self) -> Array2<f64> {
        match self {
            Self::Labels(codes) | Self::Scalars(codes) => {
                Array2::from_shape_fn((codes.len(), 1), |(row, _)| f64::from(codes[row]))
            }
            Self::Vectors(values, _) => values.clone(),
        }
    }
}
