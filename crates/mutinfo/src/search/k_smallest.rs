//! The k smallest distances of four points at once.

use crate::compute::simd::Simd;

/// Keeps the k smallest of the distances offered to each of the points that search together.
pub(crate) trait KSmallest<S: Simd> {
    /// Forgets all distances.
    fn clear(&mut self, simd: S);

    /// Offers one distance to each point.
    fn offer(&mut self, simd: S, distance: S::Lanes);

    /// Each point's k-th smallest distance so far.
    fn kth(&self) -> S::Lanes;
}

/// For small k: a network without branches, kept in registers.
pub(crate) struct Few<S: Simd, const K: usize>([S::Lanes; K]);

impl<S: Simd, const K: usize> Few<S, K> {
    #[inline(always)]
    pub(crate) fn new(simd: S) -> Self {
        Self([simd.splat(f64::INFINITY); K])
    }
}

impl<S: Simd, const K: usize> KSmallest<S> for Few<S, K> {
    #[inline(always)]
    fn clear(&mut self, simd: S) {
        self.0 = [simd.splat(f64::INFINITY); K];
    }

    #[inline(always)]
    fn offer(&mut self, simd: S, mut distance: S::Lanes) {
        for kept in &mut self.0 {
            sift(simd, kept, &mut distance);
        }
    }

    #[inline(always)]
    fn kth(&self) -> S::Lanes {
        self.0[K - 1]
    }
}

/// For any k: the same network, entered only where it changes something.
pub(crate) struct Many<S: Simd>(Vec<S::Lanes>);

impl<S: Simd> Many<S> {
    #[inline(always)]
    pub(crate) fn new(simd: S, k: usize) -> Self {
        Self(vec![simd.splat(f64::INFINITY); k])
    }
}

impl<S: Simd> KSmallest<S> for Many<S> {
    #[inline(always)]
    fn clear(&mut self, simd: S) {
        self.0.fill(simd.splat(f64::INFINITY));
    }

    #[inline(always)]
    fn offer(&mut self, simd: S, mut distance: S::Lanes) {
        if simd.any_closer(distance, simd.splat(0.0), self.kth()) {
            for kept in &mut self.0 {
                sift(simd, kept, &mut distance);
            }
        }
    }

    #[inline(always)]
    fn kth(&self) -> S::Lanes {
        self.0[self.0.len() - 1]
    }
}

/// Keeps the smaller of two distances and passes the larger on.
#[inline(always)]
fn sift<S: Simd>(simd: S, kept: &mut S::Lanes, passing: &mut S::Lanes) {
    let (a, b) = (*kept, *passing);
    *kept = simd.min(a, b);
    *passing = simd.max(a, b);
}
