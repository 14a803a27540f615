//! The recommended estimate for two vectors.

use ndarray::{Array2, ArrayView2, Axis, concatenate, s};

use super::codes::value_codes;
use super::curve::{constant, extrapolate_sizes, noise};
use super::neighbourhoods::Neighbourhoods;
use super::scalars::{self, add, local_index};
use super::scores::{digammas, normal_quantiles, ranks};
use super::student::StudentCopula;
use crate::compute::exponential::exponentials;
use crate::compute::threads;
use crate::search::{each_counts_within, each_kth_distances};

/// The numbers of neighbours of the curve: those up to N/10, 3 in any case.
const KS: [usize; 6] = [3, 5, 10, 20, 40, 80];
/// More samples are dealt out into samples of this size or less: in many dimensions, the time grows
/// with its square.
const MANY: usize = 10_000;
/// So many samples a dimension are needed to fit a reference.
const ROWS_A_DIMENSION: usize = 10;
/// The share of independence mixed into the reference, which keeps its ratio from 0.
const INDEPENDENT: f64 = 0.02;
/// To be believed against a t copula, pairs must show this share more, beyond twice the noise: their
/// own estimates are off by less. Set on t laws of 1 to 6 degrees of freedom.
const MISFIT: f64 = 0.05;
/// How the curve's variance counts below and above, and how much of what the curve was moved by is
/// doubted above: the bias is towards 0. Set on draws of independent vectors, and of the families of
/// the accuracy experiment that were tuned on.
const BELOW: f64 = 0.5;
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
            .map(|(column, stream)| ranks(&value_codes(column.to_vec()), stream))
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
    psi: Vec<f64>,
}

/// What each point sees within the distance of its k-th neighbour: a list over k, of lists over rows.
struct Found {
    radii: Vec<Vec<f64>>,
    /// How many rows are nearer than that in x and in y, the point itself included.
    near_x: Vec<Vec<u32>>,
    near_y: Vec<Vec<u32>>,
}

impl Space {
    fn new(x: Array2<f64>, y: Array2<f64>) -> Self {
        Self {
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
        let found = self.find(&ks);
        let all_kept = self.kept(reference, &found);
        let tasks = threads::map(
            threads::chunks(n, CHUNK),
            || (),
            |(), points| {
                let (mut full, mut kept) = (vec![0.0; ks.len()], vec![0.0; ks.len()]);
                let mut ln_radii = vec![0.0; ks.len()];
                let mut locals = Vec::with_capacity(points.len());
                for point in points {
                    for (index, &k) in ks.iter().enumerate() {
                        let [nx, ny] =
                            [&found.near_x, &found.near_y].map(|near| near[index][point] as usize);
                        let value = self.psi[n] + self.psi[k] - self.psi[nx] - self.psi[ny];
                        full[index] += value;
                        kept[index] += all_kept[index][point];
                        ln_radii[index] += found.radii[index][point].ln();
                        if index == local {
                            locals.push(value - all_kept[index][point]);
                        }
                    }
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
        let extrapolated = fit.value - constant(&ks, &values, n).value;
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

    fn find(&self, ks: &[usize]) -> Found {
        let joint = concatenate![Axis(1), self.x, self.y];
        let radii = each_kth_distances(joint.view(), ks);
        let nearer = nearer(&radii);
        Found {
            near_x: each_counts_within(self.x.view(), &nearer),
            near_y: each_counts_within(self.y.view(), &nearer),
            radii,
        }
    }

    /// What the reference keeps of each point's information in its neighbourhoods, over k and rows.
    fn kept(&self, reference: &Reference<'_>, found: &Found) -> Vec<Vec<f64>> {
        match reference {
            Reference::Independence => vec![vec![0.0; self.x.nrows()]; found.radii.len()],
            Reference::Copula(copula) => self.kept_by_copula(copula, found),
            Reference::Pairs { by_pair, .. } => self.kept_by_pairs(by_pair.len(), found),
        }
    }

    fn kept_by_pairs(&self, pairs: usize, found: &Found) -> Vec<Vec<f64>> {
        let n = self.x.nrows();
        let nearer = nearer(&found.radii);
        let mut kept = vec![vec![0.0; n]; nearer.len()];
        for pair in 0..pairs {
            let columns = s![.., pair..=pair];
            let (x, y) = (self.x.slice(columns), self.y.slice(columns));
            let both = concatenate![Axis(1), x, y];
            let [x, y, both] = [x, y, both.view()].map(|rows| each_counts_within(rows, &nearer));
            for (index, kept) in kept.iter_mut().enumerate() {
                let near = x[index].iter().zip(&y[index]).zip(&both[index]);
                for (kept, ((&nx, &ny), &nxy)) in kept.iter_mut().zip(near) {
                    let psi = |count: u32| self.psi[count as usize];
                    *kept += self.psi[n] + psi(nxy) - psi(nx) - psi(ny);
                }
            }
        }
        kept
    }

    fn kept_by_copula(&self, copula: &StudentCopula, found: &Found) -> Vec<Vec<f64>> {
        let [by_x, by_y] = [&self.x, &self.y].map(SortedRows::new);
        let mixed = |ratio: f64| ((1.0 - INDEPENDENT) * ratio + INDEPENDENT).ln();
        let n = self.x.nrows();
        let tasks = threads::map(
            threads::chunks(n, CHUNK),
            || ([Near::default(), Near::default()], Vec::new()),
            |([near_x, near_y], ratios), points| {
                let mut kept = vec![Vec::with_capacity(points.len()); found.radii.len()];
                for point in points {
                    let largest = found.radii[found.radii.len() - 1][point];
                    by_x.look(point, largest, near_x);
                    by_y.look(point, largest, near_y);
                    let sharp = copula.ln_ratio(point, point);
                    // What is within a radius is within the larger ones.
                    for (kept, radii) in kept.iter_mut().zip(&found.radii).rev() {
                        near_x.narrow(radii[point]);
                        near_y.narrow(radii[point]);
                        let y_spots = near_y.spots();
                        ratios.clear();
                        for x in near_x.spots().into_iter().flatten() {
                            let with_y = y_spots.into_iter().flatten();
                            ratios.extend(with_y.map(|y| copula.ln_ratio(x, y)));
                        }
                        exponentials(ratios);
                        let smooth = ratios.iter().sum::<f64>() / ratios.len() as f64;
                        kept.push(sharp + mixed(smooth) - mixed(sharp.exp()));
                    }
                }
                kept
            },
        );
        let mut kept = vec![Vec::with_capacity(n); found.radii.len()];
        for task in tasks {
            for (kept, part) in kept.iter_mut().zip(task) {
                kept.extend(part);
            }
        }
        kept
    }
}

/// The rows of x or y in the order of their first dimension.
struct SortedRows {
    rows: Vec<usize>,
    /// The place of each row.
    places: Vec<usize>,
    /// The values of each dimension.
    columns: Vec<Vec<f64>>,
}

/// Rows that are near a point, in that order, and their distances in maximum norm.
#[derive(Default)]
struct Near {
    rows: Vec<usize>,
    distances: Vec<f64>,
}

impl SortedRows {
    fn new(values: &Array2<f64>) -> Self {
        let mut rows: Vec<usize> = (0..values.nrows()).collect();
        rows.sort_by(|&a, &b| values[[a, 0]].total_cmp(&values[[b, 0]]));
        let mut places = vec![0; rows.len()];
        for (place, &row) in rows.iter().enumerate() {
            places[row] = place;
        }
        let columns = values.columns().into_iter();
        Self {
            columns: columns
                .map(|column| rows.iter().map(|&row| column[row]).collect())
                .collect(),
            rows,
            places,
        }
    }

    /// Finds the rows that are nearer than the radius in the first dimension.
    fn look(&self, point: usize, radius: f64, near: &mut Near) {
        let place = self.places[point];
        let first = &self.columns[0];
        let from = first.partition_point(|value| first[place] - value >= radius);
        let to = first.partition_point(|value| value - first[place] < radius);
        near.rows.clear();
        near.rows.extend_from_slice(&self.rows[from..to]);
        near.distances.clear();
        near.distances.resize(to - from, 0.0);
        for column in &self.columns {
            let middle = column[place];
            for (distance, value) in near.distances.iter_mut().zip(&column[from..to]) {
                let along = (value - middle).abs();
                *distance = if along > *distance { along } else { *distance };
            }
        }
    }
}

impl Near {
    /// Keeps the rows that are nearer than the radius.
    fn narrow(&mut self, radius: f64) {
        // Each is written, and stays where the next is not written over it: no branch to guess.
        let mut kept = 0;
        for place in 0..self.rows.len() {
            let distance = self.distances[place];
            self.distances[kept] = distance;
            self.rows[kept] = self.rows[place];
            kept += usize::from(distance < radius);
        }
        self.distances.truncate(kept);
        self.rows.truncate(kept);
    }

    /// Up to [`SPOTS`] of the rows, spread evenly over their order.
    fn spots(&self) -> [Option<usize>; SPOTS] {
        let count = self.rows.len();
        let wanted = SPOTS.min(count);
        std::array::from_fn(|spot| {
            (spot < wanted).then(|| self.rows[(2 * spot + 1) * count / (2 * wanted)])
        })
    }
}

/// The radii within which lies what is nearer than these.
fn nearer(radii: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let nearer = |radii: &Vec<f64>| radii.iter().map(|radius| radius.next_down()).collect();
    radii.iter().map(nearer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spots_are_spread_over_the_order_of_what_is_near() {
        let value = |(row, column): (usize, usize)| ((row * (7 + 4 * column) % 101) as f64).sin();
        let values = Array2::from_shape_fn((100, 2), value);
        let by_first = SortedRows::new(&values);
        let mut near = Near::default();
        for point in 0..100 {
            by_first.look(point, 0.9, &mut near);
            for radius in [0.9, 0.3, 0.05] {
                near.narrow(radius);
                let distance = |row: &usize| {
                    let differences = &values.row(*row) - &values.row(point);
                    differences.fold(0.0, |largest: f64, d| largest.max(d.abs()))
                };
                let mut rows: Vec<usize> = (0..100).collect();
                rows.retain(|row| distance(row) < radius);
                rows.sort_by(|&a, &b| values[[a, 0]].total_cmp(&values[[b, 0]]));
                assert_eq!(near.rows, rows);
                let spots: Vec<usize> = near.spots().into_iter().flatten().collect();
                let count = rows.len();
                let wanted = count.min(SPOTS);
                let middles = (0..wanted).map(|i| (2 * i + 1) * count / (2 * wanted));
                assert_eq!(spots, middles.map(|i| rows[i]).collect::<Vec<_>>());
            }
        }
    }
}
