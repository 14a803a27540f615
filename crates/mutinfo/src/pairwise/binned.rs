//! All pairs of columns in bins: what is done once for each column, and from counts to information.

use ndarray::{Array2, ArrayView2};

use super::fused::FusedColumns;
use super::rows_of_bits::BinBits;
use super::{AllPairs, BLOCK, block_by_block, by_column};
use crate::compute::progress::Watch;
use crate::counting::binned::Binned;
use crate::counting::counts::{Counts, JointCounts};
use crate::counting::entropy_estimator::Correction;
use crate::data::labels::Labels;
use crate::error::Result;
use crate::units::Nats;

impl AllPairs for Binned {
    fn all_pairs(
        &self,
        x: ArrayView2<'_, f64>,
        y: Option<ArrayView2<'_, f64>>,
        watch: Watch<'_>,
    ) -> Result<Array2<Nats>> {
        let rows = x.nrows();
        let x = by_column(x, |column| self.x_labels(column))?;
        let y = y
            .map(|y| by_column(y, |column| self.y_labels(column)))
            .transpose()?;
        let columns = (x.len(), y.as_ref().map(Vec::len));
        let counting = {
            let y = y.as_deref();
            BinBits::of(&x, y).or_else(|| FusedColumns::of(&x, y.unwrap_or(&x)))
        };
        let Some(counting) = counting else {
            let y = y.as_ref().unwrap_or(&x);
            return block_by_block(columns, BLOCK, watch, |i, j| {
                let pairs = i.flat_map(|i| j.clone().map(move |j| (i, j)));
                let values = pairs.map(|(i, j)| {
                    let counts = JointCounts::of(&x[i], &y[j]);
                    (i, j, counts.mutual_information(self.correction()))
                });
                Ok(values.collect())
            });
        };

        let margins = |labels: Vec<Labels>| labels.iter().map(Margin::new).collect();
        let y: Option<Vec<Margin>> = y.map(margins);
        let x: Vec<Margin> = margins(x);
        let y = y.as_ref().unwrap_or(&x);
        let information = Information::new(self.correction(), rows);
        block_by_block(columns, BLOCK, watch, |i, j| {
            let mut values = Vec::with_capacity(i.len() * j.len());
            counting.each_pair(i, j, &mut |i, j, cells| {
                values.push((i, j, information.of(&x[i], &y[j], cells)));
            });
            Ok(values)
        })
    }
}

/// How often the bins of one column are hit.
struct Margin {
    counts: Counts,
    /// The plug-in entropy.
    entropy: f64,
}

impl Margin {
    fn new(labels: &Labels) -> Self {
        let counts = Counts::of(labels);
        let entropy = counts.entropy(Correction::PlugIn).0;
        Self { counts, entropy }
    }
}

/// From counts to information.
struct Information {
    correction: Correction,
    rows: usize,
    /// c ln c of the small counts.
    products: Vec<f64>,
}

impl Information {
    fn new(correction: Correction, rows: usize) -> Self {
        /// A quarter of a megabyte: it stays in fast memory.
        const SMALL: usize = 1 << 15;
        let product = |count| match count {
            0 => 0.0,
            count => count as f64 * (count as f64).ln(),
        };
        Self {
            correction,
            rows,
            products: (0..=rows.min(SMALL)).map(product).collect(),
        }
    }

    /// The information of two columns that fall into the cells of their table this often.
    fn of(&self, x: &Margin, y: &Margin, cells: &[u32]) -> Nats {
        let n = self.rows as f64;
        let plug_in = || x.entropy + y.entropy - (n.ln() - self.sum_of_products(cells) / n);
        match self.correction {
            Correction::PlugIn => Nats(plug_in()),
            Correction::MillerMadow => {
                let occupied = cells.iter().filter(|&&count| count > 0).count() as f64;
                let classes = (x.counts.classes() + y.counts.classes()) as f64;
                Nats(plug_in() + (classes - occupied - 1.0) / (2.0 * n))
            }
            correction => JointCounts::of_cells(x.counts.clone(), y.counts.clone(), cells)
                .mutual_information(correction),
        }
    }

    /// Σ c ln c, in four sums at a time: one would wait for each addition.
    fn sum_of_products(&self, cells: &[u32]) -> f64 {
        let (fours, rest) = cells.as_chunks::<4>();
        let mut sums = [0.0; 4];
        for four in fours {
            for (sum, &count) in sums.iter_mut().zip(four) {
                *sum += self.product(count);
            }
        }
        let rest = rest.iter().map(|&count| self.product(count));
        sums.into_iter().chain(rest).sum()
    }

    fn product(&self, count: u32) -> f64 {
        match self.products.get(count as usize) {
            Some(&product) => product,
            None => f64::from(count) * f64::from(count).ln(),
        }
    }
}
