//! Rows that are exact copies of each other.
//!
//! A sample of continuous values has no two equal rows. Where it has, rows were copied, and every
//! neighbour at distance 0 would be taken for dependence. Two signs tell copies from values that
//! repeat by themselves: the number of times that each pair of values occurs has a common divisor; or
//! values are equal in x only where they are equal in y, although x tells y no better than its
//! neighbours do.

use super::labels::Table;
use super::side::Side;

/// Fewer different rows tell nothing. Chosen by hand, as is the next.
const FEWEST: usize = 20;
/// A pair of values that occurs more often is no copy.
const MOST_COPIES: u32 = 20;

/// One row of each set of copies.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Copies {
    /// No sign of copies.
    None,
    /// Copies without doubt.
    Certain(Vec<usize>),
    /// Copies, unless y is a function of x and x one of y.
    UnlessFunction(Vec<usize>),
}

pub(super) fn find(x: &Side, y: &Side) -> Copies {
    let table = Table::new(x.codes(), y.codes());
    let (rows, different) = (x.codes().len(), table.cells.len());
    if different < FEWEST || different == rows {
        return Copies::None;
    }
    let divisor = table
        .cells
        .iter()
        .fold(0, |divisor, cell| gcd(divisor, cell.2));
    if divisor > 1 {
        return Copies::Certain(one_in(&table, |_| divisor));
    }
    let most_often = table.cells.iter().map(|cell| cell.2).max().unwrap_or(0);
    let labels = matches!(x, Side::Labels(_)) || matches!(y, Side::Labels(_));
    let one_to_one = table.x.len() == different && table.y.len() == different;
    if !labels && one_to_one && most_often <= MOST_COPIES {
        return Copies::UnlessFunction(one_in(&table, |cell| table.cells[cell].2));
    }
    Copies::None
}

/// The first of every so many rows of each cell.
fn one_in(table: &Table, every: impl Fn(usize) -> u32) -> Vec<usize> {
    let mut seen = vec![0; table.cells.len()];
    let rows = table.cell_of.iter().enumerate();
    rows.filter_map(|(row, &cell)| {
        let cell = cell as usize;
        seen[cell] += 1;
        (seen[cell] - 1_u32)
            .is_multiple_of(every(cell))
            .then_some(row)
    })
    .collect()
}

fn gcd(a: u32, b: u32) -> u32 {
    if a == 0 { b } else { gcd(b % a, a) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_have_two_signs() {
        let scalars = |codes: Vec<u32>| Side::Scalars(codes);
        let each = |times: u32| (0..30 * times).map(move |row| row / times);
        let turned = |code: u32| code * 7 % 30;
        let (x, y) = (each(3).collect(), each(3).map(turned).collect());
        let Copies::Certain(kept) = find(&scalars(x), &scalars(y)) else {
            panic!("all rows occur three times");
        };
        assert_eq!(kept.len(), 30);
        // Some rows twice.
        let some = || (0..30).chain(5..20);
        let found = find(
            &scalars(some().collect()),
            &scalars(some().map(turned).collect()),
        );
        assert!(matches!(found, Copies::UnlessFunction(kept) if kept.len() == 30));
        // Values that repeat by themselves.
        let coarse = each(3).map(|code| code % 11).collect();
        assert_eq!(
            find(&scalars(coarse), &scalars((0..90).collect())),
            Copies::None
        );
    }
}
