//! [`Neighbourhood`]: the nearest-neighbour estimator at work on one sample.

use mutinfo::ndarray::ArrayView1;
use mutinfo::{Error, Nats, Result};

use crate::axis::Axis;
use crate::canvas::{Anchor, Canvas, LABEL, LINE, MARKER, draw};
use crate::check::check_pairs;
use crate::colour::{BLACK, faint, series};
use crate::figure::Figure;
use crate::number::copied;
use crate::panel::Panel;
use crate::plot::{Labels, shows_itself};
use crate::words::number;

const SIZE: (u32, u32) = (820, 470);

/// One sample among all others, as the first algorithm of Kraskov, Stögbauer and Grassberger
/// (2004) sees it: the square that reaches its k-th nearest neighbour, the strips in which it
/// counts, and the sample's term in the estimate,
///
/// ψ(k) + ψ(N) − ψ(nₓ + 1) − ψ(n_y + 1),
///
/// where nₓ counts the other samples that are nearer in x than ε, the distance to that neighbour
/// (the larger of the distances in x and in y), and n_y those that are nearer in y. Both variables
/// are divided by their standard deviations first, as [`Ksg1`](mutinfo::Ksg1) does; its estimate is
/// the mean of the terms.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_figures::Neighbourhood;
///
/// let data = Sample::coupled_normals(200, 1.0, 10)?;
/// let at_17 = Neighbourhood::of(&data.x, &data.y, 17, 3)?;
/// println!("{} and {} others are as near", at_17.n_x(), at_17.n_y());
/// let terms = Ksg1::default().local(&data.x, &data.y)?;
/// assert!((at_17.term() - terms[17]).abs() < Nats(1e-12));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Neighbourhood {
    x: Vec<f64>,
    y: Vec<f64>,
    sample: usize,
    k: usize,
    neighbours: Vec<usize>,
    distance: f64,
    n_x: usize,
    n_y: usize,
}

impl Neighbourhood {
    /// What lies round one sample, counted from 0, and its k-th nearest neighbour.
    ///
    /// # Errors
    /// [`Error::Empty`], [`Error::NotFinite`], [`Error::LengthMismatch`], [`Error::Constant`],
    /// [`Error::ZeroNeighbours`], [`Error::TooManyNeighbours`]; [`Error::Parameter`] where there is
    /// no such sample; [`Error::Ties`] where the neighbour is at the same place.
    pub fn of<'a>(
        x: impl Into<ArrayView1<'a, f64>>,
        y: impl Into<ArrayView1<'a, f64>>,
        sample: usize,
        k: usize,
    ) -> Result<Self> {
        Self::find(&copied(x.into()), &copied(y.into()), sample, k)
    }

    fn find(x: &[f64], y: &[f64], sample: usize, k: usize) -> Result<Self> {
        check_pairs("x", x, "y", y)?;
        let samples = x.len();
        if k == 0 {
            return Err(Error::ZeroNeighbours);
        }
        if k >= samples {
            return Err(Error::TooManyNeighbours { k, samples });
        }
        if sample >= samples {
            return Err(Error::Parameter {
                parameter: "sample",
                value: sample as f64,
                requirement: "samples are counted from 0 to one less than their number",
            });
        }
        let (x, y) = (scaled("x", x)?, scaled("y", y)?);
        let from = |values: &[f64], other: usize| (values[other] - values[sample]).abs();
        let both = |other: usize| from(&x, other).max(from(&y, other));
        let others = || (0..samples).filter(|&other| other != sample);
        let mut neighbours: Vec<usize> = others().collect();
        neighbours.sort_by(|&a, &b| both(a).total_cmp(&both(b)));
        neighbours.truncate(k);
        let distance = both(neighbours[k - 1]);
        if distance == 0.0 {
            return Err(Error::Ties {
                row: sample,
                k,
                method: "KSG1",
            });
        }
        let n_x = others().filter(|&other| from(&x, other) < distance).count();
        let n_y = others().filter(|&other| from(&y, other) < distance).count();
        Ok(Self {
            x,
            y,
            sample,
            k,
            neighbours,
            distance,
            n_x,
            n_y,
        })
    }

    /// ε: how far the k-th neighbour is, in standard deviations.
    pub fn distance(&self) -> f64 {
        self.distance
    }

    /// How many others are nearer than ε in x.
    pub fn n_x(&self) -> usize {
        self.n_x
    }

    /// How many others are nearer than ε in y.
    pub fn n_y(&self) -> usize {
        self.n_y
    }

    /// The sample's term in the estimate.
    pub fn term(&self) -> Nats {
        let [k, n, x, y] = self.parts().map(|(_, value)| value);
        Nats(k + n - x - y)
    }

    /// The numbers whose ψ make up the term, and their ψ.
    fn parts(&self) -> [(usize, f64); 4] {
        [self.k, self.x.len(), self.n_x + 1, self.n_y + 1].map(|n| (n, digamma(n)))
    }

    /// Draws the figure.
    ///
    /// # Errors
    /// None: what cannot be drawn has no neighbourhood.
    pub fn draw(&self) -> Result<Figure> {
        // A pixel is as much in y as it is in x, so that the square is one.
        let side = f64::from(SIZE.1) - 102.0;
        let ends = |values: &[f64]| Axis::around(values.iter().copied()).ends();
        let ([x_low, x_high], [y_low, y_high]) = (ends(&self.x), ends(&self.y));
        let half = (x_high - x_low).max(y_high - y_low) / 2.0;
        let axis = |low: f64, high: f64| {
            let middle = (low + high) / 2.0;
            Axis::tight([middle - half, middle + half])
        };
        let panel = Panel {
            left: 70.0,
            right: 70.0 + side,
            top: 40.0,
            bottom: 40.0 + side,
            x: axis(x_low, x_high),
            y: axis(y_low, y_high),
        };
        Ok(draw(SIZE, self.words(), |canvas| {
            self.paint(canvas, &panel);
            self.write(canvas, (panel.right + 28.0, panel.top));
        }))
    }

    fn paint(&self, canvas: &mut Canvas, panel: &Panel) {
        let (x, y) = (self.x[self.sample], self.y[self.sample]);
        let corner = |sign: f64| panel.place(x + sign * self.distance, y + sign * self.distance);
        let (low, high) = (corner(-1.0), corner(1.0));
        let inside = |across: f64| across.clamp(panel.left, panel.right);
        let within = |down: f64| down.clamp(panel.top, panel.bottom);
        let (low, high) = (
            (inside(low.0), within(low.1)),
            (inside(high.0), within(high.1)),
        );
        let strip = |index: usize| faint(series(index), 0.25);
        canvas.rectangle((low.0, panel.top), (high.0, panel.bottom), strip(0));
        canvas.rectangle((panel.left, low.1), (panel.right, high.1), strip(1));
        for (i, (&other_x, &other_y)) in self.x.iter().zip(&self.y).enumerate() {
            let near = [(x, other_x), (y, other_y)].map(|(a, b)| (b - a).abs() < self.distance);
            let colour = match near {
                _ if i == self.sample => continue,
                _ if self.neighbours.contains(&i) => continue,
                [true, _] => series(0),
                [_, true] => series(1),
                _ => faint(BLACK, 0.25),
            };
            canvas.dot(panel.place(other_x, other_y), 0.7 * MARKER, colour);
        }
        canvas.outline(low, high, BLACK, LINE);
        for &i in &self.neighbours {
            canvas.dot(panel.place(self.x[i], self.y[i]), 0.9 * MARKER, series(2));
        }
        canvas.dot(panel.place(x, y), MARKER, BLACK);
        let title = format!("Sample {} of {}", self.sample, self.x.len());
        let labels = Labels::new(&title, "x (standard deviations)", "y (standard deviations)");
        panel.frame(canvas, &labels);
    }

    /// The numbers beside the panel.
    fn write(&self, canvas: &mut Canvas, (left, top): (f64, f64)) {
        let [k, n, x, y] = self.parts();
        let (n_x, n_y) = (self.n_x, self.n_y);
        let lines = [
            (Some(BLACK), format!("sample {}", self.sample)),
            (
                Some(series(2)),
                format!("its {} nearest neighbours", self.k),
            ),
            (None, format!("the farthest at ε = {:.3}", self.distance)),
            (Some(series(0)), format!("nearer than ε in x: n_x = {n_x}")),
            (Some(series(1)), format!("nearer than ε in y: n_y = {n_y}")),
            (None, String::new()),
            (None, "Its term in the estimate (nats):".to_string()),
            (None, "ψ(k) + ψ(N) − ψ(n_x + 1) − ψ(n_y + 1)".to_string()),
            (
                None,
                format!("= ψ({}) + ψ({}) − ψ({}) − ψ({})", k.0, n.0, x.0, y.0),
            ),
            (
                None,
                format!("= {:.3} + {:.3} − {:.3} − {:.3}", k.1, n.1, x.1, y.1),
            ),
            (
                None,
                format!("= {:.3}", self.term().value()).replace('-', "−"),
            ),
        ];
        for (row, (colour, text)) in lines.iter().enumerate() {
            let baseline = top + (row as f64 + 1.0) * 2.0 * LABEL;
            let mut at = left;
            if let Some(colour) = colour {
                canvas.dot((left + MARKER, baseline - 0.36 * LABEL), MARKER, *colour);
                at += 2.0 * MARKER + 0.6 * LABEL;
            }
            canvas.text(text, (at, baseline), LABEL, Anchor::Start);
        }
    }

    fn words(&self) -> String {
        format!(
            "Sample {} of {} at ({}, {}), in standard deviations. Neighbour {} is the farthest of \
             its {} nearest, at a distance of {}; {} nearer than that in x, {} in y. Its \
             term is ψ({}) + ψ({}) − ψ({}) − ψ({}) = {:.3}.",
            self.sample,
            self.x.len(),
            number(self.x[self.sample]),
            number(self.y[self.sample]),
            self.neighbours[self.k - 1],
            self.k,
            number(self.distance),
            match self.n_x {
                1 => "1 other is".to_string(),
                others => format!("{others} others are"),
            },
            self.n_y,
            self.k,
            self.x.len(),
            self.n_x + 1,
            self.n_y + 1,
            self.term(),
        )
    }
}

shows_itself!(Neighbourhood);

/// Several samples' [`Neighbourhood`]s, one after the other.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo_figures::neighbourhoods;
///
/// let data = Sample::coupled_normals(200, 1.0, 10)?;
/// let figure = neighbourhoods(&data.x, &data.y, &[0, 1, 2, 3, 4], 3)?;
/// assert!(figure.alt().starts_with("Animation of 5 frames."));
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// As [`Neighbourhood::of`] and [`Figure::animate`].
pub fn neighbourhoods<'a>(
    x: impl Into<ArrayView1<'a, f64>>,
    y: impl Into<ArrayView1<'a, f64>>,
    samples: &[usize],
    k: usize,
) -> Result<Figure> {
    animate(&copied(x.into()), &copied(y.into()), samples, k)
}

fn animate(x: &[f64], y: &[f64], samples: &[usize], k: usize) -> Result<Figure> {
    let frames: Vec<Figure> = samples
        .iter()
        .map(|&sample| Neighbourhood::find(x, y, sample, k)?.draw())
        .collect::<Result<_>>()?;
    let changes = "The square and its strips go from sample to sample: where samples are sparse they \
                   are wide, and the counts and the term follow";
    Figure::animate(changes, &frames)
}

/// A variable divided by its standard deviation.
fn scaled(argument: &'static str, values: &[f64]) -> Result<Vec<f64>> {
    let sd = ArrayView1::from(values).std(0.0);
    if sd == 0.0 {
        return Err(Error::Constant {
            argument,
            column: 0,
        });
    }
    Ok(values.iter().map(|value| value / sd).collect())
}

/// ψ(n) = 1 + 1/2 + … + 1/(n − 1) − γ.
fn digamma(n: usize) -> f64 {
    const EULER: f64 = 0.577_215_664_901_532_9;
    (1..n).rev().map(|i| 1.0 / i as f64).sum::<f64>() - EULER
}

#[cfg(test)]
mod tests {
    use mutinfo::{Ksg1, Sample};

    use super::*;
    use crate::testing::{count, texts};

    #[test]
    fn terms_are_the_estimators() {
        for seed in 0..3 {
            let data = Sample::coupled_normals(60, 1.0, seed).unwrap();
            let (x, y) = (data.x.mapv(|x| 1e3 * x), &data.y);
            for k in [1, 3, 10] {
                let terms = Ksg1::new(k).unwrap().local(&x, y).unwrap();
                for (sample, term) in terms.into_iter().enumerate() {
                    let one = Neighbourhood::of(&x, y, sample, k).unwrap();
                    assert!(
                        (one.term() - term).abs() < Nats(1e-12),
                        "{seed} {k} {sample}"
                    );
                }
            }
        }
    }

    #[test]
    fn counts_are_those_of_a_drawing_by_hand() {
        // Scaled by one number, so that distances keep their order; the second nearest to (0, 0)
        // is (1, 2), and nearer than 2 are −1 and 1 in x, −1 and 0.5 in y.
        let (x, y) = ([0.0, 1.0, -1.0, 3.0, -3.0], [0.0, 2.0, -1.0, 0.5, -2.5]);
        let one = Neighbourhood::of(&x, &y, 0, 2).unwrap();
        assert_eq!((one.n_x(), one.n_y()), (2, 2));
        let figure = one.draw().unwrap();
        assert!(
            figure
                .alt()
                .contains("; 2 others are nearer than that in x, 2 in y.")
        );
        assert_eq!(
            count(&figure, "circle", "fill", "#009E73"),
            3,
            "two and the key's"
        );
        assert!(texts(&figure).contains(&"nearer than ε in x: n_x = 2".to_string()));
    }

    #[test]
    fn what_has_no_neighbourhood_is_a_typed_error() {
        let x = [1.0, 1.0, 2.0, 3.0];
        let of = |sample, k| Neighbourhood::of(&x, &x, sample, k).map(|one| one.n_x());
        assert!(matches!(of(0, 1), Err(Error::Ties { row: 0, .. })));
        assert!(matches!(of(4, 1), Err(Error::Parameter { .. })));
        assert_eq!(of(0, 0), Err(Error::ZeroNeighbours));
        assert!(matches!(of(0, 4), Err(Error::TooManyNeighbours { .. })));
        let constant = Neighbourhood::of(&x, &[1.0; 4], 0, 1);
        assert!(matches!(
            constant,
            Err(Error::Constant { argument: "y", .. })
        ));
        assert!(neighbourhoods(&x, &x, &[], 1).is_err());
    }
}
