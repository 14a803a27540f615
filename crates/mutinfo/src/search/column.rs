//! [`Column`]: one variable, sorted once and used for every pair and every permutation.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::compute::threads;
use crate::search::parts::{Parts, cut};

/// Of about how many values it is seen which numbers the buckets should span.
const SAMPLE: usize = 128;

/// Buckets of up to so many values are sorted by insertion.
const FEW: u32 = 16;

/// How many buckets are sorted together: about as many values fit into a core's own memory.
const PART: usize = 8192;

/// How many values a search looks at together.
const WINDOW: usize = 8;

/// How many centres [`Column::count_each_within`] takes at once.
pub(crate) const BATCH: usize = 64;

/// The values of one variable in increasing order, in buckets of equal width that each hold about
/// one of them: the bucket of a number says nearly where it would stand.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// One −∞, the values, and `WINDOW` times +∞.
    padded: Vec<f64>,
    /// The row of each value.
    rows: Vec<u32>,
    /// For each row, the place of the first value equal to its own.
    first_equal: Vec<u32>,
    /// How many different values there are.
    distinct: usize,
    buckets: Buckets,
    /// Bucket b holds the values from place `starts[b]` to before `starts[b + 1]`.
    starts: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Buckets {
    low: f64,
    per_unit: f64,
    /// The number of the last bucket.
    last: u32,
}

impl Column {
    /// Sorts the values, which must be finite and at most `u32::MAX` many.
    pub(crate) fn new(values: Vec<f64>) -> Self {
        let n = values.len();
        debug_assert!(u32::try_from(n).is_ok() && values.iter().all(|value| value.is_finite()));
        let buckets = Buckets::spanning(&values);
        // First into parts of many buckets, which fit into a core's own memory, then part by part.
        let parts = n / PART + 1;
        let entries = Parts::new(n, parts, |row| {
            let bucket = buckets.of(values[row]);
            (bucket as usize / PART, (values[row], row as u32, bucket))
        });

        // Their place is filled with the sorted ones.
        let mut padded = values;
        padded.resize(1 + n + WINDOW, f64::INFINITY);
        padded[0] = f64::NEG_INFINITY;
        padded[1 + n..].fill(f64::INFINITY);
        let mut rows = vec![0; n];
        let mut starts = vec![0; n + 2];
        // The rows of a part lie anywhere, so all threads write to the whole, each row once.
        let first_equal: Vec<AtomicU32> = vec![0; n].into_iter().map(AtomicU32::new).collect();
        let sizes = || (0..parts).map(|part| entries.len(part));
        let mut first_place = 0;
        let tasks: Vec<SortPart<'_>> = cut(&mut padded[1..], sizes())
            .zip(cut(&mut rows, sizes()))
            .zip(starts[..n + 1].chunks_mut(PART))
            .enumerate()
            .map(|(part, ((values, rows), starts))| {
                let place = first_place;
                first_place += rows.len();
                SortPart {
                    part,
                    first_place: place,
                    values,
                    rows,
                    starts,
                }
            })
            .collect();
        let distinct = threads::map(tasks.into_iter(), Vec::new, |scratch, task| {
            task.sort(&entries, scratch, &first_equal)
        });
        starts[n + 1] = n as u32;
        Self {
            padded,
            rows,
            first_equal: first_equal.into_iter().map(AtomicU32::into_inner).collect(),
            distinct: distinct.into_iter().sum(),
            buckets,
            starts,
        }
    }

    /// The number of values.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// The values in increasing order.
    pub(crate) fn sorted(&self) -> &[f64] {
        &self.padded[1..=self.len()]
    }

    /// The row of each sorted value.
    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// For each row, the place of the first sorted value equal to its own.
    pub(crate) fn first_equal(&self) -> &[u32] {
        &self.first_equal
    }

    /// How many different values there are.
    pub(crate) fn distinct(&self) -> usize {
        self.distinct
    }

    /// Whether two values are equal.
    pub(crate) fn is_tied(&self) -> bool {
        self.distinct < self.len()
    }

    /// The values, row by row.
    pub(crate) fn by_row(&self) -> Vec<f64> {
        let mut values = vec![0.0; self.len()];
        for (&row, &value) in self.rows.iter().zip(self.sorted()) {
            values[row as usize] = value;
        }
        values
    }

    /// How many values v there are with |v − centre| ≤ radius, the difference rounded as `f64`
    /// rounds it. (Comparing v with the rounded centre ± radius would count others.)
    #[inline(always)]
    pub(crate) fn count_within(&self, centre: f64, radius: f64) -> usize {
        let Range { start, end } = self.range_within(centre, radius);
        end - start
    }

    /// The same around each of up to [`BATCH`] centres. Where a large column is not in the cache,
    /// its parts are fetched together, and not each when the count before is done.
    #[inline(always)]
    pub(crate) fn count_each_within<T>(
        &self,
        items: &[T],
        centre_and_radius: impl Fn(&T) -> (f64, f64),
    ) -> [usize; BATCH] {
        let mut starts = [(0, 0); BATCH];
        for (starts, item) in starts.iter_mut().zip(items) {
            let (centre, radius) = centre_and_radius(item);
            *starts = self.bucket_starts(centre, radius);
        }
        let mut counts = [0; BATCH];
        for ((count, starts), item) in counts.iter_mut().zip(starts).zip(items) {
            let (centre, radius) = centre_and_radius(item);
            let Range { start, end } = self.range_near(starts, centre, radius);
            *count = end - start;
        }
        counts
    }

    /// The places of these values.
    #[inline(always)]
    pub(crate) fn range_within(&self, centre: f64, radius: f64) -> Range<usize> {
        self.range_near(self.bucket_starts(centre, radius), centre, radius)
    }

    /// Where the buckets of centre − radius and centre + radius start.
    #[inline(always)]
    fn bucket_starts(&self, centre: f64, radius: f64) -> (usize, usize) {
        let start = |number| self.starts[self.buckets.of(number) as usize] as usize;
        (start(centre - radius), start(centre + radius))
    }

    /// The places of these values, from [`bucket_starts`](Self::bucket_starts).
    #[inline(always)]
    fn range_near(&self, (low, high): (usize, usize), centre: f64, radius: f64) -> Range<usize> {
        let end = self.boundary(high, |value| value - centre <= radius);
        let start = self.boundary(low, |value| centre - value > radius);
        start..end
    }

    /// How many of the sorted values come `before` a boundary in or near the bucket from `start`.
    #[inline(always)]
    fn boundary(&self, start: usize, before: impl Fn(f64) -> bool + Copy) -> usize {
        let window = &self.padded[start..start + WINDOW];
        let mut passed = 0_u64;
        for &value in window {
            passed += u64::from(before(value));
        }
        // The window begins with the value before the bucket, at place `start − 1`.
        if passed > 0 && passed < WINDOW as u64 {
            start + passed as usize - 1
        } else {
            self.sorted().partition_point(|&value| before(value))
        }
    }
}

impl Buckets {
    /// As many buckets as values, which span all but outliers; these fall into the end buckets.
    fn spanning(values: &[f64]) -> Self {
        let n = values.len();
        let mut some: Vec<f64> = values.iter().step_by(n / SAMPLE + 1).copied().collect();
        some.sort_unstable_by(f64::total_cmp);
        let at = |share: usize| some.get(some.len() * share / 64).copied().unwrap_or(0.0);
        let (low, high) = (at(1), at(63));
        let margin = (high - low) / 3.0;
        let (low, high) = (low - margin, high + margin);
        Self {
            low,
            per_unit: n as f64 / (high - low),
            last: n as u32,
        }
    }

    /// Which bucket a number belongs to: it never falls where the number rises.
    #[inline(always)]
    fn of(&self, number: f64) -> u32 {
        // A conversion to an integer saturates, and takes NaN (0 · ∞) to 0.
        (((number - self.low) * self.per_unit) as u32).min(self.last)
    }
}

/// Some buckets that follow each other, to be sorted.
struct SortPart<'a> {
    part: usize,
    /// The place of its first value among all.
    first_place: usize,
    /// To be filled, as [`Column`] has them:
    values: &'a mut [f64],
    rows: &'a mut [u32],
    starts: &'a mut [u32],
}

impl SortPart<'_> {
    /// Sorts the part's values, and returns how many different ones there are.
    fn sort(
        self,
        entries: &Parts<Entry>,
        sorted: &mut Vec<Entry>,
        first_equal: &[AtomicU32],
    ) -> usize {
        let Self {
            part,
            first_place,
            values,
            rows,
            starts,
        } = self;
        let entries = entries.runs(part).flatten();
        let bucket = |entry: &Entry| entry.2 as usize % PART;
        for entry in entries.clone() {
            starts[bucket(entry)] += 1;
        }
        let mut start = 0;
        let mut most = 0;
        for count in &mut *starts {
            most = most.max(*count);
            start += *count;
            *count = start;
        }
        // Each entry is now the end of its bucket; filling a bucket from its end moves it down
        // to the start.
        sorted.resize(values.len(), Entry::default());
        for entry in entries.rev() {
            let start = &mut starts[bucket(entry)];
            *start -= 1;
            sorted[*start as usize] = *entry;
        }
        if most > FEW {
            for bucket in sorted.chunk_by_mut(|a, b| a.2 == b.2) {
                bucket.sort_unstable_by(compare);
            }
        }
        for start in &mut *starts {
            *start += first_place as u32;
        }
        // The buckets are in order already.
        for place in 1..sorted.len() {
            let entry = sorted[place];
            let mut to = place;
            while to > 0 && compare(&entry, &sorted[to - 1]).is_lt() {
                sorted[to] = sorted[to - 1];
                to -= 1;
            }
            sorted[to] = entry;
        }

        // Equal values are in the same bucket.
        let mut first = first_place;
        let mut distinct = 0;
        let mut previous = f64::NEG_INFINITY;
        let places = values.iter_mut().zip(rows).zip(&*sorted);
        for (place, ((to_value, to_row), &(value, row, _))) in (first_place..).zip(places) {
            (*to_value, *to_row) = (value, row);
            let equal = value == previous;
            distinct += usize::from(!equal);
            first = if equal { first } else { place };
            previous = value;
            first_equal[row as usize].store(first as u32, Relaxed);
        }
        distinct
    }
}

/// A value to be sorted, its row and its bucket. (A tuple, as memory for it comes zeroed.)
type Entry = (f64, u32, u32);

/// The order of values; equal ones come in the order of their rows.
#[inline(always)]
fn compare(a: &Entry, b: &Entry) -> Ordering {
    a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Ordinary, tied, huge and tiny numbers.
    fn values() -> impl Strategy<Value = Vec<f64>> {
        let value = prop_oneof![
            -3.0..3.0,
            (-3..3_i32).prop_map(f64::from),
            Just(-0.0),
            (-1.0..1.0).prop_map(|u: f64| 1.0 / u.powi(9)),
            (-1.0..1.0).prop_map(|u: f64| u * 1e-300),
        ];
        prop::collection::vec(value, 1..200)
    }

    proptest! {
        #[test]
        fn sorts(values in values()) {
            let column = Column::new(values.clone());
            prop_assert!(column.sorted().is_sorted());
            for (place, &row) in column.rows().iter().enumerate() {
                prop_assert_eq!(column.sorted()[place], values[row as usize]);
                let first = column.first_equal()[row as usize] as usize;
                prop_assert_eq!(first, column.sorted().partition_point(|&v| v < values[row as usize]));
            }
        }

        #[test]
        fn counts_what_lies_within(values in values(), radius in prop_oneof![Just(0.0), 0.0..4.0, 0.0..1e9]) {
            let column = Column::new(values.clone());
            for &centre in &values {
                for radius in [radius, (values[0] - centre).abs(), (values[0] - centre).abs().next_down().max(0.0)] {
                    let slow = values.iter().filter(|&v| (v - centre).abs() <= radius).count();
                    prop_assert_eq!(column.count_within(centre, radius), slow);
                }
            }
        }
    }

    #[test]
    fn many_values_are_sorted_on_any_number_of_threads() {
        let n = 5 * PART + 7;
        let uniform = |row: usize| ((row * row + 1) as f64).sin();
        let laws: [fn(f64) -> f64; 8] = [
            |u| u,
            |u| (10.0 * u).round() / 10.0,
            |u| (100.0 * u).round(),
            |u| u.signum(),
            |u| u.powi(-5),
            |u| if u < 0.9 { 0.0 } else { u },
            |u| if u < 0.999_999 { u } else { 1e6 },
            |_| 0.0,
        ];
        for law in laws {
            let values: Vec<f64> = (0..n).map(uniform).map(law).collect();
            let mut expected: Vec<(f64, u32)> = values.iter().copied().zip(0..).collect();
            expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            for threads in [1, 2, 3] {
                let column = crate::with_threads(threads, || Column::new(values.clone()));
                let rows = column.rows().iter().copied();
                let pairs: Vec<_> = column.sorted().iter().copied().zip(rows).collect();
                assert!(pairs == expected);
                let mut distinct = 0;
                for equal in expected.chunk_by(|a, b| a.0 == b.0) {
                    let place = column.sorted().partition_point(|&value| value < equal[0].0);
                    let first_equal = |&(_, row): &(f64, u32)| column.first_equal()[row as usize];
                    assert!(equal.iter().all(|pair| first_equal(pair) as usize == place));
                    distinct += 1;
                }
                assert_eq!(column.distinct(), distinct);
            }
        }
    }
}
