//! The code that keeps variables from one cell to the next, compiled once instead of in each cell.
//!
//! evcxr writes a module into every cell that has a variable: a map of names to values, of which
//! each function is compiled for each variable's type. That took more than a third of a cell's
//! compilation. A [`LIBRARY`] does the same; cells take it in place of that module ([`link`]).
//!
//! And it has every cell take all variables out of the map and put them back, so that cells took
//! longer the more there were. Those that a cell does not name stay where they are.
//!
//! evcxr has a cell's last value shown by its `evcxr_display`. If that does not compile, it has the
//! value shown as text, which is right where there is no such function; but it does so too where
//! the value's line moves a variable (`figure.exact(0.5)`), and a figure became text. The library's
//! `show!`, in place of the text, looks for the function again.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;

/// The library, as a file in cargo's target folder.
pub const LIBRARY: &str = "libvariables.rlib";

/// evcxr's name for the module.
const MODULE: &str = "evcxr_internal_runtime";

/// Builds the library in this folder.
#[cfg(feature = "launcher")]
pub fn build(target: &Path) -> anyhow::Result<()> {
    let source = target.join("variables.rs");
    crate::files::write(&source, include_str!("workbench/variables.rs"))?;
    let mut compiler = std::process::Command::new("rustc");
    compiler
        .args(["--edition=2024", "--crate-type=rlib", "-Copt-level=3"])
        .arg("--out-dir")
        .args([target, &source]);
    crate::toolchain::output_of(&mut compiler).map(drop)
}

/// What evcxr writes before a value that it shows as text, and what shows it as what it is. The
/// value's format follows.
const AS_TEXT: &str = "evcxr_send_text_plain(&format!(";
const AS_IT_IS: &str = "evcxr_internal_runtime::show!((";

/// Has this cell take the library, if it is there, in place of evcxr's code: gives the compiler's
/// further arguments. Each line of the cell stays where it was.
pub fn link(cell: &Path, library: &Path) -> io::Result<Vec<String>> {
    if !library.is_file() {
        return Ok(Vec::new());
    }
    let code = fs::read_to_string(cell)?;
    let code = without_module(&code).unwrap_or(code);
    let code = without_others(&code).replacen(AS_TEXT, AS_IT_IS, 1);
    fs::write(cell, code)?;
    Ok([
        "--extern".to_owned(),
        format!("{MODULE}={}", library.display()),
    ]
    .into())
}

/// The code with empty lines for the module, which an external crate of the same name replaces; or
/// nothing, if there is none.
fn without_module(code: &str) -> Option<String> {
    let start = code.find(&format!("\nmod {MODULE} {{\n"))? + 1;
    let mut open = 0;
    let length = code[start..].find(|character| {
        open += i32::from(character == '{') - i32::from(character == '}');
        character == '}' && open == 0
    })?;
    let (before, rest) = code.split_at(start);
    let (module, after) = rest.split_at(length + 1);
    let lines = "\n".repeat(module.matches('\n').count());
    Some(format!("{before}{lines}{after}"))
}

/// The code with empty lines for what moves a variable that is named nowhere else.
fn without_others(code: &str) -> String {
    // Where a name is not of these characters alone, the compiler may see it in another spelling.
    let is_of_names = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let named: HashSet<&str> = code
        .lines()
        .filter(|line| moved_variable(line).is_none())
        .flat_map(|line| line.split(|character| !is_of_names(character)))
        .collect();
    code.split_inclusive('\n')
        .map(|line| match moved_variable(line.trim_end()) {
            Some(name) if name.chars().all(is_of_names) && !named.contains(name) => "\n",
            _ => line,
        })
        .collect()
}

/// The variable that evcxr has checked, taken or put back in this line, if that is what it does.
fn moved_variable(line: &str) -> Option<&str> {
    let (start, rest) = line.split_once("evcxr_variable_store.")?;
    let (function, _) = rest.split_once("::<")?;
    let is_move = matches!(
        (start, function),
        ("vars_ok &= ", "check_variable") | ("", "put_variable")
    ) || (start.starts_with("let ") && function == "take_variable");
    let (_, name) = line.rsplit_once(">(stringify!(")?;
    let (name, end) = name.split_once(')')?;
    (is_move && end.ends_with(");")).then_some(name)
}

#[cfg(test)]
#[expect(dead_code, reason = "cells use all of it, tests do not")]
#[path = "workbench/variables.rs"]
mod library;

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::library::VariableStore;
    use super::*;

    #[test]
    fn a_variable_comes_back_once_by_its_name_and_type() {
        let mut variables = VariableStore::new();
        variables.put_variable("x", vec![1, 2]);
        variables.put_variable("x", vec![3.5]);
        assert!(variables.check_variable::<Vec<f64>>("x"));
        assert!(!variables.check_variable::<Vec<i32>>("x"));
        assert!(variables.check_variable::<Vec<i32>>("one that is not there"));
        assert_eq!(variables.take_variable::<Vec<f64>>("x"), [3.5]);
        let gone = std::panic::AssertUnwindSafe(|| variables.take_variable::<Vec<f64>>("x"));
        assert!(std::panic::catch_unwind(gone).is_err());
    }

    #[test]
    fn what_is_made_once_is_shared() {
        let mut variables = VariableStore::new();
        assert_eq!(*variables.lazy_arc("runtime", || 1), 1);
        assert_eq!(*variables.lazy_arc("runtime", || 2), 1);
    }

    /// What evcxr's function of this name is handed.
    fn evcxr_send_text_plain(text: &str) {
        SHOWN.with_borrow_mut(|shown| shown.push(text.to_owned()));
    }

    thread_local! {
        static SHOWN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    }

    #[derive(Debug)]
    struct Figure;

    impl Figure {
        fn evcxr_display(&self) {
            evcxr_send_text_plain("a figure");
        }
    }

    #[test]
    fn a_value_is_shown_by_its_own_function_and_else_as_text() {
        crate::show!(("{:?}", &(Figure)));
        crate::show!(("{:?}", &([1, 2])));
        crate::show!(("{:#?}", &(&"text"[1..])));
        assert_eq!(SHOWN.take(), ["a figure", "[1, 2]", "\"ext\""]);
    }

    #[test]
    fn a_value_shown_as_text_is_shown_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (cell, library) = (folder.path().join("lib.rs"), folder.path().join(LIBRARY));
        let code = "evcxr_send_text_plain(&format!(\"{:?}\",&(\nx.y())));\n";
        fs::write(&cell, code).unwrap();
        assert!(link(&cell, &library).unwrap().is_empty());
        assert_eq!(fs::read_to_string(&cell).unwrap(), code);
        fs::write(&library, "").unwrap();
        assert!(!link(&cell, &library).unwrap().is_empty());
        let linked = "evcxr_internal_runtime::show!((\"{:?}\",&(\nx.y())));\n";
        assert_eq!(fs::read_to_string(&cell).unwrap(), linked);
    }

    #[test]
    fn a_cell_takes_the_variables_that_it_names() {
        let moves = |name: &str| {
            [
                format!("vars_ok &= evcxr_variable_store.check_variable::<f64>(stringify!({name}));\n"),
                format!("let mut {name} = evcxr_variable_store.take_variable::<Vec<f64>>(stringify!({name}));\n"),
                format!("evcxr_variable_store.put_variable::<(f64,)>(stringify!({name}), {name});\n"),
            ]
            .concat()
        };
        let cell = "println!(\"{x} {y:.3}\");\nlet z = r#type + é;\n";
        for named in ["x", "y", "z", "r#type", "é", "e\u{301}"] {
            let code = moves(named) + cell;
            assert_eq!(without_others(&code), code);
        }
        for other in ["w", "xy", "_x"] {
            let code = moves(other) + cell + &moves("x");
            assert_eq!(without_others(&code), format!("\n\n\n{cell}{}", moves("x")));
        }
        let code = moves("w").replace(">(str", "\n>(str") + cell;
        assert_eq!(without_others(&code), code, "a type of several lines");
    }

    #[test]
    fn the_module_goes_and_each_line_stays_where_it_was() {
        let code = "use a::*;\nmod evcxr_internal_runtime {\nfn f() {\nprint!(\"{x}\");\n}\n}\nlet y = 1;\n";
        let linked = without_module(code).unwrap();
        assert_eq!(linked, "use a::*;\n\n\n\n\n\nlet y = 1;\n");
        assert_eq!(without_module("let y = 1;\n"), None);
        assert_eq!(without_module("\nmod evcxr_internal_runtime {\n"), None);
    }
}
