//! The tables of many pairs of columns of labels, counted several at once: what
//! [`Discrete`](crate::Discrete) and [`Binned`](crate::Binned) prepare.

mod count_pairs;
mod fused;
mod rows_of_bits;

use crate::counting::counts::{Counts, JointCounts};
use crate::counting::entropy_estimator::EntropyEstimator;
use crate::data::labels::Labels;
use crate::error::Result;
use crate::estimator::{Block, Prepared, PreparedSets};
use crate::units::Nats;
use count_pairs::CountPairs;
use fused::FusedColumns;
use rows_of_bits::RowsOfBits;

/// Columns of labels, ready to be counted in pairs.
pub(super) struct PairTables {
    labels: PreparedSets<Labels>,
    margins: PreparedSets<Margin>,
    counting: Option<Box<dyn CountPairs>>,
    information: Information,
}

impl PairTables {
    pub(super) fn new(labels: PreparedSets<Labels>, correction: EntropyEstimator) -> Self {
        let many = labels.x().len() * labels.y().len() > 1;
        let counting = many
            .then(|| RowsOfBits::of(&labels).or_else(|| FusedColumns::of(&labels)))
            .flatten();
        let samples = labels.x()[0].len();
        Self {
            margins: labels.map(Margin::new),
            counting,
            information: Information::new(correction, samples),
            labels,
        }
    }
}

impl Prepared for PairTables {
    fn estimate(&self, i: usize, j: usize) -> Result<Nats> {
        let counts = JointCounts::of(&self.labels.x()[i], &self.labels.y()[j]);
        Ok(counts.mutual_information(self.information.correction))
    }

    fn estimate_reordered(&self, i: usize, j: usize, order: &[u32]) -> Result<Nats> {
        let x = self.labels.x()[i].in_order(order);
        let counts = JointCounts::of(&x, &self.labels.y()[j]);
        Ok(counts.mutual_information(self.information.correction))
    }

    fn estimate_block(
        &self,
        block: &Block,
        then: &mut dyn FnMut(usize, usize, Nats),
    ) -> Result<()> {
        let Some(counting) = &self.counting else {
            for (i, j) in block.pairs() {
                then(i, j, self.estimate(i, j)?);
            }
            return Ok(());
        };
        let (x, y) = (self.margins.x(), self.margins.y());
        counting.each_pair(block.x.clone(), block.y.clone(), &mut |i, j, cells| {
            if block.wants(i, j) {
                then(i, j, self.information.of(&x[i], &y[j], cells));
            }
        });
        Ok(())
    }

    fn estimate_with_itself(&self, i: usize) -> Result<Nats> {
        self.estimate(i, i)
    }
}

/// How often the classes of one column occur.
struct Margin {
    counts: Counts,
    /// The plug-in entropy.
    entropy: f64,
}

impl Margin {
    fn new(labels: &Labels) -> Self {
        let counts = Counts::of(labels);
        let entropy = counts.entropy(EntropyEstimator::PlugIn).0;
        Self { counts, entropy }
    }
}

/// From counts to information.
struct Information {
    correction: EntropyEstimator,
    samples: usize,
    /// c ln c of the small counts.
    products: Vec<f64>,
}

impl Information {
    fn new(correction: EntropyEstimator, samples: usize) -> Self {
        /// A quarter of a megabyte: it stays in fast memory.
        const SMALL: usize = 1 << 15;
        let product = |count| match count {
            0 => 0.0,
            count => count as f64 * (count as f64).ln(),
        };
        Self {
            correction,
            samples,
            products: (0..=samples.min(SMALL)).map(product).collect(),
        }
    }

    /// The information of two columns that fall into the cells of their table this often.
    fn of(&self, x: &Margin, y: &Margin, cells: &[u32]) -> Nats {
        if x.counts.classes() == 1 || y.counts.classes() == 1 {
            return Nats(0.0);
        }
        let n = self.samples as f64;
        let plug_in = || x.entropy + y.entropy - (n.ln() - self.sum_of_products(cells) / n);
        match self.correction {
            EntropyEstimator::PlugIn => Nats(plug_in()),
            EntropyEstimator::MillerMadow => {
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
