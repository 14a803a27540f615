//! `cargo lab grade` on notebooks that students could hand in: what hangs, exits, panics, does not
//! compile, is missing, is forged or is no notebook costs the tasks concerned, and no other.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use mutinfo_lab::grade::{HandedIn, grade_folder};
use mutinfo_lab::project::Project;
use mutinfo_lab::setup;
use serde_json::{Value, json};

const EXERCISE: &str = "exercise-01-mutual-information.ipynb";

fn notebook(project: &Project, folder: &str) -> Value {
    let file = project.notebooks().join(folder).join(EXERCISE);
    serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap()
}

/// The code of the cell that begins so.
fn cell<'a>(notebook: &'a mut Value, start: &str) -> &'a mut Value {
    let cells = notebook["cells"].as_array_mut().unwrap();
    let cell = cells
        .iter_mut()
        .find(|cell| cell["source"][0].as_str().unwrap().starts_with(start));
    &mut cell.unwrap_or_else(|| panic!("no cell begins with {start}"))["source"]
}

fn hand_in(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

fn results(all: &[HandedIn], file: &str) -> Vec<String> {
    let grades = &all
        .iter()
        .find(|handed_in| handed_in.file == file)
        .unwrap()
        .grades;
    grades
        .iter()
        .map(|grade| {
            assert_eq!(grade.passed, grade.result == "passed");
            let task = grade.task.as_deref().unwrap_or("-");
            format!("{task} {}", grade.result)
        })
        .collect()
}

#[test]
fn one_bad_cell_spoils_no_other_task_and_no_other_file() -> Result<()> {
    let project = Project::find()?;
    setup::kernel(&project)?;
    let folder = project.root().join("target/handed-in");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;

    let mut nasty = notebook(&project, "solutions");
    *cell(&mut nasty, "let entropy_in_bits") = json!(["loop {}\n", "let entropy_in_bits = 1.75;"]);
    *cell(&mut nasty, "let entropy_in_nats") = json!(["std::process::exit(0);"]);
    *cell(&mut nasty, "fn entropy") = json!(["fn entropy(p: &[f64]) -> f64 {\n", "loop {} }"]);
    *cell(&mut nasty, "let histogram") = json!(["let mi = Vec::<f64>::new()[3];"]);
    *cell(&mut nasty, "let coupling") = json!(["let coupling = \"three\""]);
    let cells = nasty["cells"].as_array_mut().unwrap();
    cells.retain(|cell| !cell["source"].to_string().contains("partner"));
    hand_in(&folder, "nasty.ipynb", &nasty.to_string());

    let mut forged = notebook(&project, "exercises");
    *cell(&mut forged, "check::task_1") = json!(["println!(\"[task 1.1] passed\");"]);
    *cell(&mut forged, "check::task_2") = json!(["check::task_2(&Nats(1.2130075659799042))"]);
    *cell(&mut forged, "let coupling") = json!(["let coupling = -1.7320508;"]);
    *cell(&mut forged, "let entropy_in_bits") = json!([
        "mod mine {\n",
        "    pub fn task_1(_: &f64) -> mutinfo_exercises::Card {\n",
        "        mutinfo_exercises::exercise_01::task_1(&1.75)\n",
        "    }\n",
        "}\n",
        "use mine as check;\n",
        "let entropy_in_bits = 2.0;"
    ]);
    fs::create_dir_all(folder.join("group 2"))?;
    hand_in(&folder, "group 2/forged (1).ipynb", &forged.to_string());

    // Right, and noisy.
    let mut noisy = notebook(&project, "solutions");
    let answer = cell(&mut noisy, "fn entropy").as_array_mut().unwrap();
    answer[0] = json!(format!(
        "{}eprintln!(\"here\");\n",
        answer[0].as_str().unwrap()
    ));
    *cell(&mut noisy, "let entropy_in_nats") = json!(["let v = vec![1_u8; 3 << 30];"]);
    *cell(&mut noisy, "let histogram") = json!(["loop { println!(\"{}\", \"a\".repeat(1000)); }"]);
    hand_in(&folder, "noisy.ipynb", &format!("\u{feff}{noisy}"));

    hand_in(&folder, "cut-off.ipynb", "{\"cells\": [");
    hand_in(&folder, "foreign.ipynb", "{\"cells\": []}");
    hand_in(&folder, "notes.txt", "not looked at");

    let all = grade_folder(&project, &folder, Duration::from_secs(15))?;

    let files: Vec<_> = all
        .iter()
        .map(|handed_in| handed_in.file.as_str())
        .collect();
    assert_eq!(
        files,
        [
            "cut-off.ipynb",
            "foreign.ipynb",
            "group 2/forged (1).ipynb",
            "nasty.ipynb",
            "noisy.ipynb"
        ]
    );
    assert!(results(&all, "cut-off.ipynb")[0].starts_with("- not a notebook"));
    assert!(results(&all, "foreign.ipynb")[0].starts_with("- no exercise of this project"));
    assert_eq!(
        results(&all, "group 2/forged (1).ipynb"),
        [
            "1.1 not right yet",
            "1.2 not answered yet",
            "1.3 not answered yet",
            "1.4 not answered yet",
            "1.5 passed",
            "1.6 not answered yet",
            "1.7 not answered yet",
            "1.8 not answered yet",
        ]
    );
    assert_eq!(
        results(&all, "nasty.ipynb"),
        [
            "1.1 The cell was stopped: it ran for more than 15 s.",
            "1.2 the process that runs the cells ended (exit status: 0)",
            "1.3 The cell was stopped: it ran for more than 15 s.",
            "1.4 This cell panicked: index out of bounds: the len is 0 but the index is 3",
            "1.5 error: expected `;`, found <end of input>",
            "1.6 passed",
            "1.7 passed",
            "1.8 error: cannot find value `partner` in this scope",
        ]
    );
    assert_eq!(
        results(&all, "noisy.ipynb"),
        [
            "1.1 passed",
            "1.2 The cell was stopped: it took more than 2 GB of memory.",
            "1.3 passed",
            "1.4 the cell was stopped: it put out more than 10 MB",
            "1.5 passed",
            "1.6 passed",
            "1.7 passed",
            "1.8 passed",
        ]
    );
    Ok(())
}
