//! Vectors against labels: windows of the nearest rows.

use ndarray::{Array2, ArrayView2, Axis};

use super::codes::dense;
use super::part::Part;
use super::windows::{self, Windows};
use crate::compute::threads;
use crate::data::scaling::normal_scores;

/// More rows are dealt out into parts of this size or less: the time grows with its square.
const MANY: usize = 10_000;
/// Rows a task.
const CHUNK: usize = 64;

/// I(X; L) in nats of vectors, of which rows of one group are equal, and a label.
pub(super) fn estimate(x: ArrayView2<'_, f64>, group: &[u32], label: &[u32]) -> Part {
    let deals = label.len().div_ceil(MANY);
    let parts = (0..deals).map(|deal| {
        let rows: Vec<usize> = (deal..label.len()).step_by(deals).collect();
        let pick = |codes: &[u32]| dense(rows.iter().map(|&row| codes[row]));
        estimate_dealt(x.select(Axis(0), &rows).view(), &pick(group), &pick(label))
    });
    Part::mean_of_deals(parts.collect())
}

fn estimate_dealt(x: ArrayView2<'_, f64>, group: &[u32], label: &[u32]) -> Part {
    let n = label.len();
    let columns: Vec<Vec<f64>> = x.columns().into_iter().map(normal_scores).collect();
    let points = Array2::from_shape_fn(x.dim(), |(row, column)| columns[column][row]);
    let widths = windows::widths(n);
    let groups = super::chance::counts(group);
    let heavy = |row: usize, width: usize| groups[group[row] as usize] as usize >= width;
    let tasks = threads::map(
        threads::chunks(n, CHUNK),
        || (Vec::new(), Vec::new()),
        |(distances, near), rows| {
            let mut found = Vec::with_capacity(rows.len());
            for row in rows {
                distances_to(&points, row, distances);
                near.clear();
                near.extend(distances.iter().zip(0_u32..).map(|(&d, other)| (d, other)));
                near.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
                let counts: Vec<(u32, u32)> = widths
                    .iter()
                    .map(|&width| window(near, row, width, group, label, &heavy))
                    .collect();
                found.push(counts);
            }
            found
        },
    );
    let found = tasks.concat();
    let windows = widths.iter().enumerate().map(|(index, &width)| Windows {
        width,
        rows: found.iter().map(|counts| counts[index].0).collect(),
        same: found.iter().map(|counts| counts[index].1).collect(),
    });
    let x_sizes = super::chance::sizes(&groups);
    windows::estimate(&x_sizes, label, x.ncols(), windows.collect())
}

/// How many rows the window of a row has, and how many of them have its label. Rows that are equal
/// `width` times or more have a window of their own, and are in no other.
fn window(
    near: &[(f64, u32)],
    row: usize,
    width: usize,
    group: &[u32],
    label: &[u32],
    heavy: &impl Fn(usize, usize) -> bool,
) -> (u32, u32) {
    let own = heavy(row, width);
    let (mut rows, mut same, mut reach) = (0, 0, 0.0);
    for &(distance, other) in near {
        let other = other as usize;
        if own && group[other] != group[row] {
            break;
        }
        if !own && heavy(other, width) {
            continue;
        }
        if !own && rows >= width as u32 && distance > reach {
            break;
        }
        rows += 1;
        same += u32::from(label[other] == label[row]);
        reach = distance;
    }
    (rows, same)
}

/// The distances of all rows from one, in maximum norm.
fn distances_to(points: &Array2<f64>, row: usize, distances: &mut Vec<f64>) {
    distances.clear();
    distances.resize(points.nrows(), 0.0);
    for column in points.columns() {
        let middle = column[row];
        for (distance, value) in distances.iter_mut().zip(column) {
            *distance = distance.max((value - middle).abs());
        }
    }
}
