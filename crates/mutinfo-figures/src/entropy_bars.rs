//! [`EntropyBars`]: what two variables share, as the overlap of two bars.

use mutinfo::{Bits, Error, JointPmf, Result};
use plotters::style::RGBAColor;

use crate::axis::Axis;
use crate::canvas::{Anchor, Canvas, LABEL, LINE, TITLE, draw, text_width};
use crate::check::check;
use crate::colour::{BLACK, faint, series};
use crate::figure::{Figure, SIZE};
use crate::panel::Panel;
use crate::plot::{Labels, shows_itself};
use crate::words::short;

/// The height of a bar, and from one to the next.
const BAR: f64 = 1.5 * LABEL;
const ROW: f64 = 1.75 * LABEL;
/// The room above the bars of a table, for its name.
const HEAD: f64 = 2.0 * LABEL;
/// The most tables that one figure shows.
const MOST: usize = 12;

/// H(X), H(Y) and H(X, Y) as bars to scale. That of H(X) begins at the left, that of H(Y) ends
/// where H(X, Y) ends; so what both cover, shaded, is
///
/// I(X; Y) = H(X) + H(Y) − H(X, Y).
///
/// Where a correction has made I negative there is a gap in place of an overlap.
///
/// ```
/// use mutinfo::prelude::*;
/// use mutinfo::ndarray::array;
/// use mutinfo_figures::EntropyBars;
///
/// let copy = JointPmf::new(array![[0.5, 0.0], [0.0, 0.5]])?;
/// let noisy = JointPmf::new(array![[0.45, 0.05], [0.05, 0.45]])?;
/// let figure = EntropyBars::new("Two coins").table("a copy", &copy).table("a noisy copy", &noisy).draw()?;
/// assert!(figure.alt().contains("a copy: H(X) 1.000, H(Y) 1.000, H(X, Y) 1.000, I 1.000"));
/// # Ok::<(), mutinfo::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct EntropyBars {
    title: String,
    tables: Vec<(String, Entropies)>,
}

/// The entropies of two variables and of both together, in bits.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Entropies {
    x: f64,
    y: f64,
    both: f64,
}

impl Entropies {
    fn shared(self) -> f64 {
        self.x + self.y - self.both
    }

    /// Names, ends and colours of the bars.
    fn bars(self) -> [(&'static str, f64, f64, RGBAColor); 4] {
        let start_of_y = self.both - self.y;
        [
            ("H(X)", 0.0, self.x, faint(series(0), 0.6)),
            ("H(Y)", start_of_y, self.both, faint(series(1), 0.6)),
            ("H(X, Y)", 0.0, self.both, RGBAColor(204, 204, 204, 1.0)),
            ("I(X; Y)", start_of_y, self.x, series(2)),
        ]
    }
}

impl EntropyBars {
    /// An empty figure with its title.
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_string(),
            tables: Vec::new(),
        }
    }

    /// Adds entropies that are known, in bits or nats.
    #[must_use]
    pub fn entropies(
        mut self,
        name: &str,
        h_x: impl Into<Bits>,
        h_y: impl Into<Bits>,
        h_xy: impl Into<Bits>,
    ) -> Self {
        let entropies = Entropies {
            x: h_x.into().value(),
            y: h_y.into().value(),
            both: h_xy.into().value(),
        };
        self.tables.push((name.to_string(), entropies));
        self
    }

    /// Adds the entropies of a table of probabilities.
    #[must_use]
    pub fn table(self, name: &str, p: &JointPmf) -> Self {
        let (x, y) = (p.marginal_x().entropy(), p.marginal_y().entropy());
        self.entropies(name, x, y, p.entropy())
    }

    /// Draws the figure.
    ///
    /// # Errors
    /// [`Error::Empty`] without entropies, [`Error::NotFinite`], [`Error::Parameter`] for more
    /// than twelve tables.
    pub fn draw(&self) -> Result<Figure> {
        if self.tables.is_empty() {
            return Err(Error::Empty {
                argument: "entropies",
            });
        }
        if self.tables.len() > MOST {
            return Err(Error::Parameter {
                parameter: "entropies",
                value: self.tables.len() as f64,
                requirement: "a figure shows the bars of at most 12 tables",
            });
        }
        for (_, Entropies { x, y, both }) in &self.tables {
            check("entropies", &[*x, *y, *both])?;
        }
        let ends = self.tables.iter().flat_map(|(_, entropies)| {
            let bars = entropies.bars();
            bars.into_iter().flat_map(|(_, from, to, _)| [from, to])
        });
        let block = HEAD + 4.0 * ROW;
        let top = 2.2 * TITLE;
        let panel = Panel {
            left: 2.0 * LABEL + text_width("H(X, Y)", LABEL),
            right: f64::from(SIZE.0) - 25.0,
            top,
            bottom: top + block * self.tables.len() as f64 + 0.5 * LABEL,
            x: Axis::tight(ends.chain([0.0])).with_margins(0.0, 0.1),
            y: Axis::tight([0.0, 1.0]),
        };
        let size = (SIZE.0, (panel.bottom + 62.0).ceil() as u32);
        Ok(draw(size, self.words(), |canvas| {
            for (index, (name, entropies)) in self.tables.iter().enumerate() {
                let top = panel.top + block * index as f64;
                paint(canvas, &panel, top, &short(name), *entropies);
            }
            let x_ticks = panel.x.ticks(panel.room_for_x_ticks());
            let labels = Labels::new(&self.title, "Information (bits)", "");
            panel.frame_with_ticks(canvas, &labels, &x_ticks, &[]);
        }))
    }

    fn words(&self) -> String {
        let tables = self.tables.iter().map(|(name, entropies)| {
            let Entropies { x, y, both } = entropies;
            let shared = entropies.shared();
            let name = if name.is_empty() { "data" } else { name };
            format!("{name}: H(X) {x:.3}, H(Y) {y:.3}, H(X, Y) {both:.3}, I {shared:.3}")
        });
        format!(
            "{}. Bars to scale, in bits; what the bars of H(X) and H(Y) both cover is I. {}.",
            self.title,
            tables.collect::<Vec<_>>().join("; "),
        )
    }
}

/// The bars of one table, from `top` downwards.
fn paint(canvas: &mut Canvas, panel: &Panel, top: f64, name: &str, entropies: Entropies) {
    let across = |value: f64| panel.place(value, 0.0).0;
    let name_at = (panel.left + 0.5 * LABEL, top + HEAD - 0.5 * LABEL);
    canvas.text(name, name_at, LABEL, Anchor::Start);
    let first = top + HEAD;
    // The overlap, behind the two bars that make it and down to the bar that is it.
    let bars = entropies.bars();
    let (_, start, end, shared) = bars[3];
    for (row, (name, from, to, colour)) in bars.into_iter().enumerate() {
        let y = first + row as f64 * ROW;
        let baseline = y + 0.5 * BAR + 0.36 * LABEL;
        let (left, right) = (across(from.min(to)), across(from.max(to)));
        let label_at = (panel.left - 0.6 * LABEL, baseline);
        canvas.text(name, label_at, LABEL, Anchor::End);
        canvas.rectangle((left, y), (right, y + BAR), colour);
        if row < 2 && end > start {
            let shade = faint(shared, 0.7);
            canvas.rectangle((across(start), y), (across(end), y + BAR), shade);
        }
        canvas.outline((left, y), (right, y + BAR), BLACK, 0.6 * LINE);
        let value = if row == 3 {
            entropies.shared()
        } else {
            to - from
        };
        let number_at = (right + 0.5 * LABEL, baseline);
        let number = format!("{value:.3}").replace('-', "−");
        canvas.text(&number, number_at, LABEL, Anchor::Start);
    }
    for value in [start, end] {
        let x = across(value);
        let bottom = first + 3.0 * ROW;
        canvas.dashes((x, first), (x, bottom), BLACK, 0.6 * LINE);
    }
}

shows_itself!(EntropyBars);

#[cfg(test)]
mod tests {
    use mutinfo::Nats;
    use mutinfo::ndarray::array;

    use super::*;
    use crate::testing::{rectangles, texts};

    #[test]
    fn bars_are_to_scale_and_overlap_by_what_is_shared() {
        let figure = EntropyBars::new("T")
            .entropies("data", Bits(3.0), Bits(2.0), Bits(4.0))
            .draw()
            .unwrap();
        let bit = rectangles(&figure, "#CCCCCC")[0].0 / 4.0;
        let is = |colour: &str, bits: f64| {
            let bars = rectangles(&figure, colour);
            assert!(!bars.is_empty());
            assert!(
                bars.iter()
                    .all(|(width, _)| (width - bits * bit).abs() < 0.2),
                "{colour}"
            );
        };
        is("#0072B2", 3.0);
        is("#D55E00", 2.0);
        is("#009E73", 1.0);
        assert_eq!(rectangles(&figure, "#009E73").len(), 3);
        for text in ["T", "data", "H(X, Y)", "I(X; Y)", "3.000", "1.000"] {
            assert!(texts(&figure).contains(&text.to_string()), "{text}");
        }
    }

    #[test]
    fn nats_become_bits_and_tables_their_entropies() {
        let known = EntropyBars::new("").entropies("", Nats(2f64.ln()), Bits(1.0), Bits(1.0));
        let table =
            EntropyBars::new("").table("", &JointPmf::new(array![[0.5, 0.0], [0.0, 0.5]]).unwrap());
        assert_eq!(known, table);
    }

    #[test]
    fn negative_information_is_a_gap() {
        let figure = EntropyBars::new("")
            .entropies("", Bits(1.0), Bits(1.0), Bits(2.5))
            .draw()
            .unwrap();
        assert_eq!(rectangles(&figure, "#009E73").len(), 1);
        assert!(texts(&figure).contains(&"−0.500".to_string()));
    }

    #[test]
    fn what_cannot_be_drawn_is_a_typed_error() {
        let none = EntropyBars::new("");
        assert!(matches!(none.draw(), Err(Error::Empty { .. })));
        let nan = none
            .clone()
            .entropies("", Bits(f64::NAN), Bits(0.0), Bits(0.0));
        assert!(matches!(nan.draw(), Err(Error::NotFinite { .. })));
        let zero = none.clone().entropies("", Bits(0.0), Bits(0.0), Bits(0.0));
        assert!(zero.draw().is_ok());
        let many = (0..=MOST).fold(none, |bars, _| {
            bars.entropies("", Bits(1.0), Bits(1.0), Bits(1.0))
        });
        assert!(matches!(many.draw(), Err(Error::Parameter { .. })));
    }
}
