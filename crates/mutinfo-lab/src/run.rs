//! `cargo lab run`: notebooks through the real kernel, without a browser.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Result, bail};
use jupyter_protocol::{Media, MediaType};

use crate::execute::{CodeCell, Moment, execute};
use crate::kernel::Outcome;
use crate::project::Project;
use crate::{files, notebook};

/// Executes notebooks, all of the project's if none is named, shows what each cell does,
/// and keeps the executed copies. Fails where a cell does, after the last notebook.
pub fn run(project: &Project, notebooks: &[PathBuf]) -> Result<()> {
    let notebooks = match notebooks {
        [] => all(&project.notebooks())?,
        named => named.to_vec(),
    };
    let mut failed = Vec::new();
    for notebook in &notebooks {
        println!("{}", notebook.display());
        if let Err(error) = run_one(project, notebook) {
            println!("  FAILED: {error:#}");
            failed.push(notebook.display().to_string());
        }
    }
    if !failed.is_empty() {
        bail!(
            "{} of {} notebooks failed: {}",
            failed.len(),
            notebooks.len(),
            failed.join(", ")
        );
    }
    Ok(())
}

/// The notebooks in a folder, by name.
fn all(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut notebooks = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "ipynb")
        {
            notebooks.push(path);
        }
    }
    notebooks.sort();
    Ok(notebooks)
}

fn run_one(project: &Project, file: &Path) -> Result<()> {
    let mut notebook = notebook::read(file)?;
    let folder = file
        .canonicalize()?
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default();
    let mut times = Vec::new();
    let mut failure = None;
    execute(project, &mut notebook, &folder, |moment| {
        match moment {
            Moment::Ready(time) => println!("  kernel ready in {:.1} s", time.as_secs_f64()),
            Moment::Start(_) => {}
            Moment::End(cell, outcome) => {
                times.push(outcome.time);
                print_cell(cell, outcome);
                failure = cell.complaint(outcome);
                if failure.is_some() {
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    })?;
    println!("{}", summary(&mut times));
    let copy = project
        .root()
        .join("target/notebooks")
        .join(file.file_name().unwrap_or_default());
    files::write(&copy, &notebook::to_json(notebook)?)?;
    match failure {
        Some(failure) => bail!(failure),
        None => Ok(()),
    }
}

/// How long cells took, in all and each.
fn summary(times: &mut [Duration]) -> String {
    times.sort();
    let seconds = |time: Option<&Duration>| time.map_or(0.0, Duration::as_secs_f64);
    format!(
        "  all cells: {:.2} s (median {:.2} s, worst {:.2} s)",
        times.iter().sum::<Duration>().as_secs_f64(),
        seconds(times.get(times.len() / 2)),
        seconds(times.last())
    )
}

fn print_cell(cell: &CodeCell, outcome: &Outcome) {
    let first_line = cell.code.lines().next().unwrap_or_default();
    let seconds = outcome.time.as_secs_f64();
    println!("  [{:>2}] {seconds:5.2} s  {first_line}", cell.number);
    for line in shown(outcome).lines() {
        println!("       |     {line}");
    }
}

/// What a reader of the notebook sees below the cell, as text.
fn shown(outcome: &Outcome) -> String {
    let mut shown = outcome.stdout.clone();
    for result in &outcome.results {
        shown += &in_text(result);
        shown.push('\n');
    }
    shown + &outcome.stderr
}

/// A value in text: a figure by its text alternative, anything else by its plain text.
pub fn in_text(media: &Media) -> String {
    let (mut plain, mut other) = (None, String::new());
    for value in &media.content {
        match value {
            MediaType::Plain(text) => plain = Some(text.trim_end().to_owned()),
            MediaType::Html(html) => match text_alternative(html) {
                Some(alternative) => return format!("figure: {alternative}"),
                None => other = format!("HTML, {} characters", html.len()),
            },
            value => other = value.mime_type().to_owned(),
        }
    }
    plain.unwrap_or(other)
}

fn text_alternative(html: &str) -> Option<String> {
    let (_, rest) = html.split_once("alt=\"")?;
    let (alternative, _) = rest.split_once('"')?;
    let plain = [
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(alternative.to_owned(), |text, (entity, character)| {
        text.replace(entity, character)
    });
    Some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media(values: Vec<MediaType>) -> Media {
        Media::new(values)
    }

    #[test]
    fn a_figure_is_shown_by_its_text_alternative() {
        let html = r#"<img alt="x &lt; y, &quot;hot&quot;" src="data:image/svg+xml;base64,AA==">"#;
        let figure = media(vec![
            MediaType::Plain("Figure".to_owned()),
            MediaType::Html(html.to_owned()),
        ]);
        assert_eq!(in_text(&figure), r#"figure: x < y, "hot""#);
    }

    #[test]
    fn the_summary_names_the_middle_and_the_worst_cell() {
        let mut times = [700, 100, 200].map(Duration::from_millis);
        let said = summary(&mut times);
        assert_eq!(said, "  all cells: 1.00 s (median 0.20 s, worst 0.70 s)");
        assert!(summary(&mut []).contains("0.00 s"));
    }

    #[test]
    fn text_is_preferred_to_a_table_in_html() {
        let table = media(vec![
            MediaType::Html("<table></table>".to_owned()),
            MediaType::Plain("a  b\n".to_owned()),
        ]);
        assert_eq!(in_text(&table), "a  b");
    }
}
