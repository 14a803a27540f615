//! [`Boxes`]: how many points lie in a cube, by a k-d tree that looks only at the points near the
//! cube's surface.

use super::Counting;

/// How many points a leaf holds: few enough to look at, and many enough to look at together.
const LEAF: usize = 16;

/// A k-d tree (Bentley 1975, Communications of the ACM 18) whose nodes know how many points they
/// hold, and between which corners: those outside the cube or inside it need not be opened.
pub(crate) struct Boxes {
    dimensions: usize,
    /// A node is followed by its first half.
    nodes: Vec<Node>,
    /// The lowest and the highest value in each dimension, node after node.
    corners: Vec<f64>,
    /// Leaf after leaf, the first values of its points, their second values, and so on. The last
    /// leaf is filled up with +∞.
    leaves: Vec<f64>,
    /// The row of each point.
    rows: Vec<u32>,
}

struct Node {
    /// The place of its first point.
    start: usize,
    len: usize,
    /// Its second half.
    second: Option<usize>,
}

impl Boxes {
    /// Of points that stand one after another.
    pub(crate) fn new(points: &[f64], dimensions: usize) -> Self {
        let n = points.len() / dimensions;
        let mut rows: Vec<u32> = (0..n as u32).collect();
        let mut boxes = Self {
            dimensions,
            nodes: Vec::new(),
            corners: Vec::new(),
            leaves: vec![f64::INFINITY; n.next_multiple_of(LEAF) * dimensions],
            rows: Vec::new(),
        };
        boxes.split(points, &mut rows, 0);
        for (place, &row) in rows.iter().enumerate() {
            let point = &points[row as usize * dimensions..][..dimensions];
            let leaf = &mut boxes.leaves[place / LEAF * LEAF * dimensions..];
            for (dimension, &value) in point.iter().enumerate() {
                leaf[dimension * LEAF + place % LEAF] = value;
            }
        }
        boxes.rows = rows;
        boxes
    }

    /// Adds a node for these rows, which it brings into the tree's order.
    fn split(&mut self, points: &[f64], rows: &mut [u32], start: usize) {
        let dimensions = self.dimensions;
        let value = |row: u32, dimension| points[row as usize * dimensions + dimension];
        let node = self.nodes.len();
        self.nodes.push(Node {
            start,
            len: rows.len(),
            second: None,
        });
        let mut widest = (0, f64::NEG_INFINITY);
        for dimension in 0..dimensions {
            let values = rows.iter().map(|&row| value(row, dimension));
            let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
                (low.min(v), high.max(v))
            });
            self.corners.extend([low, high]);
            if high - low > widest.1 {
                widest = (dimension, high - low);
            }
        }
        if rows.len() > LEAF {
            // All leaves but the last are full.
            let middle = (rows.len() / 2).next_multiple_of(LEAF);
            rows.select_nth_unstable_by(middle, |&a, &b| {
                value(a, widest.0).total_cmp(&value(b, widest.0))
            });
            let (first, second) = rows.split_at_mut(middle);
            self.split(points, first, start);
            self.nodes[node].second = Some(self.nodes.len());
            self.split(points, second, start + middle);
        }
    }

    /// At least how far from a centre all points of a node are, and at most.
    #[inline(always)]
    fn reach(&self, node: usize, centre: &[f64]) -> [f64; 2] {
        let corners = &self.corners[2 * self.dimensions * node..];
        let (mut nearest, mut farthest) = (0.0, 0.0);
        for (&[low, high], &centre) in corners.as_chunks().0.iter().zip(centre) {
            nearest = larger(nearest, larger(low - centre, centre - high));
            farthest = larger(farthest, larger(centre - low, high - centre));
        }
        [nearest, farthest]
    }

    #[inline(always)]
    fn count_in_leaf(&self, start: usize, centre: &[f64], radius: f64) -> usize {
        let leaf = &self.leaves[start * self.dimensions..];
        let mut distances = [0.0; LEAF];
        for (values, &centre) in leaf.as_chunks::<LEAF>().0.iter().zip(centre) {
            for (distance, &value) in distances.iter_mut().zip(values) {
                *distance = larger(*distance, (value - centre).abs());
            }
        }
        distances.iter().filter(|&&d| d <= radius).count()
    }
}

impl Counting for Boxes {
    fn rows(&self) -> &[u32] {
        &self.rows
    }

    #[inline(always)]
    fn count_within(&self, centre: &[f64], radius: f64) -> usize {
        let mut count = 0;
        // Second halves that wait: one a level of the tree at most.
        let mut waiting = [0; usize::BITS as usize];
        let mut waiters = 0;
        let mut node = 0;
        loop {
            let Node { start, len, second } = self.nodes[node];
            let [nearest, farthest] = self.reach(node, centre);
            if farthest <= radius {
                count += len;
            } else if nearest <= radius {
                if let Some(second) = second {
                    waiting[waiters] = second;
                    waiters += 1;
                    node += 1;
                    continue;
                }
                count += self.count_in_leaf(start, centre, radius);
            }
            if waiters == 0 {
                return count;
            }
            waiters -= 1;
            node = waiting[waiters];
        }
    }
}

/// The larger of two numbers, neither of them NaN: one instruction, and `f64::max` is three.
#[inline(always)]
fn larger(a: f64, b: f64) -> f64 {
    if a > b { a } else { b }
}
