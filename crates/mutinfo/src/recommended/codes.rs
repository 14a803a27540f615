//! Values as codes: whole numbers from 0 of which every one occurs, equal where the values are and in
//! their order.

use ndarray::ArrayView2;

use super::chance::counts;
use crate::search::column::Column;

/// Codes from 0 without gaps, in the same order.
pub(super) fn dense(codes: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut codes: Vec<u32> = codes.collect();
    let mut code_of = counts(&codes);
    let mut next = 0;
    for code in &mut code_of {
        let occurs = u32::from(*code > 0);
        *code = next;
        next += occurs;
    }
    for code in &mut codes {
        *code = code_of[*code as usize];
    }
    codes
}

/// Codes of finite values, in their order.
pub(super) fn value_codes(values: Vec<f64>) -> Vec<u32> {
    let column = Column::new(values);
    dense(column.first_equal().iter().copied())
}

/// Whether no two rows have the same code.
pub(super) fn distinct(codes: &[u32]) -> bool {
    let last = codes.iter().max();
    last.is_none_or(|&code| code as usize + 1 == codes.len())
}

/// Codes of rows, equal where rows are, in their lexicographic order.
pub(super) fn row_codes(rows: ArrayView2<'_, f64>) -> Vec<u32> {
    let compare = |&a: &usize, &b: &usize| {
        let pairs = rows.row(a).into_iter().zip(rows.row(b));
        pairs
            .map(|(a, b)| a.partial_cmp(b).expect("values are finite"))
            .find(|order| order.is_ne())
            .unwrap_or(std::cmp::Ordering::Equal)
    };
    let mut order: Vec<usize> = (0..rows.nrows()).collect();
    order.sort_by(compare);
    let mut codes = vec![0; order.len()];
    let equal = order.chunk_by(|a, b| compare(a, b).is_eq());
    for (code, rows) in equal.enumerate() {
        for &row in rows {
            codes[row] = code as u32;
        }
    }
    codes
}
