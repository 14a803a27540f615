//! Exercises: one source for each, which holds the tasks and their solutions.
//!
//! In a code cell, the solution and what a student finds in its place stand behind one another:
//!
//! ```text
//! // [solution]
//! let entropy = Bits(1.75);
//! // [student]
//! let entropy = BLANK;
//! // [end]
//! ```
//!
//! All other lines are in both notebooks.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use jupyter_protocol::MediaType;
use nbformat::v4::{Cell, Notebook};

use crate::execute::CodeCell;
use crate::kernel::Outcome;
use crate::project::Project;
use crate::source;

/// Whose notebook it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// With blanks.
    Student,
    /// With the solutions.
    Solution,
}

impl Version {
    /// The folder in `notebooks/` where this version of all exercises is.
    pub fn folder(self) -> &'static str {
        match self {
            Version::Student => "exercises",
            Version::Solution => "solutions",
        }
    }

    /// What each check says of this version.
    fn words(self) -> &'static str {
        match self {
            Version::Student => "not answered yet",
            Version::Solution => "passed",
        }
    }

    /// Why a cell that checks a task did not say what it should, if so.
    pub fn complaint(self, cell: &CodeCell, outcome: &Outcome) -> Option<String> {
        task_checked_by(cell.code)?;
        let card = card(outcome);
        let words = card.as_ref().map(|(_, words)| words.as_str());
        (words != Some(self.words())).then(|| {
            format!(
                "Cell [{}], {}, should say that the task is {}, and says: {}",
                cell.number,
                cell.code,
                self.words(),
                words.unwrap_or("nothing")
            )
        })
    }
}

/// The task and the outcome on the card that a check put out: `1.3` and `passed` of
/// `[task 1.3] passed`.
pub fn card(outcome: &Outcome) -> Option<(String, String)> {
    let values = outcome.results.iter().flat_map(|media| &media.content);
    values.into_iter().find_map(|value| {
        let MediaType::Plain(text) = value else {
            return None;
        };
        let (task, words) = text
            .lines()
            .next()?
            .strip_prefix("[task ")?
            .split_once("] ")?;
        Some((task.to_owned(), words.to_owned()))
    })
}

/// The sources of the exercises, by name.
pub fn sources(project: &Project) -> Result<Vec<PathBuf>> {
    source::in_folder(&project.notebooks().join("source/exercises"))
}

/// One version of an exercise, not executed.
pub fn parse(source: &str, version: Version) -> Result<Notebook> {
    source::parse(&select(source, version)?)
}

/// The source of one version.
fn select(source: &str, version: Version) -> Result<String> {
    let mut selected = String::new();
    let mut of: Option<Version> = None;
    for (number, line) in source.lines().enumerate() {
        of = match (line.trim(), of) {
            ("// [solution]", None) => Some(Version::Solution),
            ("// [student]", Some(Version::Solution)) => Some(Version::Student),
            ("// [end]", Some(Version::Student)) => None,
            ("// [solution]" | "// [student]" | "// [end]", _) => bail!(
                "Line {}: {} is out of order: [solution], [student] and [end] follow one another.",
                number + 1,
                line.trim()
            ),
            _ => {
                if of.is_none_or(|of| of == version) {
                    selected += line;
                    selected.push('\n');
                }
                continue;
            }
        };
    }
    ensure!(of.is_none(), "The last [solution] has no [end].");
    Ok(selected)
}

/// The task that a cell checks: cells such as `check::task_3(...)`, and nothing before it.
pub fn task_checked_by(code: &str) -> Option<usize> {
    let (number, _) = code
        .trim_start()
        .strip_prefix("check::task_")?
        .split_once('(')?;
    number.parse().ok()
}

/// What the grader needs of an exercise.
#[derive(Debug)]
pub struct Exercise {
    /// The module of its checks, such as `exercise_01`.
    pub module: String,
    /// The cell that loads the crates and the checks.
    pub setup: String,
    /// The cell that checks each task.
    pub checks: BTreeMap<usize, String>,
}

impl Exercise {
    /// A task's name on its card, such as 1.3.
    pub fn name_of(&self, task: usize) -> String {
        let number = self
            .module
            .trim_start_matches(|c: char| !('1'..='9').contains(&c));
        format!("{number}.{task}")
    }

    /// The code that checks a task, with the checks' full path: a student's cell may have given
    /// `check` another meaning. In parentheses, for what begins with a colon is a command to evcxr.
    pub fn check(&self, task: usize) -> Option<String> {
        let call = self
            .checks
            .get(&task)?
            .trim_start()
            .strip_prefix("check::")?;
        Some(format!("(::mutinfo_exercises::{}::{call})", self.module))
    }

    /// The exercise of a source.
    pub fn new(source: &str) -> Result<Self> {
        let notebook = parse(source, Version::Student)?;
        let mut code = notebook.cells.iter().filter_map(|cell| match cell {
            Cell::Code { source, .. } => Some(source.concat()),
            _ => None,
        });
        let setup = code
            .next()
            .context("There is no cell that loads the checks.")?;
        let module = module_of(&setup)
            .context("The first cell does not load the checks `as check`.")?
            .to_owned();
        let checks = code
            .filter_map(|code| Some((task_checked_by(&code)?, code)))
            .collect();
        Ok(Self {
            module,
            setup,
            checks,
        })
    }
}

/// All exercises, by the module of their checks.
pub fn load(project: &Project) -> Result<BTreeMap<String, Exercise>> {
    let mut exercises = BTreeMap::new();
    for source in sources(project)? {
        let exercise = fs::read_to_string(&source)
            .map_err(anyhow::Error::from)
            .and_then(|text| Exercise::new(&text))
            .with_context(|| source.display().to_string())?;
        exercises.insert(exercise.module.clone(), exercise);
    }
    Ok(exercises)
}

/// The checks that a cell loads: `exercise_01` of `exercise_01 as check`.
pub fn module_of(code: &str) -> Option<&str> {
    let (before, _) = code.split_once(" as check")?;
    let module = before
        .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
        .next()?;
    module.starts_with("exercise_").then_some(module)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "\
# Title

```rust
use mutinfo_exercises::{BLANK, exercise_07 as check};
```

```rust
let given = 1;
// [solution]
let answer = 2;
// [student]
let answer = BLANK;
// [end]
```

```rust
check::task_1(&answer)
```
";

    fn code(version: Version) -> Vec<String> {
        let cells = parse(SOURCE, version).unwrap().cells;
        cells[1..]
            .iter()
            .map(|cell| cell.source().concat())
            .collect()
    }

    #[test]
    fn each_version_has_its_own_lines_and_the_common_ones() {
        assert_eq!(
            code(Version::Solution)[1],
            "let given = 1;\nlet answer = 2;"
        );
        assert_eq!(
            code(Version::Student)[1],
            "let given = 1;\nlet answer = BLANK;"
        );
        assert_eq!(code(Version::Student)[2], code(Version::Solution)[2]);
    }

    #[test]
    fn markers_out_of_order_are_refused_with_their_line() {
        for (source, line) in [
            ("// [student]\n", "Line 1"),
            ("// [solution]\n// [end]\n", "Line 2"),
            ("// [solution]\n// [solution]\n", "Line 2"),
        ] {
            let error = select(source, Version::Student).unwrap_err().to_string();
            assert!(error.starts_with(line), "{error}");
        }
        assert!(select("// [solution]\n", Version::Student).is_err());
    }

    #[test]
    fn checks_are_known_by_their_task() {
        assert_eq!(task_checked_by("check::task_12(&x)"), Some(12));
        assert_eq!(task_checked_by("let a = 1;\ncheck::task_12(&x)"), None);
        assert_eq!(task_checked_by("check::hint(1)"), None);
        let exercise = Exercise::new(SOURCE).unwrap();
        assert_eq!(exercise.module, "exercise_07");
        assert_eq!(exercise.checks[&1], "check::task_1(&answer)");
        let check = "(::mutinfo_exercises::exercise_07::task_1(&answer))";
        assert_eq!(exercise.check(1).as_deref(), Some(check));
    }
}
