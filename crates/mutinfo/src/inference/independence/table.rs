//! Classes against classes: the G statistic.

use super::fixed_point::steps;
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

/// Σ n ln n over the cells of a table, which is half of G but for terms of the margins.
pub(super) struct Table {
    /// The places of each class of x.
    x: Vec<Vec<u32>>,
    y: Vec<u32>,
    y_classes: usize,
    /// (n + 1) ln(n + 1) − n ln n.
    steps: Vec<i64>,
}

impl Table {
    /// None where one of them has a single class.
    pub(super) fn new(x: &Margin, y: &Margin) -> Option<Self> {
        let (x_codes, y_codes) = (classes(x), classes(y));
        let classes = |codes: &[u32]| codes.iter().max().map_or(0, |&code| code as usize + 1);
        let mut places = vec![Vec::new(); classes(&x_codes)];
        for (place, &code) in (0..).zip(&x_codes) {
            places[code as usize].push(place);
        }
        places.retain(|places| !places.is_empty());
        let one = |codes: &[u32]| codes.iter().all(|&code| code == codes[0]);
        (!one(&x_codes) && !one(&y_codes)).then(|| Self {
            x: places,
            y_classes: classes(&y_codes),
            y: y_codes,
            steps: steps(x.len()),
        })
    }

    pub(super) fn statistic(&self, order: &[u32], counts: &mut Vec<u32>) -> i64 {
        counts.clear();
        counts.resize(self.y_classes, 0);
        let mut sum = 0;
        for places in &self.x {
            let codes = places
                .iter()
                .map(|&place| self.y[order[place as usize] as usize] as usize);
            for code in codes.clone() {
                sum += self.steps[counts[code] as usize];
                counts[code] += 1;
            }
            codes.for_each(|code| counts[code] = 0);
        }
        sum
    }
}
