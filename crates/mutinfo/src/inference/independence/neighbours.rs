//! A vector against any other variable: how many neighbours of each sample in x are its neighbours
//! in y.
//!
//! The neighbours of each variable are found once. Shuffling changes how many are common, nₓᵧ(i),
//! and Σ ln(1 + nₓᵧ(i)) is the statistic, as for windows around scalars.

use super::fixed_point::LogTable;
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
    /// Those in each one's list.
    Lists {
        lists: Vec<Vec<u32>>,
        bits: Vec<u64>,
        words: usize,
    },
}

impl Neighbours {
    pub fn new(x: &Margin, y: &Margin, k: usize) -> Self {
        Self {
            x: Relation::new(x, k),
            y: Relation::new(y, k),
            logs: LogTable::logs(x.len() + 1),
        }
    }

    pub fn statistic(&self, order: &[u32], inverse: &[u32]) -> i64 {
        let places = 0..order.len() as u32;
        match (&self.x, &self.y) {
            (Relation::Lists { lists, .. }, Relation::Classes(codes)) => {
                let code = |place: u32| codes[order[place as usize] as usize];
                places
                    .map(|i| {
                        self.log(
                            lists[i as usize]
                                .iter()
                                .filter(|&&j| code(j) == code(i))
                                .count(),
                        )
                    })
                    .sum()
            }
            (Relation::Classes(codes), Relation::Lists { lists, .. }) => {
                let code = |place: u32| codes[inverse[place as usize] as usize];
                places
                    .map(|i| {
                        self.log(
                            lists[i as usize]
                                .iter()
                                .filter(|&&j| code(j) == code(i))
                                .count(),
                        )
                    })
                    .sum()
            }
            (Relation::Lists { lists: x, .. }, Relation::Lists { lists: y, .. }) => {
                let common = |i: u32| {
                    let at = order[i as usize];
                    let (x_list, y_list) = (&x[i as usize], &y[at as usize]);
                    if x_list.len() <= y_list.len() {
                        x_list
                            .iter()
                            .filter(|&&j| self.y.near(at, order[j as usize]))
                            .count()
                    } else {
                        y_list
                            .iter()
                            .filter(|&&j| self.x.near(i, inverse[j as usize]))
                            .count()
                    }
                };
                places.map(|i| self.log(common(i))).sum()
            }
            (Relation::Classes(_), Relation::Classes(_)) => 0,
        }
    }

    fn log(&self, common: usize) -> i64 {
        self.logs[common + 1]
    }
}

impl Relation {
    fn new(margin: &Margin, k: usize) -> Self {
        let columns = match &margin.values {
            MarginValues::Classes(codes) => return Self::Classes(codes.clone()),
            MarginValues::Ranks(columns) => columns,
        };
        let n = margin.len();
        let score = |&centred: &i64| normal_quantile((centred + n as i64) as f64 / (2 * n) as f64);
        let scores: Vec<Vec<f64>> = columns
            .iter()
            .map(|column| column.iter().map(score).collect())
            .collect();
        let k = k.min(n - 1);
        // All up to the k-th distance, so that no order decides between equal ones.
        let list = |distances: &mut Vec<f64>, i: usize| -> Vec<u32> {
            distances.clear();
            distances.resize(n, 0.0);
            for column in &scores {
                let here = column[i];
                for (distance, value) in distances.iter_mut().zip(column) {
                    *distance = distance.max((value - here).abs());
                }
            }
            let mut ordered = distances.clone();
            let (_, &mut reach, _) = ordered.select_nth_unstable_by(k, f64::total_cmp);
            (0..n as u32)
                .filter(|&j| j as usize != i && distances[j as usize] <= reach)
                .collect()
        };
        let lists = threads::map(0..n, Vec::new, list);
        let words = n.div_ceil(64);
        let mut bits = vec![0; n * words];
        for (i, list) in lists.iter().enumerate() {
            for &j in list {
                bits[i * words + j as usize / 64] |= 1 << (j % 64);
            }
        }
        Self::Lists { lists, bits, words }
    }

    fn near(&self, i: u32, j: u32) -> bool {
        match self {
            Relation::Classes(codes) => codes[i as usize] == codes[j as usize],
            Relation::Lists { bits, words, .. } => {
                bits[i as usize * words + j as usize / 64] >> (j % 64) & 1 == 1
            }
        }
    }
}
