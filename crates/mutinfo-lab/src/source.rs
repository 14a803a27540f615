//! Notebooks as their authors write them: Markdown, in jupytext's format.
//!
//! A fenced block of `rust` at the top level is a code cell; the prose between two of them
//! is one cell. Blocks of other languages are prose. Tags stand behind the language, as in
//! ` ```rust tags=["raises-exception"]`. The output of a cell behind prose with `**Predict` is
//! folded.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nbformat::v4::{Cell, CellId, CellMetadata, JupyterCellMetadata, Notebook};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use serde_json::json;

use crate::kernelspec::KERNEL_NAME;

/// The sources in a folder, by name.
pub fn in_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut sources = Vec::new();
    for entry in
        fs::read_dir(folder).with_context(|| format!("{} cannot be read.", folder.display()))?
    {
        let source = entry?.path();
        if source.extension() == Some(OsStr::new("md")) {
            sources.push(source);
        }
    }
    sources.sort();
    Ok(sources)
}

/// The notebook that a Markdown source describes, not yet executed.
pub fn parse(source: &str) -> Result<Notebook> {
    let mut cells = Cells::default();
    let mut depth = 0_usize;
    let mut prose_start = 0;
    let mut code: Option<CodeCell> = None;
    let parser = Parser::new_ext(source, Options::ENABLE_YAML_STYLE_METADATA_BLOCKS);
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(tag) => {
                if let Tag::CodeBlock(CodeBlockKind::Fenced(info)) = &tag
                    && depth == 0
                    && let Some(tags) = code_cell_tags(info)
                        .with_context(|| format!("Line {}.", line_of(source, range.start)))?
                {
                    cells.push_prose(source, prose_start..range.start)?;
                    prose_start = range.end;
                    code = Some(CodeCell {
                        tags,
                        text: String::new(),
                    });
                }
                depth += 1;
            }
            Event::Text(text) if let Some(code) = &mut code => code.text += &text,
            Event::End(end) => {
                depth -= 1;
                if end == TagEnd::CodeBlock
                    && let Some(code) = code.take()
                {
                    cells.push_code(code);
                }
                if matches!(end, TagEnd::MetadataBlock(_)) {
                    prose_start = range.end;
                }
            }
            _ => {}
        }
    }
    cells.push_prose(source, prose_start..source.len())?;
    Ok(Notebook {
        metadata: serde_json::from_value(json!({
            "kernelspec": {"display_name": "Rust", "language": "rust", "name": KERNEL_NAME},
            // What the kernel says of itself, so that opening and saving a notebook
            // changes nothing.
            "language_info": {
                "codemirror_mode": "rust",
                "file_extension": ".rs",
                "mimetype": "text/rust",
                "name": "Rust",
                "pygment_lexer": "rust",
                "version": "",
            },
        }))?,
        nbformat: 4,
        nbformat_minor: 5,
        cells: cells.0,
    })
}

struct CodeCell {
    tags: Option<Vec<String>>,
    text: String,
}

/// The tags of a code cell with this fence, or nothing where the fence is another language's.
fn code_cell_tags(info: &str) -> Result<Option<Option<Vec<String>>>> {
    let (language, options) = info.split_once(' ').unwrap_or((info, ""));
    if language != "rust" {
        return Ok(None);
    }
    if options.is_empty() {
        return Ok(Some(None));
    }
    options
        .strip_prefix("tags=")
        .and_then(|tags| serde_json::from_str(tags).ok())
        .map(|tags| Some(Some(tags)))
        .with_context(|| {
            format!(
                "Behind `rust` only tags may stand, as in tags=[\"name\"], but there is: {options}"
            )
        })
}

#[derive(Default)]
struct Cells(Vec<Cell>);

impl Cells {
    fn push_prose(&mut self, source: &str, range: std::ops::Range<usize>) -> Result<()> {
        let text = source[range.clone()].trim_matches('\n');
        if let Some(gap) = text.find("\n\n\n") {
            // jupytext would start another cell there.
            let start = range.start + source[range.clone()].find(text).unwrap_or_default();
            bail!(
                "Line {}: there are two empty lines in a row in the text. Leave one.",
                line_of(source, start + gap) + 1
            );
        }
        if !text.is_empty() {
            let cell = Cell::Markdown {
                id: self.next_id(),
                metadata: CellMetadata::default(),
                source: lines(text),
                attachments: None,
            };
            self.0.push(cell);
        }
        Ok(())
    }

    fn push_code(&mut self, code: CodeCell) {
        let cell = Cell::Code {
            id: self.next_id(),
            metadata: CellMetadata {
                tags: code.tags,
                // A stored result must not give away what a student is to predict. JupyterLab
                // shows it as soon as the cell is run.
                jupyter: self.ask_for_prediction().then_some(JupyterCellMetadata {
                    source_hidden: None,
                    outputs_hidden: Some(true),
                    additional: HashMap::new(),
                }),
                ..CellMetadata::default()
            },
            execution_count: None,
            source: lines(code.text.trim_end_matches('\n')),
            outputs: Vec::new(),
        };
        self.0.push(cell);
    }

    /// Whether the last prose asks for a prediction, which what is computed below it would give away.
    fn ask_for_prediction(&self) -> bool {
        let mut last_first = self.0.iter().rev();
        let prose = last_first.find(|cell| matches!(cell, Cell::Markdown { .. }));
        prose.is_some_and(|prose| prose.source().concat().contains("**Predict"))
    }

    fn next_id(&self) -> CellId {
        CellId::new(&format!("cell-{:02}", self.0.len() + 1)).expect("letters, digits and a dash")
    }
}

/// A cell's text as notebooks store it: line by line, each with its line break.
fn lines(text: &str) -> Vec<String> {
    text.split_inclusive('\n').map(str::to_owned).collect()
}

fn line_of(source: &str, offset: usize) -> usize {
    source[..offset].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cells' kinds and texts are those that jupytext 1.19 makes of the same text.
    const EXAMPLE: &str = "\
---
jupyter:
  jupytext:
    text_representation:
      extension: .md
      format_name: markdown
  kernelspec:
    display_name: Rust
    language: rust
    name: rust
---

# Title

Prose with `code`.

```rust
let x = 1;

let y = 2;
```

```rust tags=[\"raises-exception\"]
x.oops()
```

A block that is prose:

```text
not a cell
```

- a list
  ```rust
  not_a_cell();
  ```

```rust
x + y
```
";

    #[test]
    fn cells_are_those_of_jupytext() {
        let notebook = parse(EXAMPLE).unwrap();
        let cells: Vec<_> = notebook
            .cells
            .iter()
            .map(|cell| {
                let kind = match cell {
                    Cell::Code { .. } => "code",
                    _ => "markdown",
                };
                (kind, cell.source().concat())
            })
            .collect();
        let expected = [
            ("markdown", "# Title\n\nProse with `code`."),
            ("code", "let x = 1;\n\nlet y = 2;"),
            ("code", "x.oops()"),
            (
                "markdown",
                "A block that is prose:\n\n```text\nnot a cell\n```\n\n\
                 - a list\n  ```rust\n  not_a_cell();\n  ```",
            ),
            ("code", "x + y"),
        ]
        .map(|(kind, text)| (kind, text.to_owned()));
        assert_eq!(cells, expected);
        let tags = notebook.cells[2].metadata().tags.as_deref();
        assert_eq!(tags, Some(&["raises-exception".to_owned()][..]));
    }

    #[test]
    fn what_is_to_be_predicted_is_folded() {
        let notebook = parse("```rust\n1\n```\n\n**Predict:** more?\n\n```rust\n2\n```\n\n```rust\n3\n```\n\nSo.\n\n```rust\n4\n```\n").unwrap();
        let folded = |cell: &Cell| {
            let jupyter = cell.metadata().jupyter.as_ref();
            jupyter.and_then(|jupyter| jupyter.outputs_hidden)
        };
        let folded: Vec<_> = notebook.cells.iter().map(folded).collect();
        assert_eq!(folded, [None, None, Some(true), Some(true), None, None]);
    }

    #[test]
    fn ids_number_the_cells() {
        let notebook = parse(EXAMPLE).unwrap();
        let ids: Vec<_> = notebook
            .cells
            .iter()
            .map(|cell| cell.id().as_str())
            .collect();
        assert_eq!(ids, ["cell-01", "cell-02", "cell-03", "cell-04", "cell-05"]);
    }

    #[test]
    fn two_empty_lines_in_prose_are_refused_with_their_line() {
        let error = parse("one\n\ntwo\n\n\nthree\n").unwrap_err().to_string();
        assert!(error.starts_with("Line 4:"), "{error}");
    }

    #[test]
    fn unknown_words_on_a_fence_are_refused() {
        let error = parse("```rust ignore\nx\n```\n").unwrap_err();
        assert!(format!("{error:#}").contains("ignore"), "{error:#}");
    }
}
