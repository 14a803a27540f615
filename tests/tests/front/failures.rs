//! Each way to fail, in one notebook.

use std::time::{Duration, Instant};

use jupyter_protocol::ReplyStatus;

use crate::client::{Cell, Notebook, project};
use crate::lifetimes::alone;

/// Asserts that a cell failed, and that its error holds all of these words.
#[track_caller]
fn failed(cell: &Cell, words: &[&str]) {
    assert_eq!(cell.status, ReplyStatus::Error, "{cell:?}");
    for word in words {
        assert!(
            cell.traceback.contains(word),
            "no {word:?} in\n{}",
            cell.traceback
        );
    }
}

#[track_caller]
fn succeeded(cell: &Cell, shown: &[&str]) {
    assert_eq!(cell.status, ReplyStatus::Ok, "{cell:?}");
    assert_eq!(cell.shown, shown);
}

#[test]
fn failures_are_failures_and_the_notebook_goes_on() {
    let _alone = alone();
    let mut notebook = Notebook::open(&project());

    let first = notebook.run("let data = vec![1.0, 2.0, 3.0];");
    assert_eq!(first.number, Some(1));
    what_is_printed(&mut notebook);
    what_is_shown(&mut notebook);
    panics(&mut notebook);
    early_returns(&mut notebook);
    what_does_not_compile(&mut notebook);
    what_is_not_kept(&mut notebook);
    cells_behind_a_failure(&mut notebook);
    checks(&mut notebook);
    help_while_a_cell_runs(&mut notebook);
    interrupts(&mut notebook);
    ends_of_the_process(&mut notebook);
}

fn what_is_printed(notebook: &mut Notebook) {
    succeeded(&notebook.run("print!(\"MI = \");"), &["MI = "]);
    succeeded(&notebook.run("println!(\"{}\", 1);"), &["1\n"]);
    let figure = |text: &str| {
        format!("println!(\"EVCXR_BEGIN_CONTENT text/plain\\n{text}\\nEVCXR_END_CONTENT\");")
    };
    let two = notebook.run(&format!("{}\n{}", figure("one"), figure("two")));
    succeeded(&two, &["one", "two"]);
    // A progress line is shown before its end of the line, while the cell runs.
    let id = notebook.send(
        "print!(\"\\r1 of 2\"); std::thread::sleep(std::time::Duration::from_secs(2)); \
         print!(\"\\r2 of 2\");",
    );
    let start = Instant::now();
    notebook.wait_until_shown("\r1 of 2");
    let shown_after = start.elapsed();
    let cell = notebook.wait_for(&id);
    assert!(
        cell.time > Duration::from_millis(500),
        "{shown_after:?}, {cell:?}"
    );
    assert_eq!(cell.shown, ["\r2 of 2"]);
}

fn what_is_shown(notebook: &mut Notebook) {
    let figure = "#[derive(Clone, Debug)]\nstruct Figure;\nimpl Figure {\n    fn titled(self) -> \
                  Self { self }\n    fn evcxr_display(&self) {\n        println!(\"EVCXR_BEGIN_CONTENT \
                  text/plain\\na figure\\nEVCXR_END_CONTENT\");\n    }\n}";
    succeeded(&notebook.run(figure), &[]);
    for code in [
        "let mut figure = Figure;\nfigure.clone()",
        "figure",
        // It does not exist afterwards, and is a figure all the same.
        "figure.titled()",
        "let figure = Figure;\nfigure.titled()",
    ] {
        succeeded(&notebook.run(code), &["a figure"]);
    }
    succeeded(
        &notebook.run("let counts = vec![1, 2];\ncounts.into_iter().max()"),
        &["Some(2)"],
    );
    succeeded(&notebook.run("struct Secret;"), &[]);
    failed(
        &notebook.run("let secret = Secret;\nsecret"),
        &["`Secret` cannot be shown", "#[derive(Debug)]"],
    );
}

fn panics(notebook: &mut Notebook) {
    let cell = notebook.run("let three = vec![0; 3]; // é\nlet seventh = three[6]; // boom");
    failed(
        &cell,
        &[
            "index out of bounds",
            "in line 2 of this cell",
            "let seventh = three[6]; // boom",
            "`seventh` and `three` do not exist",
        ],
    );
    assert!(cell.shown[0].starts_with("[panic] index"), "{cell:?}");
    succeeded(&notebook.run("data.len()"), &["3"]);
    // In a function of an earlier cell.
    let number = notebook
        .run("fn item(v: &[f64]) -> f64 {\n    v[7]\n}")
        .number;
    let cell = notebook.run("let x = item(&data);");
    let place = format!("in line 2 of cell [{}]", number.unwrap());
    failed(&cell, &[&place, "v[7]", "The variable `x` does not exist"]);
}

fn early_returns(notebook: &mut Notebook) {
    let cell = notebook.run(
        "let n: i32 = \"5\".parse()?;\nlet m: i32 = \"é\".parse()?;\nlet o: i32 = \"6\".parse()?;",
    );
    failed(
        &cell,
        &[
            "invalid digit",
            "in line 2 of this cell",
            "\"é\".parse()?",
            "`m`, `n` and `o`",
        ],
    );
    assert_eq!(cell.shown.len(), 1, "the error is told once: {cell:?}");
}

fn what_does_not_compile(notebook: &mut Notebook) {
    for text in ["x", "é"] {
        let cell = notebook.run(&format!("let a = 1;\nlet b: f64 = \"{text}\"; // {text}"));
        let line = format!("   2 │ let b: f64 = \"{text}\"; // {text}");
        failed(
            &cell,
            &["mismatched types", "in line 2", &line, "^^^ expected `f64`"],
        );
        let colours = cell.traceback.matches('\u{1b}').count();
        let bold = cell.traceback.matches("\u{1b}[1m").count() * 2;
        assert_eq!(colours, bold, "no colour is readable on every ground");
    }
    failed(
        &notebook.run("println!(\"{}\", unknown)"),
        &["cannot find value `unknown`"],
    );
}

fn what_is_not_kept(notebook: &mut Notebook) {
    for (code, words) in [
        ("let f = |x: f64| x + 1.0;", ["closure", "fn f("]),
        ("let r = &data;", ["borrow `data`", ".clone()"]),
        ("let s = data.as_slice();", ["`s` borrows", ".to_vec()"]),
    ] {
        let cell = notebook.run(code);
        failed(&cell, &words);
        assert!(
            cell.time < Duration::from_secs(20),
            "{code}: {:?}",
            cell.time
        );
    }
    notebook.run("#[derive(Debug)] struct Pair(u8, u8);\nlet pair = Pair(1, 2);");
    succeeded(&notebook.run("pair"), &["Pair(1, 2)"]);
    succeeded(&notebook.run("#[derive(Debug)] struct Pair(String);"), &[]);
    succeeded(&notebook.run("data.len()"), &["3"]);
    let cell = notebook.run("pair");
    failed(&cell, &["cannot find value `pair`"]);
    assert!(
        cell.shown.concat().contains("pair was redefined"),
        "{cell:?}"
    );
    notebook.run("let k = 5;");
    let cell = notebook.run("let v: Vec<f64> = Vec::with_capacity(k);");
    failed(&cell, &["expected `usize`", "let k: usize = 5;"]);
    notebook.run("let item = item(&[0.0; 8]);");
    failed(&notebook.run("item(&data)"), &["another name"]);
}

fn cells_behind_a_failure(notebook: &mut Notebook) {
    let cells = notebook.run_all(&["1 + 1", "panic!(\"no\")", "3", "4"]);
    let statuses: Vec<_> = cells.iter().map(|cell| &cell.status).collect();
    use ReplyStatus::{Aborted, Error, Ok};
    assert_eq!(statuses, [&Ok, &Error, &Aborted, &Aborted]);
    assert!(
        cells[2].shown.is_empty() && cells[2].number.is_none(),
        "{cells:?}"
    );
    succeeded(&notebook.run("5"), &["5"]);
}

fn checks(notebook: &mut Notebook) {
    let load = ":dep mutinfo-exercises = { path = \"../crates/mutinfo-exercises\" }\n\
                use mutinfo_exercises::exercise_01 as check;";
    succeeded(&notebook.run(load), &[]);
    succeeded(&notebook.run("let entropy_in_bits = 1.75;"), &[]);
    let check = "check::task_1(&entropy_in_bits)";
    assert!(notebook.run(check).shown[0].starts_with("[task 1.1] passed"));
    failed(
        &notebook.run("let entropy_in_bits = 1.75 +;"),
        &["expected expression"],
    );
    failed(
        &notebook.run(check),
        &["there is no `entropy_in_bits` to check"],
    );
    succeeded(&notebook.run("let entropy_in_bits = 2.0;"), &[]);
    assert!(notebook.run(check).shown[0].starts_with("[task 1.1] not right yet"));
}

fn help_while_a_cell_runs(notebook: &mut Notebook) {
    let matches = notebook.complete("data.le");
    assert!(
        matches.iter().any(|word| word.starts_with("len")),
        "{matches:?}"
    );
    let id =
        notebook.send("print!(\"now\"); std::thread::sleep(std::time::Duration::from_secs(3));");
    notebook.wait_until_shown("now");
    let start = Instant::now();
    let words = notebook.complete("data.le");
    assert!(words[0].contains("A cell is running"), "{words:?}");
    let help = notebook.inspect("data");
    assert!(help.contains("A cell is running"), "{help}");
    assert!(
        start.elapsed() < Duration::from_secs(1),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(notebook.wait_for(&id).status, ReplyStatus::Ok);
}

fn interrupts(notebook: &mut Notebook) {
    let id = notebook.send("print!(\"now\"); loop { std::hint::spin_loop(); }");
    let behind = notebook.send("6");
    notebook.wait_until_shown("now");
    notebook.interrupt();
    let cell = notebook.wait_for(&id);
    failed(&cell, &["you stopped this cell", "All variables are gone"]);
    assert!(cell.time < Duration::from_secs(1), "{:?}", cell.time);
    assert_eq!(notebook.wait_for(&behind).status, ReplyStatus::Aborted);
    failed(&notebook.run("data"), &["cannot find value `data`"]);
    // Functions are still there, and so is what tells of panics.
    let cell = notebook.run("let x = item(&[0.0]);");
    failed(&cell, &["index out of bounds", "v[7]"]);
    succeeded(&notebook.run("print!(\"a\");"), &["a"]);
}

fn ends_of_the_process(notebook: &mut Notebook) {
    let cell = notebook.run("std::process::exit(3);");
    failed(&cell, &["exit status: 3", "All variables are gone"]);
    let cell = notebook.run(
        "fn deep(n: u64) -> u64 { if n == u64::MAX { 0 } else { 1 + deep(n + 1).wrapping_mul(2) } }\n\
         deep(0)",
    );
    failed(&cell, &["the stack overflowed"]);
    let cell = notebook.run("let v: Vec<i32> = vec![]; v[0]");
    failed(&cell, &["index out of bounds", "in line 1 of this cell"]);
    succeeded(&notebook.run("7"), &["7"]);
}
