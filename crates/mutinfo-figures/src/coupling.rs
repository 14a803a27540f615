//! [`coupling_animation`]: from two variables that share nothing to two that share a lot.

use mutinfo::ndarray::Array2;
use mutinfo::{Bits, Error, Result, Sample};
use plotters::style::RGBAColor;

use crate::axis::Axis;
use crate::canvas::{Anchor, Canvas, LABEL, MARKER, draw};
use crate::colour::{blue_to_vermilion, cividis, faint, series};
use crate::figure::Figure;
use crate::image;
use crate::number::Number;
use crate::panel::Panel;
use crate::plot::Labels;

const SIZE: (u32, u32) = (820, 420);
/// The tables' cells along a side, and where their range ends, in standard deviations.
const CELLS: usize = 13;
const END: f64 = 3.0;

/// How y = coupling · x + noise comes to depend on x, a frame for each coupling: a cloud of
/// `samples`, the joint probabilities p(x, y) of the distribution that they are from, how far these
/// are from those of independent variables, p(x, y) − p(x) p(y), and a bar for the exact
///
/// I(X; Y) = ½ log₂(1 + coupling²).
///
/// y is divided by its standard deviation, so that its range does not grow.
///
/// ```
/// use mutinfo_figures::coupling_animation;
///
/// let figure = coupling_animation(&[0.0, 0.5, 1.0, 2.0, 3.0], 150, 1)?;
/// assert!(figure.alt().contains("Last frame: Coupling 3: 1.661 bit"));
/// # Ok::<(), mutinfo::Error>(())
/// ```
///
/// # Errors
/// Those of [`Sample::coupled_normals`] and of [`Figure::animate`]; [`Error::Parameter`] for a
/// coupling beyond 20, where the table would be a line.
pub fn coupling_animation(couplings: &[impl Number], samples: usize, seed: u64) -> Result<Figure> {
    let couplings: Vec<f64> = couplings.iter().map(|coupling| coupling.to_f64()).collect();
    animate(&couplings, samples, seed)
}

fn animate(couplings: &[f64], samples: usize, seed: u64) -> Result<Figure> {
    let steps: Vec<Step> = couplings
        .iter()
        .map(|&coupling| Step::new(coupling, samples, seed))
        .collect::<Result<_>>()?;
    let most = |value: fn(&Step) -> f64| steps.iter().map(value).fold(1e-9, f64::max);
    let scales = Scales {
        p: most(|step| largest(&step.p)),
        excess: most(|step| largest(&step.excess)),
        bits: most(|step| step.information.value()),
    };
    let frames: Vec<Figure> = steps.iter().map(|step| step.draw(&scales)).collect();
    let changes = "With the coupling the cloud and its table narrow to a line, what the table has more \
                   than that of independent variables grows from nothing, and so does the bar of I";
    Figure::animate(changes, &frames)
}

/// The largest values of all frames, so that colours and lengths can be compared.
struct Scales {
    p: f64,
    excess: f64,
    bits: f64,
}

/// All that a frame shows.
struct Step {
    coupling: f64,
    x: Vec<f64>,
    y: Vec<f64>,
    p: Array2<f64>,
    excess: Array2<f64>,
    information: Bits,
}

impl Step {
    fn new(coupling: f64, samples: usize, seed: u64) -> Result<Self> {
        if coupling.abs() > 20.0 {
            return Err(Error::Parameter {
                parameter: "coupling",
                value: coupling,
                requirement: "a table cannot show couplings beyond 20",
            });
        }
        let sample = Sample::coupled_normals(samples, coupling, seed)?;
        let sd = coupling.hypot(1.0);
        let p = probabilities(coupling / sd);
        let (p_x, p_y) = (p.rows(), p.columns());
        let p_x: Vec<f64> = p_x.into_iter().map(|row| row.sum()).collect();
        let p_y: Vec<f64> = p_y.into_iter().map(|column| column.sum()).collect();
        let excess = Array2::from_shape_fn(p.dim(), |(i, j)| p[[i, j]] - p_x[i] * p_y[j]);
        Ok(Self {
            coupling,
            x: sample.x.to_vec(),
            y: sample.y.mapv(|y| y / sd).to_vec(),
            p,
            excess,
            information: sample.exact.to_bits(),
        })
    }

    fn draw(&self, scales: &Scales) -> Figure {
        let words = format!("Coupling {}: {:.3}.", self.coupling, self.information);
        let side = 195.0;
        let panel = |left: f64| Panel {
            left,
            right: left + side,
            top: 40.0,
            bottom: 40.0 + side,
            x: Axis::tight([-END, END]),
            y: Axis::tight([-END, END]),
        };
        draw(SIZE, words, |canvas| {
            let cloud = panel(62.0);
            for (&x, &y) in self.x.iter().zip(&self.y) {
                if x.abs() < END && y.abs() < END {
                    canvas.dot(cloud.place(x, y), 0.7 * MARKER, faint(series(0), 0.6));
                }
            }
            let title = format!("coupling = {:.2}", self.coupling);
            cloud.frame(canvas, &Labels::new(&title, "x (sd)", "y (sd)"));
            let table = panel(328.0);
            paint(canvas, &table, &self.p, |p| cividis(p / scales.p));
            table.frame(canvas, &Labels::new("p(x, y)", "x (sd)", ""));
            let excess = panel(594.0);
            let part = |value: f64| 0.5 + 0.5 * value / scales.excess;
            paint(canvas, &excess, &self.excess, |value| {
                blue_to_vermilion(part(value))
            });
            excess.frame(canvas, &Labels::new("p(x, y) − p(x) p(y)", "x (sd)", ""));
            self.bar(canvas, scales);
        })
    }

    /// The bar of I, below the panels.
    fn bar(&self, canvas: &mut Canvas, scales: &Scales) {
        let panel = Panel {
            left: 62.0,
            right: 789.0,
            top: 327.0,
            bottom: 357.0,
            x: Axis::tight([0.0, scales.bits]).with_margins(0.0, 0.05),
            y: Axis::tight([0.0, 1.0]),
        };
        let end = panel.place(self.information.value(), 1.0);
        canvas.rectangle((panel.left, panel.bottom), end, series(2));
        let ticks = panel.x.ticks(9);
        let label = format!("I(X; Y) = {:.2} bits", self.information.value());
        panel.frame_with_ticks(canvas, &Labels::new("", &label, ""), &ticks, &[]);
        let name = (panel.left - 0.6 * LABEL, panel.bottom - 0.7 * LABEL);
        canvas.text("I", name, LABEL, Anchor::End);
    }
}

/// A table over a background that has the colour of 0, where nothing else needs to be drawn.
fn paint(
    canvas: &mut Canvas,
    panel: &Panel,
    table: &Array2<f64>,
    colour: impl Fn(f64) -> RGBAColor,
) {
    let background = colour(0.0);
    canvas.rectangle(
        (panel.left, panel.top),
        (panel.right, panel.bottom),
        background,
    );
    let step = 2.0 * END / CELLS as f64;
    let edges: Vec<f64> = (0..=CELLS).map(|i| step * i as f64 - END).collect();
    let cells = table
        .indexed_iter()
        .map(|(cell, &value)| (cell, colour(value)));
    let seen = cells.filter(|&(_, fill)| fill != background);
    image::paint(canvas, panel, (&edges, &edges), seen);
}

fn largest(table: &Array2<f64>) -> f64 {
    table.iter().fold(0.0, |most, value| most.max(value.abs()))
}

/// The probabilities of two standard normal variables with correlation ρ in the cells: the density
/// at points of a grid within each, added up.
fn probabilities(rho: f64) -> Array2<f64> {
    const POINTS: usize = 16;
    let step = 2.0 * END / (CELLS * POINTS) as f64;
    let at = |i: usize| (i as f64 + 0.5) * step - END;
    let mut p = Array2::<f64>::zeros((CELLS, CELLS));
    for i in 0..CELLS * POINTS {
        for j in 0..CELLS * POINTS {
            let (x, y) = (at(i), at(j));
            let residual = (y - rho * x).powi(2) / (1.0 - rho * rho);
            p[[i / POINTS, j / POINTS]] += (-0.5 * (x * x + residual)).exp();
        }
    }
    let total = p.sum();
    p / total
}

#[cfg(test)]
mod tests {
    use mutinfo::JointPmf;

    use super::*;
    use crate::testing::{count, texts};

    #[test]
    fn tables_hold_nearly_the_exact_information() {
        for coupling in [0.0_f64, 0.5, 1.0, 3.0] {
            let table = probabilities(coupling / coupling.hypot(1.0));
            let in_cells = JointPmf::new(table).unwrap().mutual_information().to_bits();
            let exact = 0.5 * (1.0 + coupling * coupling).log2();
            let lost = exact - in_cells.value();
            assert!(
                (-1e-9..0.05 + 0.12 * exact).contains(&lost),
                "{coupling}: {lost}"
            );
        }
    }

    #[test]
    fn independent_variables_have_nothing_in_excess() {
        let step = Step::new(0.0, 10, 1).unwrap();
        assert!(largest(&step.excess) < 1e-12);
        assert!((step.p.sum() - 1.0).abs() < 1e-12);
        assert_eq!(step.information, Bits(0.0));
    }

    #[test]
    fn each_coupling_is_a_frame() {
        let figure = coupling_animation(&[0, 1, 3], 50, 1).unwrap();
        assert_eq!(count(&figure, "g", "class", "f"), 3);
        for text in ["coupling = 0.00", "coupling = 3.00", "I(X; Y) = 0.50 bits"] {
            assert!(texts(&figure).contains(&text.to_string()), "{text}");
        }
        assert!(figure.alt().contains("First frame: Coupling 0: 0.000 bit."));
    }

    #[test]
    fn what_cannot_be_drawn_is_a_typed_error() {
        assert!(coupling_animation(&[0.0; 0], 50, 1).is_err());
        assert!(coupling_animation(&[0.0; 13], 50, 1).is_err());
        assert!(coupling_animation(&[1.0], 0, 1).is_err());
        assert!(coupling_animation(&[f64::NAN], 50, 1).is_err());
        assert!(coupling_animation(&[1e9], 50, 1).is_err());
        assert!(coupling_animation(&[0], 50, 1).is_ok());
    }
}
