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

/// For each sample, those near it.
struct Lists {
    of: Vec<List>,
    /// A number for all samples of the same values, where these alone fill the list; else [`ALONE`].
    class: Vec<u32>,
}

/// All places up to the distance of the 2k-th, but not the sample's own; first those up to the
/// distance of the k-th.
struct List {
    places: Vec<u32>,
    near: usize,
}

/// What one shuffle leaves for the next to use again.
#[derive(Default)]
pub(super) struct Counting {
    /// The common neighbours of pairs of classes.
    of_classes: HashMap<(u32, u32), [usize; 2]>,
    /// [`NEAR`] or [`FAR`] at the places of one list, 0 elsewhere.
    marks: Vec<u8>,
}

/// The class of a sample that is in none.
const ALONE: u32 = u32::MAX;

/// In the list. What is [`NEAR`] is so too.
const FAR: u8 = 0b01;
/// In the list, up to the distance of the k-th.
const NEAR: u8 = 0b11;

impl Neighbours {
    pub(super) fn new(x: &Margin, y: &Margin, k: usize) -> Self {
        Self {
            x: Relation::new(x, k),
            y: Relation::new(y, k),
            logs: logs(x.len()),
        }
    }

    /// For k and for 2k neighbours. `order` leads from a place of x to the one of y it is paired with,
    /// `inverse` back.
    pub(super) fn statistics(
        &self,
        order: &[u32],
        inverse: &[u32],
        counting: &mut Counting,
    ) -> [i64; 2] {
        let mut sums = [0; 2];
        let mut add = |common: [usize; 2]| {
            for (sum, common) in sums.iter_mut().zip(common) {
                *sum += self.logs[common + 1];
            }
        };
        match (&self.x, &self.y) {
            (Relation::Lists(x), Relation::Lists(y)) => {
                let Counting { of_classes, marks } = counting;
                of_classes.clear();
                marks.resize(order.len(), 0);
                for (i, &at) in order.iter().enumerate() {
                    let at = at as usize;
                    let (x_list, y_list) = (&x.of[i], &y.of[at]);
                    add(match (x.class[i], y.class[at]) {
                        (ALONE, ALONE) => x_list.common(y_list, inverse, marks),
                        (ALONE, class) => x_list.of_class(class, &y.class, order),
                        (class, ALONE) => y_list.of_class(class, &x.class, inverse),
                        (class, other) => *of_classes
                            .entry((class, other))
                            .or_insert_with(|| y_list.of_class(class, &x.class, inverse)),
                    });
                }
            }
            (Relation::Lists(x), Relation::Classes(codes)) => {
                for (list, &at) in x.of.iter().zip(order) {
                    add(list.of_class(codes[at as usize], codes, order));
                }
            }
            (Relation::Classes(codes), Relation::Lists(y)) => {
                for (list, &i) in y.of.iter().zip(inverse) {
                    add(list.of_class(codes[i as usize], codes, inverse));
                }
            }
            (Relation::Classes(_), Relation::Classes(_)) => {}
        }
        sums
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
            let mut list = List {
                places: Vec::new(),
                near: 0,
            };
            let mut take = |from: f64, to: f64| {
                let others = (0..n as u32).filter(|&j| j as usize != i);
                list.places.extend(others.filter(|&j| {
                    let distance = distances[j as usize];
                    distance > from && distance <= to
                }));
                list.places.len()
            };
            list.near = take(f64::NEG_INFINITY, near);
            take(near, far);
            list
        };
        let of = threads::map(0..n, Default::default, list);
        // Samples of the same values stand side by side.
        let same = |a: usize, b: usize| columns.iter().all(|column| column[a] == column[b]);
        let places: Vec<usize> = (0..n).collect();
        let mut class = vec![ALONE; n];
        for equal in places.chunk_by(|&a, &b| same(a, b)) {
            if equal.len() > 2 * k {
                class[equal[0]..][..equal.len()].fill(equal[0] as u32);
            }
        }
        Self { of, class }
    }
}

impl List {
    /// Its places near and far.
    fn split(&self) -> (&[u32], &[u32]) {
        self.places.split_at(self.near)
    }

    /// How many places near or far in this list are, paired, so in the other.
    fn common(&self, other: &Self, inverse: &[u32], marks: &mut [u8]) -> [usize; 2] {
        let (nearer, farther) = self.split();
        nearer.iter().for_each(|&j| marks[j as usize] = NEAR);
        farther.iter().for_each(|&j| marks[j as usize] = FAR);
        let mark = |j: &u32| usize::from(marks[inverse[*j as usize] as usize]);
        let (nearer, farther) = other.split();
        let (mut near, mut far) = (0, 0);
        for mark in nearer.iter().map(mark) {
            near += mark >> 1;
            far += mark & 1;
        }
        far += farther.iter().map(|j| mark(j) & 1).sum::<usize>();
        self.places.iter().for_each(|&j| marks[j as usize] = 0);
        [near, far]
    }

    /// How many places near or far in this list are, paired, of a class; `order` leads from a place
    /// of the list to one of the classes.
    fn of_class(&self, class: u32, classes: &[u32], order: &[u32]) -> [usize; 2] {
        let is_of_class = |j: &&u32| classes[order[**j as usize] as usize] == class;
        let (nearer, farther) = self.split();
        let near = nearer.iter().filter(is_of_class).count();
        [near, near + farther.iter().filter(is_of_class).count()]
    }
}
