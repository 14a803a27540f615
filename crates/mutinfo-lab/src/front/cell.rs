//! A cell's code on its way to evcxr: what evcxr would refuse after a long time is refused at
//! once, and what is sent can be found again in what comes back.

use std::collections::{BTreeSet, HashMap};
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::engine::REMARK;

/// Where evcxr sees a character beyond ASCII it lists a compile error's parts, one by one,
/// in place of a drawing in fixed colours: so each cell ends with one, behind a comment's slashes.
const PARTS_PLEASE: &str = "\n// ·";

/// A cell, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// As the student wrote it, line by line.
    pub lines: Vec<String>,
    /// What is sent to evcxr.
    pub sent: String,
    /// The lines, from 1, with a `?` of the cell itself, statement by statement.
    pub questions: Vec<Question>,
    /// The variables that it defines.
    pub variables: BTreeSet<String>,
    /// The functions that it defines.
    pub functions: BTreeSet<String>,
    /// The names that it hands to a check of an exercise.
    pub checked: BTreeSet<String>,
    /// Whether it gives evcxr another command than those that a restart takes back.
    pub changes_settings: bool,
    /// What evcxr cannot keep, if the cell asks for it.
    pub refusal: Option<Refusal>,
}

/// A statement that may return early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The statement's number in the cell.
    pub statement: usize,
    /// The lines, from 1, with its `?`s.
    pub lines: BTreeSet<usize>,
}

/// A variable that evcxr cannot keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The line it is on, from 1.
    pub line: usize,
    /// The column of its value, from 1, and how much of it to mark.
    pub column: usize,
    /// The variable.
    pub name: String,
    /// What it would hold.
    pub what: Unkept,
}

/// What no variable can hold from one cell to the next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unkept {
    /// `|x| x + 1`
    Closure,
    /// `&a`, of a variable `a`
    Reference(String),
}

impl Cell {
    /// Reads a cell. `types` are those of the variables that exist.
    pub fn read(code: &str, types: &HashMap<String, String>) -> Self {
        let lines: Vec<String> = code.lines().map(str::to_owned).collect();
        let rust = without_commands(code);
        let (statements, variables, functions) = match TokenStream::from_str(&rust) {
            Ok(code) => {
                let statements = statements(code);
                let variables = statements.iter().flat_map(variables).collect();
                let functions = statements.iter().filter_map(function).collect();
                (statements, variables, functions)
            }
            // What is no Rust can still be seen to be about something.
            Err(_) => (
                Vec::new(),
                words_after(&rust, "let"),
                words_after(&rust, "fn"),
            ),
        };
        let questions: Vec<_> = statements
            .iter()
            .enumerate()
            .filter(|(_, tokens)| !is_item(tokens))
            .filter_map(|(statement, tokens)| {
                let lines = questions(tokens);
                (!lines.is_empty()).then_some(Question { statement, lines })
            })
            .collect();
        let refusal = statements.iter().find_map(|tokens| refusal(tokens, types));
        let mut sent: Vec<String> = lines.clone();
        tell_apart(&mut sent, &inside_literals(&statements));
        announce(&mut sent, &statements, &questions);
        Self {
            sent: sent.join("\n") + PARTS_PLEASE,
            lines,
            questions,
            variables,
            functions,
            checked: if checks(code) {
                words(&rust)
            } else {
                BTreeSet::new()
            },
            changes_settings: code.lines().any(changes_settings),
            refusal,
        }
    }

    /// The number of the line, from 1, that was sent with this text.
    pub fn line_sent_as(&self, text: &str) -> Option<usize> {
        self.sent
            .lines()
            .position(|line| line == text)
            .map(|index| index + 1)
    }

    /// The line, from 1, that has become `line` of the whole program that was compiled.
    pub fn line_in(&self, program: &str, line: usize) -> Option<usize> {
        let lines: Vec<_> = program.lines().map(str::trim).collect();
        let text = *lines.get(line.checked_sub(1)?)?;
        // evcxr gives each statement lines of its own, without the comment behind it.
        let mut same = self.sent.lines().take(self.lines.len()).enumerate();
        let same: Vec<_> = same
            .by_ref()
            .filter(|(_, sent)| !text.is_empty() && sent.contains(text))
            .map(|(index, _)| index + 1)
            .collect();
        // What stands before the cell's own lines are those of earlier cells.
        let which = lines[..line].iter().filter(|&&other| other == text).count();
        let all = lines.iter().filter(|&&other| other == text).count();
        let earlier = all.saturating_sub(same.len());
        same.get(which.checked_sub(earlier + 1)?).copied()
    }
}

/// Whether a line is a command to evcxr that still holds where all that was defined is forgotten.
fn changes_settings(line: &str) -> bool {
    const FORGOTTEN: [&str; 5] = ["dep", "vars", "type", "t", "help"];
    let command = line.split_whitespace().next().unwrap_or_default();
    let name = command.strip_prefix(':');
    name.is_some_and(|name| !FORGOTTEN.contains(&name) && !name.starts_with(':'))
}

/// The code with lines for evcxr itself left empty.
fn without_commands(code: &str) -> String {
    let mut before_code = true;
    let lines: Vec<_> = code
        .lines()
        .map(|line| {
            let is_command = line.trim_start().starts_with(':') || line.starts_with('!');
            if before_code && is_command {
                return "";
            }
            before_code &= line.trim().is_empty() || line.starts_with("//");
            line
        })
        .collect();
    lines.join("\n")
}

type Statement = Vec<TokenTree>;

/// The statements and items of a cell.
fn statements(code: TokenStream) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut current = Statement::new();
    let mut after_block = false;
    for token in code {
        let starts = match &token {
            TokenTree::Ident(word) => !["else", "as", "where"].contains(&word.to_string().as_str()),
            TokenTree::Literal(_) => true,
            TokenTree::Punct(sign) => sign.as_char() == '#',
            TokenTree::Group(_) => false,
        };
        if after_block && starts {
            statements.push(std::mem::take(&mut current));
        }
        after_block =
            matches!(&token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
        let ends = matches!(&token, TokenTree::Punct(sign) if sign.as_char() == ';');
        current.push(token);
        if ends {
            statements.push(std::mem::take(&mut current));
        }
    }
    if !current.is_empty() {
        statements.push(current);
    }
    statements
}

/// Whether it defines a function, a type and the like, whose `?`s are its own.
fn is_item(statement: &Statement) -> bool {
    const ITEMS: [&str; 12] = [
        "fn",
        "struct",
        "enum",
        "impl",
        "trait",
        "mod",
        "use",
        "type",
        "static",
        "const",
        "macro_rules",
        "extern",
    ];
    statement
        .iter()
        .filter_map(|token| match token {
            TokenTree::Ident(word) => Some(word.to_string()),
            _ => None,
        })
        .find(|word| !["pub", "async", "unsafe"].contains(&word.as_str()))
        .is_some_and(|word| ITEMS.contains(&word.as_str()))
}

/// The lines of all `?`.
fn questions(tokens: &[TokenTree]) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    for token in tokens {
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '?' => {
                lines.insert(sign.span().start().line);
            }
            TokenTree::Group(group) => {
                let inside: Vec<_> = group.stream().into_iter().collect();
                lines.extend(questions(&inside));
            }
            _ => {}
        }
    }
    lines
}

/// Whether a cell asks for a check of an exercise.
fn checks(code: &str) -> bool {
    code.lines()
        .any(|line| line.trim_start().starts_with("check::task_"))
}

/// All names in some code.
fn words(code: &str) -> BTreeSet<String> {
    code.split(|character: char| !character.is_alphanumeric() && character != '_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The names that stand behind a keyword.
fn words_after(code: &str, keyword: &str) -> BTreeSet<String> {
    let words: Vec<_> = code
        .split_whitespace()
        .filter(|&word| word != "mut")
        .collect();
    let pairs = words.windows(2).filter(|pair| pair[0] == keyword);
    pairs
        .filter_map(|pair| {
            let mut names = pair[1].split(|sign: char| !sign.is_alphanumeric() && sign != '_');
            names.find(|name| !name.is_empty()).map(str::to_owned)
        })
        .collect()
}

/// The function that an item defines, if it defines one.
fn function(statement: &Statement) -> Option<String> {
    let mut words = statement.iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word.to_string()),
        _ => None,
    });
    let qualifiers = ["pub", "const", "async", "unsafe", "extern"];
    words
        .find(|word| !qualifiers.contains(&word.as_str()))
        .filter(|word| word == "fn")?;
    words.next()
}

/// The variables of a `let`.
fn variables(statement: &Statement) -> BTreeSet<String> {
    let is_let = matches!(statement.first(), Some(TokenTree::Ident(word)) if *word == "let");
    if !is_let {
        return BTreeSet::new();
    }
    let is_end = |token: &&TokenTree| matches!(token, TokenTree::Punct(sign) if ['=', ':', ';'].contains(&sign.as_char()));
    let pattern = statement.iter().skip(1).take_while(|token| !is_end(token));
    names(pattern.cloned().collect())
}

/// The names that a pattern binds, by Rust's custom: those that begin with a small letter.
fn names(pattern: TokenStream) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for token in pattern {
        match token {
            TokenTree::Ident(word) => {
                let word = word.to_string();
                let is_name = word.starts_with(char::is_lowercase);
                if is_name && !["mut", "ref"].contains(&word.as_str()) {
                    found.insert(word);
                }
            }
            TokenTree::Group(group) => found.extend(names(group.stream())),
            _ => {}
        }
    }
    found
}

fn refusal(statement: &Statement, types: &HashMap<String, String>) -> Option<Refusal> {
    let word = |token: Option<&TokenTree>| match token {
        Some(TokenTree::Ident(word)) => Some(word.to_string()),
        _ => None,
    };
    let sign = |token: Option<&TokenTree>, sign: char| matches!(token, Some(TokenTree::Punct(other)) if other.as_char() == sign);
    let skip = |at: usize, expected: &str| {
        at + usize::from(word(statement.get(at)).as_deref() == Some(expected))
    };
    if word(statement.first())? != "let" {
        return None;
    }
    let at = skip(1, "mut");
    let name = word(statement.get(at))?;
    if !sign(statement.get(at + 1), '=') {
        return None;
    }
    let value = at + 2;
    let what = if sign(statement.get(skip(value, "move")), '|') {
        Unkept::Closure
    } else if sign(statement.get(value), '&') {
        let target = skip(value + 1, "mut");
        let variable = word(statement.get(target))?;
        // A variable of the session that owns what it holds, itself or a field of it.
        let is_kept = types
            .get(&variable)
            .is_some_and(|of| !of.trim_start().starts_with('&'));
        let is_place = sign(statement.get(target + 1), ';') || sign(statement.get(target + 1), '.');
        if !is_kept || !is_place || statement.len() > target + 4 {
            return None;
        }
        Unkept::Reference(variable)
    } else {
        return None;
    };
    let start = statement[value].span().start();
    Some(Refusal {
        line: start.line,
        column: start.column + 1,
        name,
        what,
    })
}

/// The lines, from 1, that end inside a string.
fn inside_literals(statements: &[Statement]) -> BTreeSet<usize> {
    let mut lines = BTreeSet::new();
    let mut tokens: Vec<TokenTree> = statements.concat();
    while let Some(token) = tokens.pop() {
        match token {
            TokenTree::Literal(literal) => {
                lines.extend(literal.span().start().line..literal.span().end().line);
            }
            TokenTree::Group(group) => tokens.extend(group.stream()),
            _ => {}
        }
    }
    lines
}

/// Makes equal lines different, by spaces at their ends, where these mean nothing.
fn tell_apart(lines: &mut [String], untouchable: &BTreeSet<usize>) {
    let mut seen: HashMap<String, usize> = HashMap::new();
    for (index, line) in lines.iter_mut().enumerate() {
        let before = seen.entry(line.clone()).or_default();
        let is_command = line.trim_start().starts_with(':') || line.starts_with('!');
        if !untouchable.contains(&(index + 1)) && !is_command && !line.trim().is_empty() {
            line.push_str(&" ".repeat(*before));
        }
        *before += 1;
    }
}

/// Has the cell say which statement comes next, behind the one before it, where otherwise
/// nobody could say whose `?` returned.
fn announce(lines: &mut [String], statements: &[Statement], questions: &[Question]) {
    // From the last to the first, so that the columns before stay as they are.
    for question in questions.iter().skip(1).rev() {
        let number = question.statement;
        let Some(last) = number
            .checked_sub(1)
            .and_then(|before| statements[before].last())
        else {
            continue;
        };
        let end = last.span().end();
        let line = &mut lines[end.line - 1];
        if let Some((byte, _)) = line
            .char_indices()
            .chain([(line.len(), ' ')])
            .nth(end.column)
        {
            let remark = REMARK.escape_unicode();
            line.insert_str(
                byte,
                &format!(" print!(\"{remark}statement {number}\\n\");"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(code: &str) -> Cell {
        let types = [("data", "Sample"), ("text", "&'static str")];
        let types = types.map(|(name, of)| (name.to_owned(), of.to_owned()));
        Cell::read(code, &HashMap::from(types))
    }

    #[test]
    fn a_restart_takes_back_what_a_cell_loads_and_not_how_evcxr_is_set() {
        for code in [
            ":dep csv = \"1\"\nlet a = 1;",
            ":vars",
            "::std::mem::drop(1);",
            "",
        ] {
            assert!(!read(code).changes_settings, "{code}");
        }
        for code in [":opt 0", ":dep csv = \"1\"\n:efmt {:#?}", " :timing"] {
            assert!(read(code).changes_settings, "{code}");
        }
    }

    #[test]
    fn a_closure_and_a_reference_to_a_variable_are_refused_before_evcxr_tries() {
        let refused = |code: &str| {
            read(code)
                .refusal
                .map(|refusal| (refusal.name, refusal.what))
        };
        let closure = Some(("f".to_owned(), Unkept::Closure));
        assert_eq!(refused("let f = |x: f64| x + 1.0;"), closure);
        assert_eq!(refused("let mut f = move || 1;"), closure);
        let reference = Some(("x".to_owned(), Unkept::Reference("data".to_owned())));
        assert_eq!(refused("let x = &data;"), reference);
        assert_eq!(refused("let x = &data.x;"), reference);
        for fine in [
            "let f: Box<dyn Fn(f64) -> f64> = Box::new(|x| x);",
            "{ let f = |x| x; f(1) }",
            "let n = [1, 2].iter().map(|x| x + 1).sum::<i32>();",
            "let x = &text[1..];",
            "let x = &[1, 2];",
            "let x = &unknown;",
            "let x = &data.x.len() + 1;",
        ] {
            assert_eq!(refused(fine), None, "{fine}");
        }
    }

    #[test]
    fn statements_that_may_return_early_are_told_apart() {
        let cell = read("let a = f()?;\nlet b = 1; // é?\nprintln!(\n    \"{}\", g()?\n);\nh()?");
        let lines: Vec<Vec<usize>> = cell
            .questions
            .iter()
            .map(|question| question.lines.iter().copied().collect())
            .collect();
        assert_eq!(lines, [vec![1], vec![4], vec![6]]);
        assert_eq!(
            cell.sent,
            "let a = f()?;\nlet b = 1; print!(\"\\u{1e}statement 2\\n\"); // é?\nprintln!(\n    \
             \"{}\", g()?\n); print!(\"\\u{1e}statement 3\\n\");\nh()?\n// ·"
        );
    }

    #[test]
    fn functions_keep_their_early_returns_to_themselves() {
        let cell = read("pub fn f() -> R { g()? }\nfor a in b { c(a)?; }\nlet x = 1;");
        assert_eq!(cell.questions.len(), 1);
        assert_eq!(cell.questions[0].statement, 1);
        assert_eq!(cell.questions[0].lines, BTreeSet::from([2]));
    }

    #[test]
    fn equal_lines_can_be_found_again_and_strings_stay_as_they_are() {
        let cell = read("f();\nf();\nlet s = \"\na\na\n\";");
        assert_eq!(cell.line_sent_as("f();"), Some(1));
        assert_eq!(cell.line_sent_as("f(); "), Some(2));
        assert!(cell.sent.contains("\na\na\n"));
        let program = "fn run() {\nf();\nf();\n}";
        assert_eq!(cell.line_in(program, 3), Some(2));
        assert_eq!(cell.line_in(program, 2), Some(1));
        assert_eq!(cell.line_in(program, 1), None);
    }

    #[test]
    fn what_a_cell_is_about_is_seen_even_where_it_is_no_rust() {
        let sets = |code: &str| {
            let cell = read(code);
            let list = |set: BTreeSet<String>| Vec::from_iter(set).join(" ");
            (
                list(cell.variables),
                list(cell.functions),
                list(cell.checked),
            )
        };
        let (variables, functions, checked) = sets(
            "let mut a = 1;\nlet (b, C { d, .. }): T = x;\npub fn f(e: f64) -> f64 { let g = e; g }",
        );
        assert_eq!((variables.as_str(), functions.as_str()), ("a b d", "f"));
        assert_eq!(checked, "");
        let (variables, functions, _) = sets("let mut a = (1;\nfn f(x: f64) -> f64 {");
        assert_eq!((variables.as_str(), functions.as_str()), ("a", "f"));
        let (.., checked) = sets("check::task_1(&a, f)");
        assert_eq!(checked, "a check f task_1");
    }

    #[test]
    fn what_is_no_rust_is_sent_as_it_is() {
        for code in [":dep a = \"1\"", "let x = (;", "'", "", "!ls ?"] {
            assert_eq!(read(code).sent, format!("{code}{PARTS_PLEASE}"));
        }
    }
}
