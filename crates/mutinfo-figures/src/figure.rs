//! [`Figure`]: a picture and the words for it.

use std::fmt;
use std::io;
use std::path::Path;

/// A picture as SVG, with its text alternative. A cell whose last line is a figure shows it.
#[derive(Clone, PartialEq)]
pub struct Figure {
    svg: String,
    alt: String,
    size: (u32, u32),
}

impl Figure {
    pub(crate) fn new(svg: String, alt: String, size: (u32, u32)) -> Self {
        Self { svg, alt, size }
    }

    /// The picture, an SVG document.
    pub fn svg(&self) -> &str {
        &self.svg
    }

    /// What the picture shows, in words and numbers.
    pub fn alt(&self) -> &str {
        &self.alt
    }

    /// Width and height in pixels, at 100 an inch.
    pub fn size(&self) -> (u32, u32) {
        self.size
    }

    /// Writes the SVG to a file.
    ///
    /// # Errors
    /// What the file system says.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        std::fs::write(path, &self.svg)
    }

    /// The picture as an HTML image that carries its data and its text alternative.
    ///
    /// Jupyter refuses bare SVG in notebooks that are not trusted, and takes images. The data is
    /// percent-encoded: a third smaller than base64, and its numbers can be read.
    pub fn to_html(&self) -> String {
        let mut html = String::from("<img alt=\"");
        html.push_str(&escape(&self.alt));
        html.push_str("\" src=\"data:image/svg+xml,");
        // Quotes within texts are escaped in the SVG, so all that are left stand round
        // attributes, where single ones do as well.
        for byte in self.svg.replace('"', "'").bytes() {
            match byte {
                b'%' | b'#' | b'<' | b'>' | b'&' | 0..0x20 | 0x7f.. => {
                    html.push_str(&format!("%{byte:02X}"));
                }
                _ => html.push(byte.into()),
            }
        }
        html.push_str("\">");
        html
    }

    /// Shows the figure in a notebook of the evcxr kernel, which calls this for the value of a
    /// cell's last line.
    pub fn evcxr_display(&self) {
        show(&self.to_html(), &self.alt);
    }
}

/// The text alternative: a picture's source helps nobody.
impl fmt::Debug for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.alt)
    }
}

/// Hands a result to the evcxr kernel, as HTML and as plain text for where there is no HTML.
pub(crate) fn show(html: &str, plain: &str) {
    println!("EVCXR_BEGIN_CONTENT text/html\n{html}\nEVCXR_END_CONTENT");
    println!("EVCXR_BEGIN_CONTENT text/plain\n{plain}\nEVCXR_END_CONTENT");
}

/// Text as it may stand in XML and HTML, also within quotes. Control characters, which XML
/// forbids, become spaces.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            _ if c.is_control() => escaped.push(' '),
            _ => escaped.push(c),
        }
    }
    escaped
}
