//! Notebooks as files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use nbformat::v4::{Cell, CellMetadata, Notebook};

/// Reads a notebook.
pub fn read(file: &Path) -> Result<Notebook> {
    let name = file.display();
    let text = fs::read_to_string(file).with_context(|| format!("{name} cannot be read."))?;
    parse(&text).with_context(|| format!("{name} is not a notebook that Jupyter could open."))
}

/// A notebook from its JSON.
pub fn parse(text: &str) -> Result<Notebook> {
    Ok(match nbformat::parse_notebook(text)? {
        nbformat::Notebook::V4(notebook) => notebook,
        nbformat::Notebook::V4QuirksMode(quirks) => quirks.repair(),
        nbformat::Notebook::Legacy(notebook) => nbformat::upgrade_legacy_notebook(notebook)?,
        nbformat::Notebook::V3(notebook) => nbformat::upgrade_v3_notebook(notebook)?,
        _ => bail!("Its format is unknown."),
    })
}

/// A notebook as JSON, in Jupyter's own layout.
pub fn to_json(notebook: Notebook) -> Result<String> {
    Ok(nbformat::serialize_notebook(&nbformat::Notebook::V4(
        notebook,
    ))?)
}

/// Makes the chosen cells ones that were never executed.
pub fn clear_outputs(notebook: &mut Notebook, chosen: impl Fn(&CellMetadata) -> bool) {
    for cell in &mut notebook.cells {
        if let Cell::Code {
            metadata,
            execution_count,
            outputs,
            ..
        } = cell
            && chosen(metadata)
        {
            *execution_count = None;
            outputs.clear();
        }
    }
}
