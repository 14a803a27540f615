//! Times mutinfo against its peers, on the same data in the same run, and checks that they agree.
//!
//! | step | module |
//! |---|---|
//! | what is computed, on what, and by whom | [`rows`], [`data`] |
//! | each contender in a process of its own | [`worker`], `worker.py` |
//! | the contenders, turn by turn | [`race`] |
//! | the table | [`report`] |

mod data;
mod job;
mod race;
mod report;
mod rows;
mod worker;

use std::env;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    if words.first().is_some_and(|word| word == "work") {
        return worker::work(&words[1..]);
    }
    let wanted = |title: &str| words.is_empty() || words.iter().any(|word| title.contains(word));
    let mut rows = rows::all();
    rows.retain(|row| wanted(row.title));
    print!("{}", report::head()?);
    let mut summary =
        String::from("\n## In short\n\n| | mutinfo | times as long |\n|---|---|---|\n");
    let mut disagree = Vec::new();
    for row in rows {
        let outcomes = race::run(&row)?;
        print!("{}", report::section(&row, &outcomes));
        summary += &report::line(&row, &outcomes);
        for outcome in outcomes.iter().filter(|outcome| !outcome.agrees()) {
            disagree.push(format!("{}: {}", row.title, outcome.contender.title()));
        }
    }
    print!("{summary}");
    if !disagree.is_empty() {
        bail!("these return other values: {disagree:#?}");
    }
    Ok(())
}
