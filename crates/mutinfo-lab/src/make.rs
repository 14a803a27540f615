//! `cargo lab make`: the notebooks that students open, from their Markdown sources, with
//! what the cells put out.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nbformat::v4::{Cell, Notebook};
use similar::TextDiff;

use crate::execute::{Moment, execute, is_meant_to_fail};
use crate::exercises::Version;
use crate::progress::Progress;
use crate::project::Project;
use crate::{exercises, files, notebook, source};

/// How much of a difference is shown.
const DIFFERENCE_LINES: usize = 20;

/// How much of one line is shown: a figure is one line.
const LINE_LENGTH: usize = 160;

/// A notebook with its source.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The Markdown that authors write.
    pub source: PathBuf,
    /// The notebook that students open.
    pub notebook: PathBuf,
    /// Of an exercise: which version of it the notebook is.
    pub version: Option<Version>,
}

/// The sources in `notebooks/source`, by name, with the notebooks made of them: one for each
/// lesson, and the students' and the solved one for each exercise.
pub fn pairs(project: &Project) -> Result<Vec<Pair>> {
    let mut pairs = Vec::new();
    let mut pair = |source: &Path, version: Option<Version>| {
        let folder = version.map_or("", Version::folder);
        let file = source.with_extension("ipynb");
        let notebook = project
            .notebooks()
            .join(folder)
            .join(file.file_name().unwrap_or_default());
        pairs.push(Pair {
            source: source.to_path_buf(),
            notebook,
            version,
        });
    };
    for source in source::in_folder(&project.notebooks().join("source"))? {
        pair(&source, None);
    }
    for source in exercises::sources(project)? {
        pair(&source, Some(Version::Student));
        pair(&source, Some(Version::Solution));
    }
    Ok(pairs)
}

impl Pair {
    /// The notebook's name, with its folder where it is an exercise.
    pub fn name(&self) -> String {
        let stem = self
            .source
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy();
        match self.version {
            Some(version) => format!("{}/{stem}", version.folder()),
            None => stem.into_owned(),
        }
    }

    /// Executes the source and writes the notebook.
    pub fn make(&self, project: &Project) -> Result<()> {
        files::write(&self.notebook, &self.fresh(project)?)
    }

    /// Executes the source and compares what comes out with the notebook as it is stored.
    pub fn check(&self, project: &Project) -> Result<()> {
        let mend = format!(
            "If the fresh one is right, run: cargo lab make {}",
            self.name()
        );
        let stored = fs::read_to_string(&self.notebook).with_context(|| {
            format!(
                "{} was not made yet. Run: cargo lab make {}",
                self.notebook.display(),
                self.name()
            )
        })?;
        let fresh = self.fresh(project)?;
        if comparable(&fresh)? != comparable(&stored)? {
            let difference = difference(&notebook::parse(&stored)?, &notebook::parse(&fresh)?)?;
            bail!(
                "{} differs from a fresh run.\n{difference}\n{mend}",
                self.name()
            );
        }
        Ok(())
    }

    /// The notebook from its source, not executed.
    pub fn parsed(&self) -> Result<Notebook> {
        let name = self.source.display();
        let markdown =
            fs::read_to_string(&self.source).with_context(|| format!("{name} cannot be read."))?;
        let parsed = match self.version {
            Some(version) => exercises::parse(&markdown, version),
            None => source::parse(&markdown),
        };
        parsed.with_context(|| format!("{name} is not a source of a notebook."))
    }

    /// The notebook's text, from the source and a fresh run of it.
    fn fresh(&self, project: &Project) -> Result<String> {
        let mut notebook = self.parsed()?;
        let total = notebook
            .cells
            .iter()
            .filter(|cell| matches!(cell, Cell::Code { .. }))
            .count();
        let mut progress = Progress::new(format!("Executing {}", self.name()), total + 1);
        progress.advance(0);
        let folder = self
            .notebook
            .parent()
            .context("A notebook is in a folder.")?;
        fs::create_dir_all(folder)?;
        let mut failure = None;
        execute(project, &mut notebook, folder, |moment| {
            match moment {
                Moment::Ready(_) => progress.advance(1),
                Moment::Start(_) => {}
                Moment::End(cell, outcome) => {
                    progress.advance(1 + cell.number);
                    failure = cell
                        .complaint(outcome)
                        .or_else(|| self.version?.complaint(cell, outcome));
                }
            }
            match failure {
                Some(_) => ControlFlow::Break(()),
                None => ControlFlow::Continue(()),
            }
        })?;
        drop(progress);
        match failure {
            Some(failure) => bail!("{}: {failure}", self.name()),
            None => {
                if self.version == Some(Version::Student) {
                    notebook::clear_outputs(&mut notebook, |_| true);
                }
                notebook::to_json(notebook)
            }
        }
    }
}

/// Makes, or checks, the named notebooks, or all.
pub fn make(project: &Project, names: &[String], check: bool) -> Result<()> {
    let pairs = pairs(project)?;
    let chosen: Vec<_> = if names.is_empty() {
        pairs.iter().collect()
    } else {
        names
            .iter()
            .map(|name| named(&pairs, name))
            .collect::<Result<_>>()?
    };
    let mut failures = 0;
    for pair in &chosen {
        let result = if check {
            pair.check(project)
        } else {
            pair.make(project)
        };
        match result {
            Ok(()) => println!(
                "{}: {}",
                pair.name(),
                if check { "as stored" } else { "made" }
            ),
            Err(error) => {
                failures += 1;
                println!("{error:#}\n");
            }
        }
    }
    if failures > 0 {
        bail!("{failures} of {} notebooks failed.", chosen.len());
    }
    Ok(())
}

/// The notebook of this name, which may be its beginning, such as its number.
pub fn named<'a>(pairs: &'a [Pair], name: &str) -> Result<&'a Pair> {
    pairs
        .iter()
        .find(|pair| pair.name().starts_with(name))
        .with_context(|| {
            let names: Vec<_> = pairs.iter().map(Pair::name).collect();
            format!(
                "There is no notebook {name}. There are: {}",
                names.join(", ")
            )
        })
}

/// A notebook's text without what the cells put out that are meant to fail: the compiler words
/// its messages differently from version to version.
fn comparable(text: &str) -> Result<String> {
    let mut notebook = notebook::parse(text)?;
    notebook::clear_outputs(&mut notebook, is_meant_to_fail);
    notebook::to_json(notebook)
}

/// Where two notebooks first differ, and how.
fn difference(stored: &Notebook, fresh: &Notebook) -> Result<String> {
    for (number, (stored, fresh)) in stored.cells.iter().zip(&fresh.cells).enumerate() {
        let (stored, fresh) = (readable(stored)?, readable(fresh)?);
        if stored != fresh {
            return Ok(format!(
                "Cell {} (- stored, + fresh):\n{}",
                number + 1,
                lines_that_differ(&stored, &fresh)
            ));
        }
    }
    if stored.cells.len() != fresh.cells.len() {
        return Ok(format!(
            "The stored one has {} cells, the fresh one {}.",
            stored.cells.len(),
            fresh.cells.len()
        ));
    }
    Ok("The cells are the same; the notebook's metadata differ.".to_owned())
}

/// A cell with its outputs, a line each, and the kinds of an output in the order of their names.
fn readable(cell: &Cell) -> Result<String> {
    let Cell::Code { outputs, .. } = cell else {
        return Ok(cell.source().concat());
    };
    Ok(format!(
        "{}\n{}",
        cell.source().concat(),
        serde_json::to_string_pretty(&serde_json::to_value(outputs)?)?
    ))
}

fn lines_that_differ(stored: &str, fresh: &str) -> String {
    let difference = TextDiff::from_lines(stored, fresh)
        .unified_diff()
        .context_radius(1)
        .to_string();
    let mut shown = String::new();
    for line in difference
        .lines()
        .filter(|line| !line.starts_with("@@"))
        .take(DIFFERENCE_LINES)
    {
        let short: String = line.chars().take(LINE_LENGTH).collect();
        shown += &format!(
            "  {short}{}\n",
            if short.len() < line.len() { " ..." } else { "" }
        );
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_names_the_cell_and_shows_both() {
        let stored = source::parse("# Title\n\n```rust\n1 + 1\n```\n").unwrap();
        let fresh = source::parse("# Title\n\n```rust\n1 + 2\n```\n").unwrap();
        let shown = difference(&stored, &fresh).unwrap();
        assert!(shown.starts_with("Cell 2 "), "{shown}");
        assert!(shown.contains("-1 + 1\n"), "{shown}");
        assert!(shown.contains("+1 + 2\n"), "{shown}");
    }

    #[test]
    fn a_notebook_is_found_by_its_number() {
        let pair = |name: &str| Pair {
            source: PathBuf::from(name).with_extension("md"),
            notebook: PathBuf::from(name).with_extension("ipynb"),
            version: None,
        };
        let pairs = [pair("01-one"), pair("02-two")];
        assert_eq!(named(&pairs, "02").unwrap().name(), "02-two");
        let error = named(&pairs, "03").unwrap_err().to_string();
        assert!(error.contains("01-one, 02-two"), "{error}");
    }
}
