//! [`Slabs`]: points of the plane, cut into slabs across one axis and sorted along the other.

use std::ops::Range;

use super::column::Column;
use super::k_smallest::KSmallest;
use super::parts::cut;
use crate::compute::simd::{LANES, Simd};
use crate::compute::threads;

/// How many points make a task for one thread.
const TASK: usize = 8192;

/// How many points of a slab a search takes on together, up and down.
const STEP: usize = 2;

/// How many points of a slab a tile probably goes up at most from where the last one entered.
const FEW: usize = 8;

/// The points in about √(n / k) slabs of neighbouring x, each sorted by y.
///
/// The neighbours of a point lie in a short run of its own slab and in short runs of the slabs
/// around it, so a search reads memory in order. The slabs are cut at ranks, equal x in the order
/// of y: ties neither widen a slab nor empty another.
pub(crate) struct Slabs {
    /// The points' x, slab by slab; each slab is framed by [`STEP`] places without a point.
    x: Vec<f64>,
    /// Their y, −∞ before each slab and +∞ after it.
    y: Vec<f64>,
    /// Their rows.
    rows: Vec<u32>,
    slabs: Vec<Slab>,
}

/// One slab: the places of its points and the box they lie in.
#[derive(Clone, Copy)]
struct Slab {
    start: usize,
    end: usize,
    x_low: f64,
    x_high: f64,
    y_low: f64,
    y_high: f64,
}

/// Neighbouring points of one slab that search together. A last tile that is not full repeats
/// its last point.
pub(crate) struct Tile<S: Simd> {
    /// Their coordinate across the slabs.
    pub(crate) x: [f64; LANES],
    /// Their coordinate along the slabs.
    pub(crate) y: [f64; LANES],
    /// How many there are.
    pub(crate) points: usize,
    start: usize,
    slab: usize,
    lanes_x: S::Lanes,
    lanes_y: S::Lanes,
}

/// Where the last tile of a slab entered each of the others. Tiles come in the order of y, so the
/// next one enters a little further up.
pub(crate) struct Entries(Vec<usize>);

impl Entries {
    /// Before the first tile of a slab.
    pub(crate) fn restart(&mut self) {
        self.0.fill(0);
    }
}

impl Slabs {
    /// Cuts points into slabs: point i has the x of row `x_row(i)` of one column and the y of row
    /// i of the other.
    pub(crate) fn new(
        x: &Column,
        x_row: impl Fn(u32) -> u32 + Sync,
        y: &Column,
        slabs: usize,
    ) -> Self {
        let n = x.len();
        let slabs = slabs.clamp(1, n.max(1));
        // The first n mod slabs slabs hold one point more.
        let (size, larger) = (n / slabs, n % slabs);
        let start = |slab: usize| slab * (size + 2 * STEP) + slab.min(larger) + STEP;
        let in_larger = larger * (size + 1);
        let slab_of = |place: usize| {
            if place < in_larger {
                place / (size + 1)
            } else {
                larger + (place - in_larger) / size.max(1)
            }
        };

        // In the order of y, each point's place in the order of x.
        let mut places = vec![0; n];
        let tasks = places.chunks_mut(TASK).zip(y.rows().chunks(TASK));
        threads::map(
            tasks,
            || (),
            |(), (places, rows)| {
                for (place, &row) in places.iter_mut().zip(rows) {
                    *place = x.first_equal()[x_row(row) as usize];
                }
            },
        );
        if x.is_tied() {
            let mut equal_before = vec![0; n];
            for place in &mut places {
                let before = &mut equal_before[*place as usize];
                *place += *before;
                *before += 1;
            }
        }

        let with_frames = n + slabs * 2 * STEP;
        let mut points_x = vec![0.0; with_frames];
        let mut points_y = vec![f64::INFINITY; with_frames];
        let mut rows = vec![0; with_frames];
        let mut next: Vec<usize> = (0..slabs).map(start).collect();
        for ((&place, &row), &y) in places.iter().zip(y.rows()).zip(y.sorted()) {
            let next = &mut next[slab_of(place as usize)];
            let at = *next;
            *next += 1;
            // Its x comes later, slab by slab, from places that lie close together in memory.
            points_x[at] = f64::from(place);
            points_y[at] = y;
            rows[at] = row;
        }

        for slab in (0..slabs).map(start) {
            points_y[slab - STEP..slab].fill(f64::NEG_INFINITY);
        }

        let tasks = || threads::chunks(slabs, TASK.div_ceil(size.max(1)));
        let parts = cut(
            &mut points_x,
            tasks().map(|slabs| start(slabs.end) - start(slabs.start)),
        );
        let fill = |points_x: &mut [f64], slabs: Range<usize>| {
            let frame = start(slabs.start) - STEP;
            let fill = |slab| {
                let (start, end) = (start(slab), next[slab]);
                for place_then_x in &mut points_x[start - frame..end - frame] {
                    *place_then_x = x.sorted()[*place_then_x as usize];
                }
                // So many places are framed before it and after its last one.
                let first = start - STEP - slab * 2 * STEP;
                Slab {
                    start,
                    end,
                    x_low: x.sorted()[first],
                    x_high: x.sorted()[first + end - start - 1],
                    y_low: points_y[start],
                    y_high: points_y[end - 1],
                }
            };
            slabs.map(fill).collect()
        };
        let slabs: Vec<Vec<Slab>> = threads::map(
            tasks().zip(parts.collect::<Vec<_>>()),
            || (),
            |(), (slabs, x)| fill(x, slabs),
        );
        let slabs = slabs.concat();
        Self {
            x: points_x,
            y: points_y,
            rows,
            slabs,
        }
    }

    /// How many slabs there are.
    pub(crate) fn len(&self) -> usize {
        self.slabs.len()
    }

    /// The entries of a first tile.
    pub(crate) fn entries(&self) -> Entries {
        Entries(vec![0; self.slabs.len()])
    }

    /// Where the tiles of a slab start.
    pub(crate) fn tiles(&self, slab: usize) -> impl Iterator<Item = usize> {
        let Slab { start, end, .. } = self.slabs[slab];
        (start..end).step_by(LANES)
    }

    /// The tile of a slab from a start.
    #[inline(always)]
    pub(crate) fn tile<S: Simd>(&self, simd: S, slab: usize, start: usize) -> Tile<S> {
        let points = LANES.min(self.slabs[slab].end - start);
        let (mut x, mut y) = ([0.0; LANES], [0.0; LANES]);
        for lane in 0..LANES {
            let at = start + lane.min(points - 1);
            x[lane] = self.x[at];
            y[lane] = self.y[at];
        }
        Tile {
            x,
            y,
            points,
            start,
            slab,
            lanes_x: simd.load(x),
            lanes_y: simd.load(y),
        }
    }

    /// The row of one of the tile's points.
    #[inline(always)]
    pub(crate) fn row<S: Simd>(&self, tile: &Tile<S>, lane: usize) -> usize {
        self.rows[tile.start + lane] as usize
    }

    /// Offers each of the tile's points all others that may be among its nearest.
    #[inline(always)]
    pub(crate) fn search<S: Simd>(
        &self,
        simd: S,
        tile: &Tile<S>,
        entries: &mut Entries,
        nearest: &mut impl KSmallest<S>,
    ) {
        let end = tile.start + tile.points;
        for lane in 0..tile.points {
            let distance = tile.distance(simd, tile.x[lane], tile.y[lane]);
            // Not to itself.
            let mut own = [0.0; LANES];
            own[lane] = f64::INFINITY;
            nearest.offer(simd, simd.max(distance, simd.load(own)));
        }
        self.search_slab(simd, tile, self.slabs[tile.slab], tile.start, end, nearest);
        let (below, above) = (&self.slabs[..tile.slab], &self.slabs[tile.slab + 1..]);
        let (entries_below, entries_above) = entries.0.split_at_mut(tile.slab);
        for (slab, entry) in below.iter().zip(entries_below).rev() {
            let (near, far) = (simd.splat(slab.x_high), tile.lanes_x);
            if !simd.any_closer(far, near, nearest.kth()) {
                break;
            }
            self.search_other(simd, tile, *slab, entry, nearest);
        }
        for (slab, entry) in above.iter().zip(&mut entries_above[1..]) {
            let (near, far) = (tile.lanes_x, simd.splat(slab.x_low));
            if !simd.any_closer(far, near, nearest.kth()) {
                break;
            }
            self.search_other(simd, tile, *slab, entry, nearest);
        }
    }

    /// Searches another slab than the tile's.
    #[inline(always)]
    fn search_other<S: Simd>(
        &self,
        simd: S,
        tile: &Tile<S>,
        slab: Slab,
        entry: &mut usize,
        nearest: &mut impl KSmallest<S>,
    ) {
        let farthest = simd.largest(nearest.kth());
        let (first, last) = tile.span();
        if slab.y_low - last < farthest && first - slab.y_high < farthest {
            *entry += count_below(first, &self.y[slab.start + *entry..slab.end]);
            let middle = slab.start + *entry;
            self.search_slab(simd, tile, slab, middle, middle, nearest);
        }
    }

    /// Searches a slab down from before `down` and up from `up`, as far as it matters.
    #[inline(always)]
    fn search_slab<S: Simd>(
        &self,
        simd: S,
        tile: &Tile<S>,
        slab: Slab,
        down: usize,
        up: usize,
        nearest: &mut impl KSmallest<S>,
    ) {
        let frame = slab.start - STEP..slab.end + STEP;
        let (x, y) = (&self.x[frame.clone()], &self.y[frame.clone()]);
        let (mut down, mut up) = (down - frame.start, up - frame.start);
        let (first, last) = tile.span();
        loop {
            let farthest = simd.largest(nearest.kth());
            let (go_down, go_up) = (first - y[down - 1] < farthest, y[up] - last < farthest);
            if go_down {
                down -= STEP;
                for at in down..down + STEP {
                    nearest.offer(simd, tile.distance(simd, x[at], y[at]));
                }
            }
            if go_up {
                for at in up..up + STEP {
                    nearest.offer(simd, tile.distance(simd, x[at], y[at]));
                }
                up += STEP;
            }
            if !go_down && !go_up {
                break;
            }
        }
    }
}

impl<S: Simd> Tile<S> {
    /// The maximum-norm distance of each point of the tile to (x, y).
    #[inline(always)]
    fn distance(&self, simd: S, x: f64, y: f64) -> S::Lanes {
        let dx = simd.distance(self.lanes_x, simd.splat(x));
        let dy = simd.distance(self.lanes_y, simd.splat(y));
        simd.max(dx, dy)
    }

    /// The smallest and the largest y.
    #[inline(always)]
    fn span(&self) -> (f64, f64) {
        (self.y[0], self.y[LANES - 1])
    }
}

/// How many of some sorted values lie below a number. Likely few: the first are looked at together.
#[inline(always)]
fn count_below(number: f64, values: &[f64]) -> usize {
    let mut below = 0;
    if let Some(first) = values.first_chunk::<FEW>() {
        below = first.iter().map(|&value| usize::from(value < number)).sum();
        if below < FEW {
            return below;
        }
    }
    below + values[below..].partition_point(|&value| value < number)
}
