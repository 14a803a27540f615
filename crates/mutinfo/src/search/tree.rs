//! [`Tree`]: a k-d tree that is walked for a leaf's points at once.

use std::ops::Sub;

/// How many points a leaf holds, and so for how many a tree is walked at once: few enough to be
/// near each other, and many enough to fill registers.
pub(super) const LEAF: usize = 16;

/// A k-d tree (Bentley 1975, Communications of the ACM 18) that knows between which corners the
/// points of each node lie.
///
/// All leaves but the last are full, and of two halves the first has as many leaves as the second,
/// or one more. So how many points a node holds, and where, follows from their number.
pub(super) struct Tree<T> {
    dimensions: usize,
    leaves: usize,
    /// The lowest and the highest value in each dimension, node after node. A node is followed by
    /// its first half.
    corners: Vec<[T; 2]>,
    /// Leaf after leaf, the first values of its points, their second values, and so on.
    values: Vec<[T; LEAF]>,
    /// The row of each point.
    rows: Vec<u32>,
}

/// Some leaves that lie side by side.
#[derive(Clone, Copy, Default)]
pub(super) struct Node {
    index: u32,
    first_leaf: u32,
    leaves: u32,
}

impl<T: Copy + PartialOrd + Sub<Output = T>> Tree<T> {
    /// Of points that stand one after another, at least one, no value of which is NaN. The last
    /// leaf is filled up with `filler`.
    pub(super) fn new(points: &[T], dimensions: usize, filler: T) -> Self {
        let n = points.len() / dimensions;
        let leaves = n.div_ceil(LEAF);
        let mut tree = Self {
            dimensions,
            leaves,
            corners: Vec::with_capacity(2 * leaves * dimensions),
            values: vec![[filler; LEAF]; leaves * dimensions],
            rows: (0..n as u32).collect(),
        };
        let mut rows = std::mem::take(&mut tree.rows);
        tree.split(points, &mut rows);
        let leaves = tree.values.chunks_exact_mut(dimensions);
        for (leaf, rows) in leaves.zip(rows.chunks(LEAF)) {
            for (place, &row) in rows.iter().enumerate() {
                let point = &points[row as usize * dimensions..];
                for (values, &value) in leaf.iter_mut().zip(point) {
                    values[place] = value;
                }
            }
        }
        tree.rows = rows;
        tree
    }

    /// Adds a node for these rows, which it brings into the tree's order.
    fn split(&mut self, points: &[T], rows: &mut [u32]) {
        let dimensions = self.dimensions;
        let value = |row: u32, dimension| points[row as usize * dimensions + dimension];
        let node = self.corners.len();
        for dimension in 0..dimensions {
            let first = value(rows[0], dimension);
            let [mut low, mut high] = [first; 2];
            for &row in &*rows {
                let value = value(row, dimension);
                low = if value < low { value } else { low };
                high = if value > high { value } else { high };
            }
            self.corners.push([low, high]);
        }
        if rows.len() > LEAF {
            let width = |dimension: usize| {
                let [low, high] = self.corners[node + dimension];
                high - low
            };
            let wider = |a, b| if width(b) > width(a) { b } else { a };
            let widest = (0..dimensions).fold(0, wider);
            let middle = rows.len().div_ceil(LEAF).div_ceil(2) * LEAF;
            rows.select_nth_unstable_by(middle, |&a, &b| {
                let (a, b) = (value(a, widest), value(b, widest));
                a.partial_cmp(&b).expect("no value is NaN")
            });
            let (first, second) = rows.split_at_mut(middle);
            self.split(points, first);
            self.split(points, second);
        }
    }
}

impl<T> Tree<T> {
    /// The row of each point, leaf after leaf.
    pub(super) fn rows(&self) -> &[u32] {
        &self.rows
    }

    /// The rows of a leaf's points.
    #[inline(always)]
    pub(super) fn rows_in(&self, leaf: usize) -> &[u32] {
        let start = leaf * LEAF;
        &self.rows[start..self.rows.len().min(start + LEAF)]
    }

    /// A leaf's points: their first values, their second values, and so on.
    #[inline(always)]
    pub(super) fn leaf(&self, leaf: usize) -> &[[T; LEAF]] {
        &self.values[leaf * self.dimensions..][..self.dimensions]
    }

    /// The node of all points.
    pub(super) fn root(&self) -> Node {
        Node {
            index: 0,
            first_leaf: 0,
            leaves: self.leaves as u32,
        }
    }

    /// Fills `path` with the nodes beside the way from the root to a leaf, those at its end and the
    /// leaf itself last, and returns how many they are.
    #[inline(always)]
    pub(super) fn path_to(&self, leaf: usize, path: &mut [Node]) -> usize {
        let (mut node, mut len) = (self.root(), 0);
        while let Some([first, second]) = node.halves() {
            let in_second = leaf >= second.first_leaf();
            let (towards, beside) = if in_second {
                (second, first)
            } else {
                (first, second)
            };
            path[len] = beside;
            len += 1;
            node = towards;
        }
        path[len] = node;
        len + 1
    }

    /// The lowest and the highest value of a node's points in each dimension.
    #[inline(always)]
    pub(super) fn corners(&self, node: Node) -> &[[T; 2]] {
        &self.corners[node.index as usize * self.dimensions..][..self.dimensions]
    }

    /// How many points a node holds.
    #[inline(always)]
    pub(super) fn len(&self, node: Node) -> usize {
        let start = node.first_leaf as usize * LEAF;
        (node.leaves as usize * LEAF).min(self.rows.len() - start)
    }
}

impl Node {
    /// Its first leaf.
    #[inline(always)]
    pub(super) fn first_leaf(self) -> usize {
        self.first_leaf as usize
    }

    /// Its two halves; none where it is a leaf.
    #[inline(always)]
    pub(super) fn halves(self) -> Option<[Self; 2]> {
        if self.leaves == 1 {
            return None;
        }
        // A node of `l` leaves is the first of 2 l − 1.
        let leaves = self.leaves.div_ceil(2);
        let first = Self {
            index: self.index + 1,
            leaves,
            ..self
        };
        let second = Self {
            index: self.index + 2 * leaves,
            first_leaf: self.first_leaf + leaves,
            leaves: self.leaves - leaves,
        };
        Some([first, second])
    }
}

/// Does something for each bit that is set, of [`LEAF`] bits.
#[inline(always)]
pub(super) fn each_bit(mut bits: u32, mut act: impl FnMut(usize)) {
    while bits != 0 {
        act(bits.trailing_zeros() as usize % LEAF);
        bits &= bits - 1;
    }
}
