//! What plots with axes have in common: a title, labels, a size, and that they show themselves.

use crate::figure::SIZE;

/// The words round a plot, and its size in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    pub title: String,
    pub x: String,
    pub y: String,
    pub size: (u32, u32),
}

impl Labels {
    /// A title and the labels of both axes, at the usual size.
    pub fn new(title: &str, x: &str, y: &str) -> Self {
        Self {
            title: title.to_string(),
            x: x.to_string(),
            y: y.to_string(),
            size: SIZE,
        }
    }

    /// The same at another size. What cannot be a size becomes 0, which drawing refuses.
    pub fn sized(self, width: impl TryInto<u32>, height: impl TryInto<u32>) -> Self {
        let size = (width.try_into(), height.try_into());
        let size = (size.0.unwrap_or(0), size.1.unwrap_or(0));
        Self { size, ..self }
    }
}

/// Lets a plot be a cell's last value without `.draw()?`. The kernel calls the method.
macro_rules! shows_itself {
    ($Plot:ident) => {
        impl $Plot {
            /// Shows the figure in a notebook of the evcxr kernel, which calls this for the value
            /// of a cell's last line. What keeps it from being drawn is shown as text.
            pub fn evcxr_display(&self) {
                match self.draw() {
                    Ok(figure) => figure.evcxr_display(),
                    Err(error) => eprintln!("{error}"),
                }
            }
        }
    };
}
pub(crate) use shows_itself;

/// Gives a plot with [`Labels`] its size, and lets it show itself.
macro_rules! labelled {
    ($Plot:ident) => {
        impl $Plot {
            /// The size in pixels: 800 by 480 if you say nothing. Panels that stand side by side
            /// had better be smaller, or their letters will be.
            #[must_use]
            pub fn size(mut self, width: impl TryInto<u32>, height: impl TryInto<u32>) -> Self {
                self.labels = self.labels.sized(width, height);
                self
            }
        }
        crate::plot::shows_itself!($Plot);
    };
}
pub(crate) use labelled;
