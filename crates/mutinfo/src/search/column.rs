//! [`Column`]: one variable, sorted once and used for every pair and every permutation.

use std::ops::Range;

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
}

#[derive(Debug, Clone)]
struct Buckets {
    low: f64,
    per_unit: f64,
    /// Bucket b holds the values from place `starts[b]` to before `starts[b + 1]`.
    starts: Vec<u32>,
}

impl Column {
    /// Sorts the values, which must be finite and at most `u32::MAX` many.
    pub(crate) fn new(values: Vec<f64>) -> Self {
        let n = values.len();
        debug_assert!(u32::try_from(n).is_ok() && values.iter().all(|value| value.is_finite()));
        let mut buckets = Buckets::spanning(&values);
        let (mut padded, mut rows) = buckets.distribute(values);
        let mut pairs: Vec<(f64, u32)> = Vec::new();
        for bucket in buckets.starts.windows(2) {
            let bucket = bucket[0] as usize..bucket[1] as usize;
            if bucket.len() > 1 {
                let (values, rows) = (&mut padded[1..][bucket.clone()], &mut rows[bucket]);
                pairs.clear();
                pairs.extend(values.iter().copied().zip(rows.iter().copied()));
                pairs.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                for (place, &pair) in pairs.iter().enumerate() {
                    (values[place], rows[place]) = pair;
                }
            }
        }

        let sorted = &padded[1..=n];
        let mut first_equal = vec![0; n];
        let mut first = 0;
        let mut distinct = 0;
        let mut previous = f64::NEG_INFINITY;
        for (place, (&value, &row)) in sorted.iter().zip(&rows).enumerate() {
            let equal = value == previous;
            distinct += usize::from(!equal);
            first = if equal { first } else { place };
            previous = value;
            first_equal[row as usize] = first as u32;
        }
        Self {
            padded,
            rows,
            first_equal,
            distinct,
            buckets,
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
        let start = |number| self.buckets.start(number);
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
        let mut some: Vec<f64> = values.iter().step_by(n / 512 + 1).copied().collect();
        some.sort_unstable_by(f64::total_cmp);
        let at = |share: usize| some.get(some.len() * share / 64).copied().unwrap_or(0.0);
        let (low, high) = (at(1), at(63));
        let margin = (high - low) / 3.0;
        let (low, high) = (low - margin, high + margin);
        Self {
            low,
            per_unit: n as f64 / (high - low),
            starts: vec![0; n + 2],
        }
    }

    /// Which bucket a number belongs to: it never falls where the number rises.
    #[inline(always)]
    fn of(&self, number: f64) -> usize {
        // A conversion to an integer saturates, and takes NaN (0 · ∞) to 0.
        let bucket = ((number - self.low) * self.per_unit) as u32 as usize;
        bucket.min(self.starts.len() - 2)
    }

    /// Where the bucket of a number starts.
    #[inline(always)]
    fn start(&self, number: f64) -> usize {
        self.starts[self.of(number)] as usize
    }

    /// Fills `starts`, and returns the values, padded as a [`Column`] has them, and their rows,
    /// both bucket by bucket.
    fn distribute(&mut self, values: Vec<f64>) -> (Vec<f64>, Vec<u32>) {
        let n = values.len();
        for &value in &values {
            let bucket = self.of(value);
            self.starts[bucket] += 1;
        }
        let mut start = 0;
        for count in &mut self.starts {
            start += *count;
            *count = start;
        }
        // Each entry is now the end of its bucket; filling a bucket from its end moves it down
        // to the start.
        let mut padded = vec![f64::INFINITY; 1 + n + WINDOW];
        padded[0] = f64::NEG_INFINITY;
        let mut rows = vec![0; n];
        for (row, &value) in values.iter().enumerate().rev() {
            let bucket = self.of(value);
            self.starts[bucket] -= 1;
            let place = self.starts[bucket] as usize;
            padded[1 + place] = value;
            rows[place] = row as u32;
        }
        (padded, rows)
    }
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
}
