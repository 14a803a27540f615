//! Every figure of columns of every kind: it is drawn, as well-formed SVG without a coordinate that is no
//! number, or there is a typed error.

#[allow(dead_code, reason = "these tests use a part of them")]
#[path = "../../mutinfo/tests/it/columns.rs"]
mod columns;

use mutinfo::ndarray::{Axis, concatenate};
use mutinfo::prelude::*;
use mutinfo_figures::*;
use proptest::prelude::*;

use columns::{Check, pairs};

fn check(name: &str, figure: mutinfo::Result<Figure>) -> Check {
    match figure {
        Ok(figure) => {
            prop_assert!(roxmltree::Document::parse(figure.svg()).is_ok(), "{name}");
            for broken in ["NaN", "inf"] {
                let coordinate = format!("=\"{broken}");
                prop_assert!(!figure.svg().contains(&coordinate), "{name}: {broken}");
                prop_assert!(!figure.alt().contains(broken), "{name}: {}", figure.alt());
            }
        }
        Err(error) => prop_assert!(!error.to_string().is_empty()),
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn figures_take_columns_of_every_kind((x, y, _) in pairs(4..60)) {
        let both = concatenate![Axis(1), x.numbers(), y.numbers()];
        let (x, y) = (both.column(0).to_owned(), both.column(both.ncols() - 1).to_owned());
        check("scatter", Scatter::new("title", "x", "y").points("points", &x, &y).draw())?;
        check("histogram", Histogram::new("title", "x").values("x", &x).values("y", &y).draw())?;
        let few = Histogram::new("title", "x").values("x", &x).bins(3).marker("first", x[0]);
        check("histogram of 3 bins", few.draw())?;
        let lines = || Lines::new("title", "x", "y").line("x", &x, &y).level("first", y[0]);
        check("lines", lines().draw())?;
        check("lines over logarithms", lines().log_x().draw())?;
        let mut pair_matrix = PairMatrix::new();
        for (index, column) in both.columns().into_iter().enumerate() {
            pair_matrix = pair_matrix.variable(&format!("column {index}"), column);
        }
        check("pair matrix", pair_matrix.draw())?;
        check("heat map", HeatMap::new("title", "value", &both).draw())?;
        check("signed heat map", HeatMap::new("title", "value", &both).signed().draw())?;
        let mut intervals = Intervals::new("title", "x").exact(y[0]);
        for (index, (&x, &y)) in x.iter().zip(&y).take(8).enumerate() {
            intervals = intervals.interval(&format!("row {index}"), x, x.min(y), x.max(y));
        }
        check("intervals", intervals.draw())?;
        for sample in [0, x.len() - 1] {
            let neighbourhood = Neighbourhood::of(&x, &y, sample, 3);
            check("neighbourhood", neighbourhood.and_then(|of| of.draw()))?;
        }
        check("neighbourhoods", neighbourhoods(&x, &y, &[0, 1, 2], 2))?;
        check("more and more bins", bins_animation(&x, &y, Bits(0.5), &[2, 5, 9]))?;
        if let Ok(histogram) = Histogram2d::equal_width(&x, &y, 6) {
            let p = histogram.proportions();
            let entropies = [p.marginal_x(), p.marginal_y()].map(|p| p.entropy().to_bits());
            check("the lecture's data", data_and_histogram(&x, &y, &histogram))?;
            check("the lecture's marginals", marginals(&histogram, entropies[0], entropies[1]))?;
            check("entropies", EntropyBars::new("title").table("table", &p).draw())?;
        }
    }

    #[test]
    fn matrices_of_columns_of_every_kind_are_drawn((x, y, _) in pairs(4..40)) {
        let variables = vec![(&x).into(), (&y).into(), (&x).into()];
        let matrix = Adaptive.matrix(variables).unwrap();
        check("information", HeatMap::information("title", &matrix).draw())?;
    }
}
