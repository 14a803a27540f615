//! Exercise 02: bins, samples, bias, and what mends it.

use mutinfo::ndarray::Array2;
use mutinfo::{
    Bits, Discrete, EntropyEstimator, Estimator, Histogram2d, Ksg1, Nats, Sample,
    mutual_information,
};

use crate::answer::Amount;
use crate::card::Card;
use crate::exercise::{Exercise, Hints};
use crate::judge::{
    BY_HAND, COMPUTED, Judgement, Unit, amount, attempt, close, is_amount, nats, number, worked,
    wrong,
};

const EXERCISE: Exercise = Exercise {
    number: 2,
    hints: &[
        Hints {
            first: "The formula's result is in nats, and bits are asked for: `Nats(...)` makes an \
                    amount of a number, and the crate converts it. Write the numbers with a decimal \
                    point, as in `2.0`: a whole number divided by a whole number is a whole number \
                    in Rust, and `1 / 2` is 0.",
            second: "(15 · 15 − 15 − 15 + 1) / (2 · 200) = 196 / 400 nat. One nat is 1 / ln 2 ≈ \
                     1.443 bits.",
        },
        Hints {
            first: "Two traps: a `usize` cannot go below 0, not even half-way through a formula, \
                    and dividing one by another drops the decimals. So when should the three become \
                    `f64`: before the arithmetic, or after? `Nats(...)` round the result makes it \
                    an amount.",
            second: "Turn the three whole numbers into `f64` first (`x_bins as f64`): a `usize` \
                     cannot be negative, so 1 · 1 − 1 − 1 stops the program before the + 1 comes. \
                     In a formula: (bx · by − bx − by + 1) / (2 n).",
        },
        Hints {
            first: "Inside the loop stands what you know from one sample: draw it, with this \
                    round's seed, count it in bins, and take the MI (task 1.4 was such a line, for \
                    10 bins). Each round adds its MI to the sum, and behind the loop you divide by \
                    the number of rounds.",
            second: "A loop over the seeds: `let mut sum = Bits(0.0);`, then `for seed in 0..20 { … \
                     sum += mi; }`, and `sum / 20.0`. Inside, `Sample::coupled_normals(200, 0.0, \
                     seed)?` makes independent data.",
        },
        Hints {
            first: "N stands below the line, so ten times the samples make a tenth of the bias. You \
                    know the bias at N = 200 from task 2.1. How many times smaller shall it become? \
                    Compare the two in one unit.",
            second: "Solve 196 / (2 N) = 0.01 · ln 2 for N: the formula's answer is in nats, so \
                     0.01 bit must be turned into nats.",
        },
        Hints {
            first: "Count three times what is not empty: in all cells, in the rows, in the columns. \
                    Each count is a `usize`, so make it an `f64` before anything is subtracted. The \
                    fraction is a bare number, and I is an amount: which word round the fraction \
                    lets you subtract it from I?",
            second: "Count the cells, rows and columns that are not empty: \
                     `histogram.counts().iter().filter(|&&c| c > 0).count()`, and the same with \
                     `histogram.table().x_counts()` and `.y_counts()`. The correction is −(cells − \
                     rows − columns + 1) / (2 N), in nats.",
        },
        Hints {
            first: "An unbiased estimate of 0 is too high as well as too low, and in the mean these \
                    errors cancel. Go through the cell's methods one by one (Shift + Tab in a name \
                    says what it does): which of them keeps one kind of error out of the mean?",
            second: "`.clamped()` makes every negative estimate 0, so only the errors upwards are \
                     left to be averaged. Leave it out.",
        },
        Hints {
            first: "Two loops, one inside the other: the outer one over the numbers of bins, the \
                    inner one over seeds. The inner loop adds up the squares of the errors, and the \
                    exact value is `data.exact`. (`.value()` takes the bare number out of an \
                    amount, and `.powi(2)` squares it.) Print a line for each number of bins, and \
                    look for the smallest error.",
            second: "For each number of bins, average (estimate − exact)² over 20 seeds or more, at \
                     coupling 1 and N = 200, and take the number of bins where it is smallest. It \
                     lies between 5 and 10.",
        },
        Hints {
            first: "`true` and `false` are labels, too, and the function that measured the units \
                    takes lists of labels as well. To make such a list of a unit, ask each of its \
                    values the same question: `.mapv(|value| ...)` does so for a whole column. The \
                    unit x is the column `units.x.column(0)`.",
            second: "`units.x.column(0).mapv(|value| value > 0.0)` makes a list of `true` and \
                     `false`, which is a list of labels. With the same of y: \
                     `mutual_information(&x_on, &y_on)?.to_bits()`.",
        },
    ],
};

/// The lecture's number of samples.
const N: usize = 200;

/// The lecture's number of bins.
const BINS: usize = 15;

/// A task's first hint: the idea.
pub fn hint(task: usize) -> Card {
    EXERCISE.hint(task)
}

/// A task's second hint: nearly the answer.
pub fn second_hint(task: usize) -> Card {
    EXERCISE.second_hint(task)
}

/// The formula's bias for the lecture's histogram, in bits.
pub fn task_1(bias: &impl Amount) -> Card {
    EXERCISE.card(1, || {
        amount(
            bias,
            bias_of_full_table(BINS, BINS, N),
            Unit::Bits,
            BY_HAND,
            "Put 15 bins for x, 15 for y and N = 200 into the formula.",
        )?;
        Ok(
            "More than the 0.5 bit that is really there. Task 2.3 measures how true it is."
                .to_owned(),
        )
    })
}

/// A function for the bias in nats.
pub fn task_2<A: Amount>(bias: impl Fn(usize, usize, usize) -> A) -> Card {
    EXERCISE.card(2, || {
        for (x_bins, y_bins, n) in [(15, 15, 200), (4, 8, 1000), (2, 2, 50), (1, 1, 100)] {
            let case = format!("{x_bins} × {y_bins} bins and N = {n}");
            let answer = attempt(&case, || bias(x_bins, y_bins, n))?;
            amount(
                &answer,
                bias_of_full_table(x_bins, y_bins, n),
                Unit::Nats,
                COMPUTED,
                &format!("That was for {case}."),
            )?;
        }
        Ok("Right for four tables, and for a table of one cell, which has no bias.".to_owned())
    })
}

/// The mean estimate on independent data: a measured bias, in bits.
pub fn task_3(measured: &impl Amount) -> Card {
    EXERCISE.card(3, || {
        let mut sum = Nats(0.0);
        for seed in 0..20 {
            let data = worked(Sample::coupled_normals(N, 0.0, seed))?;
            sum += plug_in(&data, BINS)?;
        }
        amount(
            measured,
            sum / 20.0,
            Unit::Bits,
            // Twenty other seeds differ by about a hundredth of a bit.
            0.03,
            "It should be the mean over 20 seeds of a 15-bin histogram's MI, coupling 0, N = 200.",
        )?;
        Ok(format!(
            "About {:.2} for data that share nothing. It is less than the formula's 0.71 bit, \
             which holds while every cell can be hit often.",
            sum.to_bits() / 20.0
        ))
    })
}

/// The number of samples that brings the bias down to 0.01 bit.
pub fn task_4(samples: &impl Amount) -> Card {
    EXERCISE.card(4, || {
        let given = number(samples)?;
        let needed = bias_of_full_table(BINS, BINS, 1) / Bits(0.01).to_nats();
        if given >= needed.floor() && given <= 1.5 * needed {
            return Ok(format!(
                "N ≈ {needed:.0}: seventy times as much data as the lecture has."
            ));
        }
        if close(given, needed * std::f64::consts::LN_2, 0.01) {
            return wrong(
                "With that many it is 0.01 nat. The task asks for 0.01 bit, which is less.",
            );
        }
        wrong(if given < needed {
            "With that few samples the bias is still more than 0.01 bit."
        } else {
            "That is enough, but far more than it takes: find the least."
        })
    })
}

/// Miller and Madow's correction of a histogram's MI.
pub fn task_5<A: Amount>(corrected: impl Fn(&Histogram2d) -> A) -> Card {
    EXERCISE.card(5, || {
        for (n, coupling, bins, seed) in [(200, 1.0, 6, 1), (200, 0.0, 15, 2), (50, 0.5, 4, 3)] {
            let data = worked(Sample::coupled_normals(n, coupling, seed))?;
            let histogram = worked(Histogram2d::equal_width(&data.x, &data.y, bins))?;
            let case = format!("{bins} × {bins} bins and N = {n}");
            let answer = attempt(&case, || corrected(&histogram))?;
            let given = nats(&answer, Unit::Nats)?;
            let plain = histogram.proportions().mutual_information();
            let expected = plain - occupied_bias(&histogram);
            let usual_mistakes = [
                (plain, "That is the uncorrected value."),
                (
                    plain - bias_of_full_table(bins, bins, n),
                    "You count all cells. Miller and Madow count those that are not empty.",
                ),
                (
                    Nats(plain.to_bits().value()) - occupied_bias(&histogram),
                    "You take a correction in nats from an amount in bits.",
                ),
            ];
            for (mistake, advice) in usual_mistakes {
                if mistake != expected && close(given.value(), mistake.value(), COMPUTED) {
                    return wrong(advice);
                }
            }
            amount(
                &answer,
                expected,
                Unit::Nats,
                COMPUTED,
                &format!("That was for {case}, where {:.4} is right.", expected),
            )?;
        }
        Ok(
            "Right for three histograms. The correction is exact to first order in 1 / N: with 15 \
            bins and 200 samples most cells hold one sample or none, and it mends only a part."
                .to_owned(),
        )
    })
}

/// The mean of KSG over independent samples, without the clamp, in bits.
pub fn task_6(mean: &impl Amount) -> Card {
    EXERCISE.card(6, || {
        let (mut signed, mut clamped) = (Nats(0.0), Nats(0.0));
        for seed in 0..20 {
            let data = worked(Sample::coupled_normals(N, 0.0, seed))?;
            let estimate = worked(Ksg1::default().estimate(&data.x, &data.y))?;
            signed += estimate / 20.0;
            clamped += estimate.clamped() / 20.0;
        }
        let given = number(mean)?;
        if is_amount(given, clamped) {
            return wrong(
                "That is still the mean of the clamped estimates: none of them is below 0, so \
                 their mean cannot be 0.",
            );
        }
        amount(
            mean,
            signed,
            Unit::Bits,
            COMPUTED,
            "Use seeds 0 to 19, coupling 0, N = 200 and KSG with its usual k, as the cell above.",
        )?;
        Ok(format!(
            "{:.4}, against {:.4} with the clamp: an estimator must be free to say less than 0.",
            signed.to_bits(),
            clamped.to_bits()
        ))
    })
}

/// The number of bins with the smallest error on the lecture's data.
pub fn task_7(bins: &impl Amount) -> Card {
    EXERCISE.card(7, || {
        let given = number(bins)?;
        if !(1.0..=50.0).contains(&given) || given.fract() != 0.0 {
            return wrong(format!("{given} is not a number of bins from 1 to 50."));
        }
        let best = (2..=20)
            .map(rms_error)
            .collect::<Judgement<Vec<_>>>()?
            .into_iter()
            .fold(f64::INFINITY, f64::min);
        let yours = rms_error(given as usize)?;
        if yours <= 1.25 * best {
            return Ok(format!(
                "With {given} bins the typical error is {yours:.3} bit; with the lecture's 15 it \
                 is {:.3} bit.",
                rms_error(BINS)?
            ));
        }
        wrong(format!(
            "With {given} bins the typical error is {yours:.3} bit, and it can be {best:.3} bit. \
             Too few bins blur the relation, too many find one in noise."
        ))
    })
}

/// What two units behind a ReLU share by being on or off, in bits.
pub fn task_8(units: &Sample<Array2<f64>>, switches: &impl Amount) -> Card {
    EXERCISE.card(8, || {
        let on = |unit: &Array2<f64>| unit.column(0).mapv(|value| value > 0.0);
        let (x_on, y_on) = (on(&units.x), on(&units.y));
        let all = worked(mutual_information(&units.x, &units.y))?;
        let by_switches = worked(mutual_information(&x_on, &y_on))?;
        let given = number(switches)?;
        if is_amount(given, all) {
            return wrong(
                "That is what the units share in all. How much of it do you know if you only see \
                 whether each is above 0?",
            );
        }
        // Without the correction for few samples it is right, too.
        let counted = worked(Discrete::new(EntropyEstimator::PlugIn).estimate(&x_on, &y_on))?;
        if nats(switches, Unit::Bits)
            .is_ok_and(|given| close(given.value(), counted.value(), COMPUTED))
        {
            return Ok(praise(counted, all));
        }
        amount(
            switches,
            by_switches,
            Unit::Bits,
            COMPUTED,
            "Make a label of each unit, on or off, and measure what the two labels share.",
        )?;
        Ok(praise(by_switches, all))
    })
}

fn praise(by_switches: Nats, all: Nats) -> String {
    format!(
        "{:.2} of {:.2}: the rest is in how far they are on when both are.",
        by_switches.to_bits(),
        all.to_bits()
    )
}

/// (Bx By − Bx − By + 1) / 2N: the first-order bias of a table whose cells are all in use.
fn bias_of_full_table(x_bins: usize, y_bins: usize, n: usize) -> Nats {
    let (x, y) = (x_bins as f64, y_bins as f64);
    Nats((x * y - x - y + 1.0) / (2.0 * n as f64))
}

/// The same for the cells, rows and columns that are not empty.
fn occupied_bias(histogram: &Histogram2d) -> Nats {
    let table = histogram.table();
    let cells = table.counts().iter().filter(|&&count| count > 0).count() as f64;
    let rows = table.x_counts().iter().filter(|&&count| count > 0).count() as f64;
    let columns = table.y_counts().iter().filter(|&&count| count > 0).count() as f64;
    Nats((cells - rows - columns + 1.0) / (2.0 * table.total() as f64))
}

fn plug_in(data: &Sample, bins: usize) -> Judgement<Nats> {
    Ok(worked(Histogram2d::equal_width(&data.x, &data.y, bins))?
        .proportions()
        .mutual_information())
}

/// The root mean square error in bits on sixty samples of the lecture's kind.
fn rms_error(bins: usize) -> Judgement<f64> {
    let mut sum = 0.0;
    for seed in 0..60 {
        let data = worked(Sample::coupled_normals(N, 1.0, seed))?;
        let error = (plug_in(&data, bins)? - data.exact).to_bits().value();
        sum += error * error;
    }
    Ok((sum / 60.0).sqrt())
}

#[cfg(test)]
mod tests;
