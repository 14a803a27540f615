//! `cargo lab grade`: runs the notebooks that students handed in, and says who solved what.
//!
//! Nothing that a notebook stores is believed: each is run from its first cell in a kernel that
//! knows nothing yet, with the teacher's checks in place of the student's. A cell that takes too
//! long or too much memory, that puts out too much, or that ends the kernel's process, is left out
//! and the rest is run again without it.
//!
//! It runs what students wrote, with the rights of whoever calls it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::exercises::{self, Exercise, Version, module_of, task_checked_by};
use crate::files;
use crate::front::{CRASH, PANIC};
use crate::kernel::{Launch, Outcome};
use crate::project::Project;

/// How long all cells of a notebook may take together, in limits of one.
const LIMITS_PER_NOTEBOOK: u32 = 10;

/// How much memory the process that runs the cells may take, in gigabytes. macOS does not keep to
/// it.
const MEMORY_LIMIT: u64 = 2;

/// How a task was solved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grade {
    /// The task, such as 1.3; nothing where the file could not be run at all.
    pub task: Option<String>,
    /// Whether the teacher's check passed.
    pub passed: bool,
    /// The check's words, or why there are none.
    pub result: String,
    /// How long the student's cells for it and the check took.
    pub time: Duration,
}

/// The grades of one file.
#[derive(Debug)]
pub struct HandedIn {
    /// Its path in the folder.
    pub file: String,
    /// A grade for each task.
    pub grades: Vec<Grade>,
}

/// Grades all notebooks in a folder, writes `grades.csv` into it and prints the table.
pub fn grade(project: &Project, folder: &Path, limit: Duration) -> Result<()> {
    let all = grade_folder(project, folder, limit)?;
    let csv = folder.join("grades.csv");
    files::write(&csv, &as_csv(&all))?;
    print!("{}", as_table(&all));
    println!("\nThe table is in {}.", csv.display());
    Ok(())
}

/// Grades all notebooks in a folder. A cell may take as long as `limit`.
pub fn grade_folder(project: &Project, folder: &Path, limit: Duration) -> Result<Vec<HandedIn>> {
    let exercises = exercises::load(project)?;
    let notebooks = notebooks_in(folder)?;
    if notebooks.is_empty() {
        bail!("There is no notebook (.ipynb) in {}.", folder.display());
    }
    let mut all = Vec::new();
    for (number, path) in notebooks.iter().enumerate() {
        let file = path
            .strip_prefix(folder)
            .unwrap_or(path)
            .display()
            .to_string();
        eprintln!("Running {file} ({} of {})", number + 1, notebooks.len());
        let grades = grade_file(project, &exercises, path, limit).unwrap_or_else(|error| {
            vec![Grade {
                task: None,
                passed: false,
                result: format!("{error:#}"),
                time: Duration::ZERO,
            }]
        });
        all.push(HandedIn { file, grades });
    }
    Ok(all)
}

/// The notebooks in a folder and the folders in it, by name.
fn notebooks_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut notebooks = Vec::new();
    let entries = fs::read_dir(folder)
        .with_context(|| format!("The folder {} cannot be read.", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        // Jupyter's checkpoints, and the files that macOS puts beside each one.
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.file_type()?.is_dir() {
            notebooks.extend(notebooks_in(&path)?);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "ipynb")
        {
            notebooks.push(path);
        }
    }
    notebooks.sort();
    Ok(notebooks)
}

fn grade_file(
    project: &Project,
    exercises: &BTreeMap<String, Exercise>,
    file: &Path,
    limit: Duration,
) -> Result<Vec<Grade>> {
    let text = fs::read_to_string(file).context("cannot be read")?;
    let cells = code_cells(without_byte_order_mark(&text)).context("not a notebook")?;
    let exercise = cells
        .iter()
        .find_map(|code| exercises.get(module_of(code)?))
        .context("no exercise of this project: no cell loads its checks")?;
    Run {
        exercise,
        steps: steps(&cells, exercise),
        limit,
        time_left: LIMITS_PER_NOTEBOOK * limit,
        left_out: BTreeMap::new(),
        grades: BTreeMap::new(),
    }
    .run(project)
}

/// Some editors begin a file with one.
fn without_byte_order_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

/// The code cells of a notebook, read leniently: students' tools write more than one format.
fn code_cells(text: &str) -> Result<Vec<String>> {
    let notebook: Value = serde_json::from_str(text)?;
    let cells = notebook["cells"].as_array().context("no cells")?;
    Ok(cells
        .iter()
        .filter(|cell| cell["cell_type"] == "code")
        .map(|cell| match &cell["source"] {
            Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
            text => text.as_str().unwrap_or_default().to_owned(),
        })
        .collect())
}

/// What is run of a notebook, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    /// A cell of the student's.
    Answer(String),
    /// The teacher's check of a task.
    Check(usize),
}

/// The student's cells, with the teacher's set-up before them and the teacher's checks where the
/// student's were. Checks that are not there come at the end.
fn steps(cells: &[String], exercise: &Exercise) -> Vec<Step> {
    let mut steps = vec![Step::Answer(exercise.setup.clone())];
    let mut missing: BTreeSet<usize> = exercise.checks.keys().copied().collect();
    for code in cells {
        if let Some(task) = task_checked_by(code) {
            if missing.remove(&task) {
                steps.push(Step::Check(task));
            }
        } else if !code.trim_start().starts_with("check::") {
            // The crates are the teacher's.
            let code: Vec<_> = code
                .lines()
                .filter(|line| !line.starts_with(":dep"))
                .collect();
            steps.push(Step::Answer(code.join("\n")));
        }
    }
    steps.extend(missing.into_iter().map(Step::Check));
    steps
}

/// A notebook under way.
struct Run<'a> {
    exercise: &'a Exercise,
    steps: Vec<Step>,
    limit: Duration,
    /// For the cells, all times round together.
    time_left: Duration,
    /// The steps that did not come to an end, and how they ended.
    left_out: BTreeMap<usize, String>,
    grades: BTreeMap<usize, Grade>,
}

impl Run<'_> {
    fn run(mut self, project: &Project) -> Result<Vec<Grade>> {
        // Each time round, one more step is left out.
        while self.once(project)?.is_break() && !self.time_left.is_zero() {}
        for &task in self.exercise.checks.keys() {
            self.grades.entry(task).or_insert_with(|| Grade {
                task: Some(self.exercise.name_of(task)),
                passed: false,
                result: "not reached in time".to_owned(),
                time: Duration::ZERO,
            });
        }
        Ok(self.grades.into_values().collect())
    }

    /// Runs what was not left out. Breaks off where a step does not come to an end.
    fn once(&mut self, project: &Project) -> Result<ControlFlow<()>> {
        let mut kernel = Launch {
            project,
            folder: &project.notebooks().join(Version::Student.folder()),
            on_log: Box::new(|_| {}),
        }
        .start()?;
        kernel.execute(&limit_memory(), self.limit)?;
        let mut time = Duration::ZERO;
        let mut complaint = None;
        let mut flow = ControlFlow::Continue(());
        for (index, step) in self.steps.iter().enumerate() {
            let (code, task) = match step {
                Step::Answer(code) => (code.clone(), None),
                Step::Check(task) => {
                    let check = self.exercise.check(*task);
                    (check.context("no check of this task")?, Some(*task))
                }
            };
            if task.is_some_and(|task| self.grades.contains_key(&task)) {
                (time, complaint) = (Duration::ZERO, None);
                continue;
            }
            if let Some(why) = self.left_out.get(&index) {
                complaint.get_or_insert_with(|| why.clone());
                continue;
            }
            let limit = self.limit.min(self.time_left);
            let start = Instant::now();
            let outcome = kernel.execute(&code, limit);
            time += start.elapsed();
            self.time_left = self.time_left.saturating_sub(start.elapsed());
            let ended = match &outcome {
                Err(error) => Some(error.to_string()),
                Ok(outcome) => end_of_process(outcome),
            };
            let judgement = match (outcome, &ended) {
                (Ok(outcome), None) => {
                    judge(&outcome, task.map(|task| self.exercise.name_of(task)))
                }
                (_, why) => Err(why.clone().unwrap_or_default()),
            };
            match task {
                Some(task) => {
                    let judgement = judgement.map_err(|why| complaint.take().unwrap_or(why));
                    let (passed, result) = match judgement {
                        Ok(words) => (words == "passed", words),
                        Err(why) => (false, why),
                    };
                    let grade = Grade {
                        task: Some(self.exercise.name_of(task)),
                        passed,
                        result,
                        time,
                    };
                    self.grades.insert(task, grade);
                    (time, complaint) = (Duration::ZERO, None);
                }
                None => {
                    if let Err(why) = judgement {
                        complaint.get_or_insert(why);
                    }
                }
            }
            if let Some(why) = ended {
                self.left_out.insert(index, why);
                flow = ControlFlow::Break(());
                break;
            }
        }
        kernel.shut_down();
        Ok(flow)
    }
}

/// Code that bounds the memory of the process that runs it: of what it may write to, as the
/// addresses that it reserves are many more.
fn limit_memory() -> String {
    format!(
        "{{
    // The same number on Linux and macOS.
    const RLIMIT_DATA: i32 = 2;
    unsafe extern \"C\" {{
        fn setrlimit(resource: i32, limits: *const [u64; 2]) -> i32;
    }}
    unsafe {{ setrlimit(RLIMIT_DATA, &[{bytes}, {bytes}]) }};
}}",
        bytes = MEMORY_LIMIT << 30
    )
}

/// How the process that runs the cells ended, if it did: evcxr starts another one, without the
/// variables.
fn end_of_process(outcome: &Outcome) -> Option<String> {
    let how = outcome.errors.iter().find(|error| error.ename == CRASH)?;
    if outcome.stderr.contains("memory allocation of") {
        return Some(format!(
            "The cell was stopped: it took more than {MEMORY_LIMIT} GB of memory."
        ));
    }
    Some(how.evalue.clone())
}

/// The words of the card for this task, or the first thing that went wrong. Of a cell that checks
/// no task there is nothing to say where nothing went wrong. What an answer prints to stderr,
/// such as by `dbg!`, is no fault where a card was given.
fn judge(outcome: &Outcome, task: Option<String>) -> Result<String, String> {
    let first_line = |text: &str| text.trim().lines().next().unwrap_or_default().to_owned();
    if let Some(error) = outcome.errors.first() {
        let what = if error.ename == PANIC {
            "This cell panicked"
        } else {
            "error"
        };
        return Err(format!("{what}: {}", first_line(&error.evalue)));
    }
    match (task, exercises::card(outcome)) {
        (Some(task), Some((of, words))) if of == task => Ok(words),
        _ if !outcome.stderr.is_empty() => Err(first_line(&outcome.stderr)),
        (Some(_), _) => Err("the check gave no answer".to_owned()),
        (None, _) => Ok(String::new()),
    }
}

/// Text that a student wrote, on one line: it may hold what moves a terminal's cursor.
fn on_one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// Text for a spreadsheet, which would take some beginnings for a formula and compute it.
fn quoted(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@']) {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", on_one_line(text).replace('"', "\"\""))
}

/// The table for a spreadsheet.
fn as_csv(all: &[HandedIn]) -> String {
    let mut csv = String::from("file,task,passed,result,seconds\n");
    for HandedIn { file, grades } in all {
        for grade in grades {
            csv += &format!(
                "{},{},{},{},{:.1}\n",
                quoted(file),
                grade.task.as_deref().unwrap_or_default(),
                if grade.passed { "yes" } else { "no" },
                quoted(&grade.result),
                grade.time.as_secs_f64()
            );
        }
    }
    csv
}

/// The table for the terminal, with a line of summary for each file.
fn as_table(all: &[HandedIn]) -> String {
    let mut table = String::new();
    for HandedIn { file, grades } in all {
        let passed = grades.iter().filter(|grade| grade.passed).count();
        let of = grades.iter().filter(|grade| grade.task.is_some()).count();
        table += &format!("\n{}: {passed} of {of} passed\n", on_one_line(file));
        for grade in grades {
            let task = grade.task.as_deref().unwrap_or("-");
            let mark = if grade.passed { "yes" } else { "no" };
            let seconds = grade.time.as_secs_f64();
            let result = on_one_line(&grade.result);
            table += &format!("  {task:<5} {mark:<4} {seconds:6.1} s  {result}\n");
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use jupyter_protocol::{ErrorOutput, Media, MediaType};

    use super::*;

    #[test]
    fn what_a_student_wrote_breaks_neither_table() {
        let all = [HandedIn {
            file: "=1+1 \"a\".ipynb".to_owned(),
            grades: vec![Grade {
                task: Some("1.2".to_owned()),
                passed: false,
                result: "\u{1b}[2Jtwo\nlines".to_owned(),
                time: Duration::from_millis(1500),
            }],
        }];
        assert_eq!(
            as_csv(&all),
            "file,task,passed,result,seconds\n\
             \"'=1+1 \"\"a\"\".ipynb\",1.2,no,\" [2Jtwo lines\",1.5\n"
        );
        assert_eq!(
            as_table(&all),
            "\n=1+1 \"a\".ipynb: 0 of 1 passed\n  1.2   no      1.5 s   [2Jtwo lines\n"
        );
    }

    fn outcome(stderr: &str, card: Option<&str>) -> Outcome {
        let card = card.map(|text| Media::new(vec![MediaType::Plain(text.to_owned())]));
        Outcome {
            stderr: stderr.to_owned(),
            results: card.into_iter().collect(),
            ..Outcome::default()
        }
    }

    #[test]
    fn the_card_decides_and_not_what_an_answer_prints() {
        let task = || Some("1.3".to_owned());
        let passed = Some("[task 1.3] passed");
        let judged = judge(&outcome("[src/lib.rs:3:1] p = 0.5\n", passed), task());
        assert_eq!(judged.as_deref(), Ok("passed"));
        let mut panicked = outcome("", None);
        panicked.errors.push(ErrorOutput {
            ename: PANIC.to_owned(),
            evalue: "no".to_owned(),
            traceback: Vec::new(),
        });
        assert_eq!(
            judge(&panicked, task()).unwrap_err(),
            "This cell panicked: no"
        );
        let judged = judge(&outcome("", Some("[task 1.2] passed")), task());
        assert_eq!(judged.unwrap_err(), "the check gave no answer");
        let judged = judge(&outcome("not a number\nmore\n", None), task());
        assert_eq!(judged.unwrap_err(), "not a number");
        assert_eq!(judge(&outcome("", None), None).as_deref(), Ok(""));
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        let text = "\u{feff}{\"cells\": [{\"cell_type\": \"code\", \"source\": \"1\"}]}";
        assert_eq!(code_cells(without_byte_order_mark(text)).unwrap(), ["1"]);
    }

    #[test]
    fn notebooks_are_found_in_folders_and_hidden_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let files = [
            "a b/one (1).ipynb",
            "c/one (1).ipynb",
            ".ipynb_checkpoints/two.ipynb",
            "c/._one (1).ipynb",
            "notes.txt",
        ];
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = notebooks_in(folder.path()).unwrap();
        assert_eq!(
            found,
            [folder.path().join(files[0]), folder.path().join(files[1])]
        );
    }
}
