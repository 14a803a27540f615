//! One order of the rows and one orientation for all samples that differ in nothing that matters.
//!
//! Rows are an unordered sample; I(X; Y) = I(Y; X); and −x is as good as x. Of all ways to write a
//! sample down, the one that comes first in lexicographic order is taken. What follows then has
//! the same bits for all of them, random tie-breaking included.

use super::side::Side;

/// The sample in its first way.
pub(super) fn of(x: Side, y: Side) -> (Side, Side) {
    match (x, y) {
        (Side::Scalars(x), Side::Scalars(y)) => {
            let (x, y) = of_scalars(&x, &y);
            (Side::Scalars(x), Side::Scalars(y))
        }
        (x, y) => {
            let first = sorted(&x, &y);
            match (&x, &y) {
                (Side::Vectors(..) | Side::Scalars(_), Side::Vectors(..) | Side::Scalars(_)) => {
                    let (second_y, second_x) = sorted(&y, &x);
                    if key(&second_y, &second_x) < key(&first.0, &first.1) {
                        (second_y, second_x)
                    } else {
                        first
                    }
                }
                _ => first,
            }
        }
    }
}

/// The rows in the order of x, then y; a label's names have no order that counts, and come last.
fn sorted(x: &Side, y: &Side) -> (Side, Side) {
    let (first, then) = match x {
        Side::Labels(_) => (y, x),
        Side::Scalars(_) | Side::Vectors(..) => (x, y),
    };
    let mut rows: Vec<usize> = (0..x.codes().len()).collect();
    rows.sort_by_key(|&row| (first.codes()[row], then.codes()[row]));
    (x.select(&rows), y.select(&rows))
}

fn key(x: &Side, y: &Side) -> (usize, Vec<u32>, Vec<u32>, Vec<u64>) {
    let values = |side: &Side| -> Vec<u64> {
        match side {
            Side::Vectors(values, _) => values.iter().map(|&value| value as u64).collect(),
            Side::Scalars(_) | Side::Labels(_) => Vec::new(),
        }
    };
    let columns = match x {
        Side::Vectors(values, _) => values.ncols(),
        Side::Scalars(_) | Side::Labels(_) => 1,
    };
    let both = [values(x), values(y)].concat();
    (columns, x.codes().to_vec(), y.codes().to_vec(), both)
}

fn of_scalars(x: &[u32], y: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let last = |codes: &[u32]| codes.iter().copied().max().unwrap_or(0);
    let (x_last, y_last) = (last(x), last(y));
    let mirror = |code: u32, last: u32, mirrored: bool| if mirrored { last - code } else { code };
    let rows = |way: u32| {
        let (swap, x_mirrored, y_mirrored) = (way & 1 > 0, way & 2 > 0, way & 4 > 0);
        x.iter().zip(y).map(move |(&x, &y)| {
            let x = u64::from(mirror(x, x_last, x_mirrored));
            let y = u64::from(mirror(y, y_last, y_mirrored));
            if swap { y << 32 | x } else { x << 32 | y }
        })
    };
    let written = |way: u32| -> Vec<u64> {
        let mut rows: Vec<u64> = rows(way).collect();
        rows.sort_unstable();
        rows
    };
    // The first row decides, but for ties.
    let first_rows: [Option<u64>; 8] = std::array::from_fn(|way| rows(way as u32).min());
    let least = first_rows.iter().min();
    let ways = (0..8)
        .zip(&first_rows)
        .filter(|(_, row)| Some(*row) == least);
    let first = ways.map(|(way, _)| written(way)).min();
    let first = first.unwrap_or_default();
    let half = |row: &u64, shift: u32| (row >> shift & u64::from(u32::MAX)) as u32;
    (
        first.iter().map(|row| half(row, 32)).collect(),
        first.iter().map(|row| half(row, 0)).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_one_way_however_it_is_written() {
        let (x, y) = ([0, 2, 1, 1, 3, 0], [1, 0, 2, 2, 1, 0]);
        let first = of_scalars(&x, &y);
        assert_eq!(of_scalars(&y, &x), first);
        assert_eq!(of_scalars(&x.map(|x| 3 - x), &y), first);
        assert_eq!(of_scalars(&x, &y.map(|y| 2 - y)), first);
        let turned = |codes: [u32; 6]| [3, 1, 5, 0, 4, 2].map(|row| codes[row]);
        assert_eq!(of_scalars(&turned(x), &turned(y)), first);
    }
}
