//! `cargo lab restore`: a notebook as it was delivered, beside what a student made of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::make::{Pair, named, pairs};
use crate::project::Project;
use crate::toolchain::output_of;
use crate::{files, notebook};

/// Restores the named notebooks. What was there is kept under another name.
pub fn restore(project: &Project, names: &[String]) -> Result<()> {
    let pairs = pairs(project)?;
    for name in names {
        let pair = find(&pairs, name)?;
        let original = original(project, pair)?;
        let kept = keep(&pair.notebook, &original)?;
        files::write(&pair.notebook, &original)?;
        println!("{} is as it was delivered.", pair.notebook.display());
        if let Some(kept) = kept {
            println!("What was there is in {}.", kept.display());
        }
    }
    Ok(())
}

/// The notebook at this path, or else of this name.
fn find<'a>(pairs: &'a [Pair], name: &str) -> Result<&'a Pair> {
    let path = std::path::absolute(name)?;
    match pairs.iter().find(|pair| pair.notebook == path) {
        Some(pair) => Ok(pair),
        None => named(pairs, name),
    }
}

/// The notebook with its outputs, from git, or else without them, from its source.
fn original(project: &Project, pair: &Pair) -> Result<String> {
    let path = pair
        .notebook
        .strip_prefix(project.root())
        .context("A notebook is in the project.")?;
    let committed = output_of(
        Command::new("git")
            .arg("show")
            .arg(format!("HEAD:{}", path.display()))
            .current_dir(project.root()),
    );
    match committed {
        Ok(text) => Ok(text + "\n"),
        Err(_) => notebook::to_json(pair.parsed()?),
    }
}

/// Renames a notebook that differs from the original one; says to what.
fn keep(file: &Path, original: &str) -> Result<Option<PathBuf>> {
    match fs::read_to_string(file) {
        Ok(present) if present.trim_end() != original.trim_end() => {}
        _ => return Ok(None),
    }
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let kept = (1..)
        .map(|number| file.with_file_name(format!("{name} (yours {number}).ipynb")))
        .find(|kept| !kept.exists())
        .context("numbers do not end")?;
    fs::rename(file, &kept).with_context(|| format!("{} cannot be renamed.", file.display()))?;
    Ok(Some(kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_student_made_is_kept_each_time() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("01.ipynb");
        assert_eq!(keep(&file, "a").unwrap(), None, "there is nothing to keep");
        for number in 1..=2 {
            fs::write(&file, "mine").unwrap();
            let kept = keep(&file, "a").unwrap().unwrap();
            assert_eq!(
                kept,
                folder.path().join(format!("01 (yours {number}).ipynb"))
            );
            assert_eq!(fs::read_to_string(kept).unwrap(), "mine");
        }
        fs::write(&file, "a\n").unwrap();
        assert_eq!(keep(&file, "a").unwrap(), None, "it is the original");
    }

    #[test]
    fn a_notebook_is_found_by_its_path_and_by_its_number() {
        let project = Project::around(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let pairs = pairs(&project).unwrap();
        let path = project
            .notebooks()
            .join("exercises/exercise-02-why-the-three-numbers-differ.ipynb");
        let found = find(&pairs, path.to_str().unwrap()).unwrap();
        assert_eq!(found.notebook, path);
        assert!(
            find(&pairs, "01")
                .unwrap()
                .notebook
                .ends_with("01-mutual-information.ipynb")
        );
        assert!(find(&pairs, "no such notebook").is_err());
    }
}
