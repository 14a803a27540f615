//! Classes against classes: the G statistic.

use super::fixed_point::LogTable;
use super::margin::{Margin, MarginValues};

/// The classes of a margin: labels, or the values that many samples share, all else being one class.
pub(super) fn classes(margin: &Margin) -> Vec<u32> {
    match &margin.values {
        MarginValues::Classes(codes) => codes.clone(),
        MarginValues::Ranks(columns) => {
            let n = margin.len();
            let needed = 3.max(n / 100);
            let mut places: Vec<usize> = (0..n).collect();
            let key = |place: usize| columns.iter().map(move |column| column[place]);
            places.sort_by(|&a, &b| key(a).cmp(key(b)));
            let mut codes = vec![0; n];
            let mut atoms = 0;
            for equal in places.chunk_by(|&a, &b| key(a).eq(key(b))) {
                if equal.len() >= needed {
                    atoms += 1;
                    equal.iter().for_each(|&place| codes[place] = atoms);
                }
            }
            codes
        }
    }
}

/// Σ n ln n over the cells of a table, which is G but for terms of the margins.
pub(super) struct Table {
    x: Vec<u32>,
    y: Vec<u32>,
    columns: usize,
    cells: usize,
    /// (n + 1) ln(n + 1) − n ln n.
    steps: Vec<i64>,
}

impl Table {
    /// None where one of them has a single class.
    pub fn new(x: &Margin, y: &Margin) -> Option<Self> {
        let (x, y) = (classes(x), classes(y));
        let count = |codes: &[u32]| {
            let mut seen = codes.to_vec();
            seen.sort_unstable();
            seen.dedup();
            seen
        };
        let (x_seen, y_seen) = (count(&x), count(&y));
        if x_seen.len() < 2 || y_seen.len() < 2 {
            return None;
        }
        let renumber = |codes: Vec<u32>, seen: &[u32]| -> Vec<u32> {
            codes
                .iter()
                .map(|code| seen.binary_search(code).expect("it was seen") as u32)
                .collect()
        };
        Some(Self {
            steps: LogTable::steps(x.len()),
            x: renumber(x, &x_seen),
            y: renumber(y, &y_seen),
            columns: y_seen.len(),
            cells: x_seen.len() * y_seen.len(),
        })
    }

    pub fn statistic(&self, order: &[u32], scratch: &mut Vec<u32>) -> i64 {
        if scratch.len() < self.cells {
            scratch.resize(self.cells, 0);
        }
        let cell = |(&x, &place): (&u32, &u32)| {
            x as usize * self.columns + self.y[place as usize] as usize
        };
        let mut sum = 0;
        for pair in self.x.iter().zip(order) {
            let count = &mut scratch[cell(pair)];
            sum += self.steps[*count as usize];
            *count += 1;
        }
        for pair in self.x.iter().zip(order) {
            scratch[cell(pair)] = 0;
        }
        sum
    }
}
