//! A vector against any other variable: how many neighbours of each sample in x are its neighbours
//! in y.
//!
//! The neighbours of each variable are found once. Shuffling changes how many are common, nₓᵧ(i),
//! and Σ ln(1 + nₓᵧ(i)) is the statistic, as for windows around scalars; once for k neighbours, once
//! for 2k.

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

/// Which samples are in which one's list: all up to the distance of the 2k-th, but not itself.
struct Lists {
    /// The places in each list.
    of: Vec<Vec<u32>>,
    /// The same as bits, a row for each list.
    far: Vec<u64>,
    /// Those up to the distance of the k-th.
    near: Vec<u64>,
    words: usize,
    /// The first place with the same values, for those that share them.
    twin: Vec<Option<u32>>,
}

/// The common neighbours of pairs of values that occur more than once.
pub(super) type Known = HashMap<(u32, u32), [i64; 2]>;

impl Neighbours {
    pub(super) fn new(x: &Margin, y: &Margin, k: usize) -> Self {
        Self {
            x: Relation::new(x, k),
            y: Relation::new(y, k),
            logs: logs(x.len()),
        }
    }

    /// For k and for 2k neighbours.
    pub(super) fn statistics(&self, order: &[u32], inverse: &[u32], known: &mut Known) -> [i64; 2] {
        let mut sums = [0; 2];
        let mut add = |logs: [i64; 2]| sums.iter_mut().zip(logs).for_each(|(sum, log)| *sum += log);
        match (&self.x, &self.y) {
            (Relation::Lists(x), Relation::Lists(y)) => {
                known.clear();
                for (i, &at) in (0..).zip(order) {
                    let common = || self.logs(x.common(i, y, at, order, inverse));
                    add(match (x.twin[i as usize], y.twin[at as usize]) {
                        (Some(x), Some(y)) => *known.entry((x, y)).or_insert_with(common),
                        _ => common(),
                    });
                }
            }
            (Relation::Lists(lists), Relation::Classes(codes)) => {
                (0..)
                    .zip(order)
                    .for_each(|(i, _)| add(self.logs(lists.of_class(i, codes, order))));
            }
            (Relation::Classes(codes), Relation::Lists(lists)) => {
                (0..)
                    .zip(order)
                    .for_each(|(i, _)| add(self.logs(lists.of_class(i, codes, inverse))));
            }
            (Relation::Classes(_), Relation::Classes(_)) => {}
        }
        sums
    }

    fn logs(&self, common: [usize; 2]) -> [i64; 2] {
        common.map(|common| self.logs[common + 1])
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
        let list = |(distances, ordered): &mut (Vec<f64>, Vec<f64>), i: usize| {
            distances.clear();
            distances.resize(n, 0.0);
            for column in &scores {
                let here = column[i];
                for (distance, value) in distances.iter_mut().zip(column) {
                    *distance = distance.max((value - here).abs());
                }
            }
            ordered.clone_from(distances);
            let far_k = (2 * k).min(n - 1);
            let (nearer, &mut far, _) = ordered.select_nth_unstable_by(far_k, f64::total_cmp);
            // The sample itself is among the nearer ones.
            let near = *nearer
                .select_nth_unstable_by(k.min(far_k - 1), f64::total_cmp)
                .1;
            let within = |reach: f64| {
                let others = (0..n as u32).filter(move |&j| j as usize != i);
                others
                    .filter(|&j| distances[j as usize] <= reach)
                    .collect::<Vec<u32>>()
            };
            (within(far), within(near))
        };
        let (of, near): (Vec<_>, Vec<_>) = threads::map(0..n, Default::default, list)
            .into_iter()
            .unzip();
        let words = n.div_ceil(64);
        let bits = |lists: &[Vec<u32>]| {
            let mut bits = vec![0; n * words];
            for (row, list) in bits.chunks_exact_mut(words).zip(lists) {
                list.iter()
                    .for_each(|&j| row[j as usize / 64] |= 1 << (j % 64));
            }
            bits
        };
        let (far, near) = (bits(&of), bits(&near));
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
            far,
            near,
            words,
            twin,
        }
    }

    fn contains(&self, bits: &[u64], i: u32, j: u32) -> bool {
        bits[i as usize * self.words + j as usize / 64] >> (j % 64) & 1 == 1
    }

    /// How many places are near or far in list `i` of x and, paired, in list `at` of y.
    fn common(&self, i: u32, y: &Self, at: u32, order: &[u32], inverse: &[u32]) -> [usize; 2] {
        let (x_list, y_list) = (&self.of[i as usize], &y.of[at as usize]);
        let (mut near, mut far) = (0, 0);
        let mut count = |x_place: u32, y_place: u32| {
            far += 1;
            let nearer = self.contains(&self.near, i, x_place) && y.contains(&y.near, at, y_place);
            near += usize::from(nearer);
        };
        if x_list.len() <= y_list.len() {
            for &j in x_list {
                let other = order[j as usize];
                if y.contains(&y.far, at, other) {
                    count(j, other);
                }
            }
        } else {
            for &j in y_list {
                let other = inverse[j as usize];
                if self.contains(&self.far, i, other) {
                    count(other, j);
                }
            }
        }
        [near, far]
    }

    /// How many places near or far in list `i` have its class; `order` leads from a place of the
    /// lists to one of the codes.
    fn of_class(&self, i: u32, codes: &[u32], order: &[u32]) -> [usize; 2] {
        let code = |place: u32| codes[order[place as usize] as usize];
        let own = code(i);
        let (mut near, mut far) = (0, 0);
        for &j in self.of[i as usize].iter().filter(|&&j| code(j) == own) {
            far += 1;
            near += usize::from(self.contains(&self.near, i, j));
        }
        [near, far]
    }
}
