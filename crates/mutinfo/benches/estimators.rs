//! How long each estimator takes, over the number of samples N and of dimensions.
//!
//! `cargo bench -p mutinfo` times all, `cargo bench -p mutinfo -- scalars` one group. Where the
//! environment variable `MUTINFO_BASELINE` is set, nothing is used that not every processor has.
//! How the times compare with other programs', `tests/peers/run` says.

use divan::Bencher;
use divan::counter::ItemsCount;
use mutinfo::choosing;
use mutinfo::prelude::*;
use ndarray::{Array1, Array2, ArrayView2};

fn main() {
    divan::main();
}

type Any = Box<dyn Estimator>;

/// All estimators that take such variables.
fn all(x: Variable<'_>, y: Variable<'_>) -> Vec<Any> {
    let mut all = choosing::all();
    all.push(Box::new(Adaptive));
    all.retain(|estimator| estimator.estimate_variables(&x, &y).is_ok());
    all
}

/// N pairs of vectors: each two coordinates are normal with ρ² = ½.
fn numbers(n: usize, dimensions: usize) -> [Array2<f64>; 2] {
    let family = Distribution::Normal(vec![0.5_f64.sqrt(); dimensions]);
    let sample = family
        .sample(n, 1)
        .and_then(Sample::numbers)
        .expect("these are the parameters of a law");
    [sample.x, sample.y]
}

/// About a dozen classes.
fn labels(values: &Array2<f64>) -> Array1<i32> {
    values.column(0).mapv(|value| (2.0 * value).round() as i32)
}

fn for_scalars() -> Vec<Any> {
    let [x, y] = numbers(100, 1);
    all((&x).into(), (&y).into())
}

fn for_vectors() -> Vec<Any> {
    let [x, y] = numbers(100, 2);
    all((&x).into(), (&y).into())
}

fn for_labels() -> Vec<Any> {
    let [x, y] = numbers(100, 1);
    all((&labels(&x)).into(), (&labels(&y)).into())
}

fn for_both() -> Vec<Any> {
    let [x, y] = numbers(100, 1);
    all((&x).into(), (&labels(&y)).into())
}

fn time(bencher: Bencher<'_, '_>, estimator: &Any, x: &Variable<'_>, y: &Variable<'_>) {
    let points = ItemsCount::new(x.len());
    bencher
        .counter(points)
        .bench(|| estimator.estimate_variables(x, y));
}

#[divan::bench(args = for_scalars(), consts = [200, 2_000, 20_000], max_time = 0.5)]
fn scalars<const N: usize>(bencher: Bencher<'_, '_>, estimator: &Any) {
    let [x, y] = numbers(N, 1);
    time(bencher, estimator, &(&x).into(), &(&y).into());
}

#[divan::bench(args = for_vectors(), consts = [200, 2_000, 20_000], max_time = 0.5)]
fn two_dimensions_each<const N: usize>(bencher: Bencher<'_, '_>, estimator: &Any) {
    let [x, y] = numbers(N, 2);
    time(bencher, estimator, &(&x).into(), &(&y).into());
}

#[divan::bench(args = for_vectors(), consts = [200, 2_000, 20_000], max_time = 0.5)]
fn five_dimensions_each<const N: usize>(bencher: Bencher<'_, '_>, estimator: &Any) {
    let [x, y] = numbers(N, 5);
    time(bencher, estimator, &(&x).into(), &(&y).into());
}

#[divan::bench(args = for_labels(), consts = [200, 20_000], max_time = 0.5)]
fn two_labels<const N: usize>(bencher: Bencher<'_, '_>, estimator: &Any) {
    let [x, y] = numbers(N, 1);
    time(
        bencher,
        estimator,
        &(&labels(&x)).into(),
        &(&labels(&y)).into(),
    );
}

#[divan::bench(args = for_both(), consts = [200, 20_000], max_time = 0.5)]
fn scalar_and_label<const N: usize>(bencher: Bencher<'_, '_>, estimator: &Any) {
    let [x, y] = numbers(N, 1);
    time(bencher, estimator, &(&x).into(), &(&labels(&y)).into());
}

/// Of x and y given z, each of so many dimensions.
#[divan::bench(args = [1, 2], consts = [200, 2_000, 20_000], max_time = 0.5)]
fn ksg1_given_z<const N: usize>(bencher: Bencher<'_, '_>, dimensions: usize) {
    let ([x, y], [z, _]) = (numbers(N, dimensions), numbers(N, dimensions));
    let z = &z + &x;
    bencher
        .counter(ItemsCount::new(N))
        .bench(|| Ksg1::default().estimate_given(&x, &y, &z));
}

#[divan::bench(args = [200, 2_000, 20_000], max_time = 0.5)]
fn transfer_entropy(bencher: Bencher<'_, '_>, n: usize) {
    let [x, y] = numbers(n, 1).map(|values| values.column(0).to_owned());
    let transfer = TransferEntropy::new(Ksg1::default());
    bencher
        .counter(ItemsCount::new(n))
        .bench(|| transfer.estimate(&x, &y));
}

/// 100 shuffles.
#[divan::bench(args = [200, 2_000, 20_000], max_time = 0.5)]
fn permutation_test(bencher: Bencher<'_, '_>, n: usize) {
    let [x, y] = numbers(n, 1);
    let test = PermutationTest::new(100, 1).expect("there are permutations");
    bencher
        .counter(ItemsCount::new(100_usize))
        .bench(|| test.run(&Ksg1::default(), &x, &y));
}

/// All pairs of 64 columns, of so many samples.
fn time_matrix(bencher: Bencher<'_, '_>, n: usize, estimator: &impl AllPairs) {
    let [x, _] = numbers(n, 64);
    let columns: ArrayView2<'_, f64> = x.view();
    bencher
        .counter(ItemsCount::new(64 * 63 / 2_usize))
        .bench(|| estimator.matrix(columns));
}

#[divan::bench(args = [100, 1_000, 10_000], consts = [8, 16], max_time = 0.5)]
fn matrix_in_bins<const BINS: usize>(bencher: Bencher<'_, '_>, n: usize) {
    let binned = Binned::equal_frequency(BINS).expect("there are bins");
    time_matrix(bencher, n, &binned);
}

#[divan::bench(args = [100, 1_000], max_time = 0.5)]
fn matrix_by_ksg1(bencher: Bencher<'_, '_>, n: usize) {
    time_matrix(bencher, n, &Ksg1::default());
}

#[divan::bench(args = [100, 1_000], max_time = 0.5)]
fn matrix_by_gaussian(bencher: Bencher<'_, '_>, n: usize) {
    time_matrix(bencher, n, &Gaussian::default());
}
