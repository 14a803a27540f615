//! A vector against any other variable: how many neighbours of each sample in x are its neighbours
//! in y.
//!
//! The neighbours of each variable are found once. Shuffling changes how many are common, nₓᵧ(i),
//! and Σ ln(1 + nₓᵧ(i)) is the statistic, as for windows around scalars.

use std::collections::HashMap;

use super::fixed_point::logs;
use super::margin::{Margin, MarginValues};
use crate::compute::special::normal_quantile;
use crate::compute::threads;

pub(super) struct Neighbours {
    x: Relation,
    y: Relation,
    logs: Vec<i64>,
}

/// Which samples are near which.
enum Relation {
    /// Those of one class.
    Classes(Vec<u32>),
    Lists(Lists),
}

/// Which samples are in which one's list: all up to the k-th distance, but not itself.
struct Lists {
    /// The places in each list.
    of: Vec<Vec<u32>>,
    /// The same as bits, a row for each list.
    bits: Vec<u64>,
    words: usize,
    /// The first place with the same values, for those that share them.
    twin: Vec<Option<u32>>,
}

/// The common neighbours of pairs of values that occur more than once.
pub(super) type Known = HashMap<(u32, u32), i64>;

impl Neighbours {
    pub fn new(x: &Margin, y: &Margin, k: usize) -> Self {
        Self {
            x: Relation::new(x, k),
            y: Relation::new(y, k),
            logs: logs(x.len()),
        }
    }

    pub fn statistic(&self, order: &[u32], inverse: &[u32], known: &mut Known) -> i64 {
        match (&self.x, &self.y) {
            (Relation::Lists(x), Relation::Lists(y)) => {
                known.clear();
                let pairs = (0..).zip(order);
                let logs = pairs.map(|(i, &at)| match (x.twin[i as usize], y.twin[at as usize]) {
                    (Some(x_twin), Some(y_twin)) => *known
                        .entry((x_twin, y_twin))
                        .or_insert_with(|| self.log(x.common(i, y, at, order, inverse))),
                    _ => self.log(x.common(i, y, at, order, inverse)),
                });
                logs.sum()
            }
            (Relation::Lists(lists), Relation::Classes(codes)) => {
                self.within_classes(lists, codes, order)
            }
            (Relation::Classes(codes), Relation::Lists(lists)) => {
                self.within_classes(lists, codes, inverse)
            }
            (Relation::Classes(_), Relation::Classes(_)) => 0,
        }
    }

    /// `order` leads from a place of the lists to one of the codes.
    fn within_classes(&self, lists: &Lists, codes: &[u32], order: &[u32]) -> i64 {
        let code = |place: u32| codes[order[place as usize] as usize];
        let logs = (0..).zip(&lists.of).map(|(i, list)| {
            let own = code(i);
            self.log(list.iter().filter(|&&j| code(j) == own).count())
        });
        logs.sum()
    }

    fn log(&self, common: usize) -> i64 {
        self.logs[common + 1]
    }
}

impl Relation {
    fn new(margin: &Margin, k: usize) -> Self {
        match &margin.values {
            MarginValues::Classes(codes) => Self::Classes(codes.clone()),
            MarginValues::Ranks(columns) => Self::Lists(Lists::new(columns, k)),
        }
    }
}

impl Lists {
    /// By the largest difference of normal scores.
    fn new(columns: &[Vec<i64>], k: usize) -> Self {
        let n = columns[0].len();
        let score = |&centred: &i64| normal_quantile((centred + n as i64) as f64 / (2 * n) as f64);
        let scores: Vec<Vec<f64>> = columns
            .iter()
            .map(|column| column.iter().map(score).collect())
            .collect();
        let k = k.min(n - 1);
        let list = |(distances, ordered): &mut (Vec<f64>, Vec<f64>), i: usize| -> Vec<u32> {
            distances.clear();
            distances.resize(n, 0.0);
            for column in &scores {
                let here = column[i];
                for (distance, value) in distances.iter_mut().zip(column) {
                    *distance = distance.max((value - here).abs());
                }
            }
            ordered.clone_from(distances);
            let (_, &mut reach, _) = ordered.select_nth_unstable_by(k, f64::total_cmp);
            (0..n as u32)
                .filter(|&j| j as usize != i && distances[j as usize] <= reach)
                .collect()
        };
        let of = threads::map(0..n, Default::default, list);
        let words = n.div_ceil(64);
        let mut bits = vec![0; n * words];
        for (row, list) in bits.chunks_exact_mut(words).zip(&of) {
            for &j in list {
                row[j as usize / 64] |= 1 << (j % 64);
            }
        }
        // Samples of the same values stand side by side.
        let same = |a: usize, b: usize| columns.iter().all(|column| column[a] == column[b]);
        let mut twin = vec![None; n];
        let places: Vec<usize> = (0..n).collect();
        for equal in places
            .chunk_by(|&a, &b| same(a, b))
            .filter(|equal| equal.len() > 1)
        {
            equal
                .iter()
                .for_each(|&place| twin[place] = Some(equal[0] as u32));
        }
        Self {
            of,
            bits,
            words,
            twin,
        }
    }

    fn contains(&self, i: u32, j: u32) -> bool {
        self.bits[i as usize * self.words + j as usize / 64] >> (j % 64) & 1 == 1
    }

    /// How many places are in list `i` of x and, paired, in list `at` of y.
    fn common(&self, i: u32, y: &Self, at: u32, order: &[u32], inverse: &[u32]) -> usize {
        let (x_list, y_list) = (&self.of[i as usize], &y.of[at as usize]);
        if x_list.len() <= y_list.len() {
            x_list
                .iter()
                .filter(|&&j| y.contains(at, order[j as usize]))
                .count()
        } else {
            y_list
                .iter()
                .filter(|&&j| self.contains(i, inverse[j as usize]))
                .count()
        }
    }
}
