//! The recommended estimate for two vectors.

use ndarray::{Array2, ArrayView2, Axis, s};

use super::curve::{constant, extrapolate_sizes, noise};
use super::neighbourhoods::Neighbourhoods;
use super::scalars::{self, add, local_index};
use super::scores::{digammas, normal_quantiles, ranks};
use super::student::StudentCopula;
use crate::compute::threads;

/// The numbers of neighbours of the curve: those up to N/10, 3 in any case.
const KS: [usize; 6] = [3, 5, 10, 20, 40, 80];
/// More samples are dealt out into samples of this size or less: the time grows with its square.
const MANY: usize = 10_000;
/// So many samples a dimension are needed to fit a reference.
const ROWS_A_DIMENSION: usize = 10;
/// The share of independence mixed into the reference, which keeps its ratio from 0.
const INDEPENDENT: f64 = 0.02;
/// To be believed against a t copula, pairs must show this share more, beyond twice the noise: their
/// own estimates are off by less. Set on t laws of 1 to 6 degrees of freedom.
const MISFIT: f64 = 0.05;
/// How the curve's variance counts below and above, and how much of what the curve was moved by is
/// doubted above: the bias is towards 0. Set on draws of the families of the accuracy experiment
/// that were tuned on.
const BELOW: f64 = 0.3;
const ABOVE: f64 = 1.5;
const DOUBTED: f64 = 0.5;
/// To move the value by more than this share of it, and by more than noise does, is a guess.
const GUESSED: f64 = 0.2;
/// Points of a neighbourhood, along x and along y, at which the reference is averaged.
const SPOTS: usize = 8;
const CHUNK: usize = 64;

/// I(X; Y) in nats from at least four rows.
pub(super) fn estimate(x: ArrayView2<'_, f64>, y: ArrayView2<'_, f64>) -> Neighbourhoods {
    let deals = x.nrows().div_ceil(MANY);
    let parts = (0..deals).map(|deal| {
        let rows = s![deal..; deals, ..];
        estimate_dealt(x.slice(rows), y.slice(rows))
    });
    Neighbourhoods::mean(parts.collect())
}

fn estimate_dealt(x: ArrayView2<'_, f64>, y: ArrayView2<'_, f64>) -> Neighbourhoods {
    let n = x.nrows();
    let ranked = |x: ArrayView2<'_, f64>, y: ArrayView2<'_, f64>| -> Vec<Vec<usize>> {
        let columns = x.columns().into_iter().chain(y.columns()).zip(0..);
        columns
            .map(|(column, stream)| ranks(column, stream))
            .collect()
    };
    let scores = normal_quantiles(n);
    let scored = |ranks: &[Vec<usize>]| {
        Array2::from_shape_fn((n, ranks.len()), |(row, column)| scores[ranks[column][row]])
    };
    let space = |ranks: &[Vec<usize>]| {
        let (x_ranks, y_ranks) = ranks.split_at(x.ncols());
        Space::new(scored(x_ranks), scored(y_ranks))
    };
    let column_ranks = ranked(x, y);
    if n < ROWS_A_DIMENSION * column_ranks.len() {
        return space(&column_ranks).estimate(&Reference::Independence);
    }
    let copula = StudentCopula::fit(&column_ranks, x.ncols());
    let canonical_ranks = ranked(copula.x.view(), copula.y.view());
    let space = space(&canonical_ranks);

    let (dx, dy) = (x.ncols(), y.ncols());
    let pairs = dx.min(dy);
    let by_pair: Vec<Neighbourhoods> = (0..pairs)
        .map(|pair| scalars::estimate(&canonical_ranks[pair], &canonical_ranks[dx + pair]))
        .collect();
    let pairs_information =
        by_pair.iter().map(|pair| pair.value).sum::<f64>() - optimism(dx * dy - pairs, n);
    // What the pairs show beyond the copula. Those of a t copula share its scale, so that together
    // they tell less than their sum.
    let explained = copula.information_of_pairs();
    let excess =
        by_pair.iter().map(|pair| pair.value).sum::<f64>() - explained + optimism(pairs, n);
    let least = if copula.is_normal() {
        0.0
    } else {
        2.0 * (pairs as f64 * noise(scalars::LOCAL_K, n)).sqrt() + MISFIT * explained
    };
    if excess < least {
        space.estimate(&Reference::Copula(&copula))
    } else {
        space.estimate(&Reference::Pairs {
            by_pair: &by_pair,
            information: pairs_information,
        })
    }
}

/// How much too large the information of a fitted normal law is, for so many correlations.
fn optimism(correlations: usize, n: usize) -> f64 {
    correlations as f64 / (2 * n) as f64
}

/// A law whose information is known, or estimated better than that of all dimensions together.
enum Reference<'a> {
    Independence,
    Copula(&'a StudentCopula),
    /// The first dimensions of x and y, pair by pair.
    Pairs {
        by_pair: &'a [Neighbourhoods],
        information: f64,
    },
}

/// Two vectors in the coordinates in which neighbours are looked for.
struct Space {
    x: Array2<f64>,
    y: Array2<f64>,
    /// The rows in the order of the first dimension of x, and of y.
    by_x: Vec<usize>,
    by_y: Vec<usize>,
    psi: Vec<f64>,
}

/// The distances from one point to all, and what is counted within them.
#[derive(Default)]
struct Scratch {
    x: Vec<f64>,
    y: Vec<f64>,
    joint: Vec<f64>,
    pair_x: Vec<f64>,
    pair_y: Vec<f64>,
    radii: Vec<f64>,
    full: Vec<f64>,
    kept: Vec<f64>,
}

impl Space {
    fn new(x: Array2<f64>, y: Array2<f64>) -> Self {
        let order = |rows: &Array2<f64>| {
            let mut order: Vec<usize> = (0..rows.nrows()).collect();
            order.sort_by(|&a, &b| rows[[a, 0]].total_cmp(&rows[[b, 0]]));
            order
        };
        Self {
            by_x: order(&x),
            by_y: order(&y),
            psi: digammas(x.nrows()),
            x,
            y,
        }
    }

    /// KSG's first estimate less what the reference loses at each k, made level over k.
    fn estimate(&self, reference: &Reference<'_>) -> Neighbourhoods {
        let n = self.x.nrows();
        let largest = (n / 10).max(KS[0]);
        let ks: Vec<usize> = KS.into_iter().filter(|&k| k <= largest).collect();
        let local = local_index(&ks);
        let tasks = threads::map(
            threads::chunks(n, CHUNK),
            Scratch::default,
            |scratch, points| {
                let (mut full, mut kept) = (vec![0.0; ks.len()], vec![0.0; ks.len()]);
                let mut ln_radii = vec![0.0; ks.len()];
                let mut locals = Vec::with_capacity(points.len());
                for point in points {
                    self.look(point, &ks, reference, scratch);
                    add(&mut full, &scratch.full);
                    add(&mut kept, &scratch.kept);
                    for (sum, radius) in ln_radii.iter_mut().zip(&scratch.radii) {
                        *sum += radius.ln();
                    }
                    locals.push(scratch.full[local] - scratch.kept[local]);
                }
                (full, kept, ln_radii, locals)
            },
        );
        let (mut full, mut kept) = (vec![0.0; ks.len()], vec![0.0; ks.len()]);
        let mut ln_radii = vec![0.0; ks.len()];
        let mut locals = Vec::with_capacity(n);
        for task in tasks {
            add(&mut full, &task.0);
            add(&mut kept, &task.1);
            add(&mut ln_radii, &task.2);
            locals.extend(task.3);
        }
        let curve = full
            .iter()
            .zip(&kept)
            .map(|(full, kept)| (full - kept) / n as f64);
        let values: Vec<f64> = match reference {
            Reference::Independence => curve.collect(),
            Reference::Pairs {
                by_pair,
                information,
            } => {
                for pair in *by_pair {
                    add(&mut locals, &pair.locals);
                }
                curve.map(|residual| residual + information).collect()
            }
            Reference::Copula(copula) => {
                let whole = (0..n).map(|row| copula.ln_ratio(row, row)).sum::<f64>() / n as f64;
                let optimism = optimism(self.x.ncols() * self.y.ncols(), n);
                for (row, local) in locals.iter_mut().enumerate() {
                    *local += copula.ln_ratio(row, row);
                }
                // Only the part of the information that comes from the fit is too large.
                let part = |kept: &f64| {
                    if whole > 1e-3 {
                        (1.0 - kept / n as f64 / whole).clamp(0.0, 1.0)
                    } else {
                        1.0
                    }
                };
                curve
                    .zip(&kept)
                    .map(|(residual, kept)| residual + whole - part(kept) * optimism)
                    .collect()
            }
        };
        let sizes: Vec<f64> = ln_radii.iter().map(|sum| (sum / n as f64).exp()).collect();
        let fit = extrapolate_sizes(&ks, &values, &sizes, n);
        let extrapolated = fit.value - constant(&ks, &values, n);
        let mut variance = [BELOW, ABOVE].map(|factor| factor * fit.variance);
        let mut doubt = [0.0, DOUBTED * extrapolated];
        if let Reference::Pairs { by_pair, .. } = reference {
            for side in [0, 1] {
                for pair in *by_pair {
                    variance[side] += pair.variance[side];
                    doubt[side] = doubt[side].hypot(pair.doubt[side]);
                }
            }
        }
        Neighbourhoods {
            value: fit.value,
            variance,
            doubt,
            guessed: extrapolated > (GUESSED * fit.value).max(2.0 * noise(ks[0], n).sqrt()),
            locals,
            local_k: ks[local],
        }
    }

    /// One point's information at each k, and what the reference keeps of its own there.
    fn look(&self, point: usize, ks: &[usize], reference: &Reference<'_>, scratch: &mut Scratch) {
        let n = self.x.nrows();
        distances(&self.x, point, &mut scratch.x);
        distances(&self.y, point, &mut scratch.y);
        scratch.joint.clear();
        scratch
            .joint
            .extend(scratch.x.iter().zip(&scratch.y).map(|(x, y)| x.max(*y)));
        // The point itself is the nearest of all, at 0.
        let largest = ks[ks.len() - 1];
        scratch
            .joint
            .select_nth_unstable_by(largest, f64::total_cmp);
        scratch.joint[..=largest].sort_unstable_by(f64::total_cmp);
        scratch.radii.clear();
        scratch.radii.extend(ks.iter().map(|&k| scratch.joint[k]));

        scratch.full.clear();
        scratch.kept.clear();
        scratch.kept.resize(ks.len(), 0.0);
        for (index, (&k, &radius)) in ks.iter().zip(&scratch.radii).enumerate() {
            let nx = count_below(&scratch.x, radius);
            let ny = count_below(&scratch.y, radius);
            scratch
                .full
                .push(self.psi[n] + self.psi[k] - self.psi[nx] - self.psi[ny]);
            if let Reference::Copula(copula) = reference {
                let x_spots = spots(&self.by_x, &scratch.x, radius, nx);
                let y_spots = spots(&self.by_y, &scratch.y, radius, ny);
                let mut smooth = 0.0;
                let mut count = 0;
                for &x in x_spots.iter().flatten() {
                    for &y in y_spots.iter().flatten() {
                        smooth += copula.ln_ratio(x, y).exp();
                        count += 1;
                    }
                }
                let sharp = copula.ln_ratio(point, point);
                let mixed = |ratio: f64| ((1.0 - INDEPENDENT) * ratio + INDEPENDENT).ln();
                scratch.kept[index] = sharp + mixed(smooth / f64::from(count)) - mixed(sharp.exp());
            }
        }
        if let Reference::Pairs { by_pair, .. } = reference {
            for pair in 0..by_pair.len() {
                one_dimension(&self.x, pair, point, &mut scratch.pair_x);
                one_dimension(&self.y, pair, point, &mut scratch.pair_y);
                for (kept, &radius) in scratch.kept.iter_mut().zip(&scratch.radii) {
                    let (mut nx, mut ny, mut nxy) = (0, 0, 0);
                    for (x, y) in scratch.pair_x.iter().zip(&scratch.pair_y) {
                        let (x, y) = (*x < radius, *y < radius);
                        nx += usize::from(x);
                        ny += usize::from(y);
                        nxy += usize::from(x && y);
                    }
                    *kept += self.psi[n] + self.psi[nxy] - self.psi[nx] - self.psi[ny];
                }
            }
        }
    }
}

/// The distances of all rows from one, in maximum norm.
fn distances(rows: &Array2<f64>, point: usize, distances: &mut Vec<f64>) {
    distances.clear();
    distances.resize(rows.nrows(), 0.0);
    for column in rows.axis_iter(Axis(1)) {
        let middle = column[point];
        for (distance, value) in distances.iter_mut().zip(column) {
            *distance = distance.max((value - middle).abs());
        }
    }
}

/// The distances of all rows from one, in one dimension.
fn one_dimension(rows: &Array2<f64>, column: usize, point: usize, distances: &mut Vec<f64>) {
    let column = rows.column(column);
    let middle = column[point];
    distances.clear();
    distances.extend(column.iter().map(|value| (value - middle).abs()));
}

fn count_below(distances: &[f64], radius: f64) -> usize {
    distances
        .iter()
        .filter(|&&distance| distance < radius)
        .count()
}

/// Up to [`SPOTS`] of the `count` rows nearer than the radius, spread evenly over an order.
fn spots(order: &[usize], distances: &[f64], radius: f64, count: usize) -> [Option<usize>; SPOTS] {
    let mut spots = [None; SPOTS];
    let (mut seen, mut taken) = (0, 0);
    let wanted = SPOTS.min(count);
    for &row in order {
        if distances[row] < radius {
            if taken < wanted && seen == (2 * taken + 1) * count / (2 * wanted) {
                spots[taken] = Some(row);
                taken += 1;
            }
            seen += 1;
        }
    }
    spots
}
