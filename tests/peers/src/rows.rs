//! [`Row`]: one comparison, and the list of all.

use crate::data::Data;
use crate::job::Task;

/// One comparison.
pub struct Row {
    pub title: &'static str,
    pub task: Task,
    pub data: Data,
    /// The number of samples.
    pub n: usize,
    /// The first is whom the others are compared with.
    pub contenders: Vec<Contender>,
}

/// Who computes, and with what means.
#[derive(Clone)]
pub struct Contender {
    pub name: &'static str,
    /// `None` leaves it to the contender.
    pub threads: Option<usize>,
    /// Whether it keeps to the instructions that every processor has.
    pub baseline: bool,
    /// How far its values may lie from the first contender's, where they are to be compared.
    pub tolerance: Option<f64>,
}

impl Contender {
    fn on(self, threads: usize) -> Self {
        Self {
            threads: Some(threads),
            ..self
        }
    }

    fn within(self, tolerance: f64) -> Self {
        Self {
            tolerance: Some(tolerance),
            ..self
        }
    }

    fn not_compared(self) -> Self {
        Self {
            tolerance: None,
            ..self
        }
    }

    /// As the tables show it.
    pub fn title(&self) -> String {
        let mut title = self.name.to_owned();
        if self.baseline {
            title += ", baseline instructions";
        }
        match self.threads {
            Some(1) => title + ", 1 thread",
            Some(threads) => title + &format!(", {threads} threads"),
            None => title,
        }
    }
}

/// The same counts, the digammas summed in another order.
const SAME: f64 = 1e-9;

const fn contender(name: &'static str) -> Contender {
    Contender {
        name,
        threads: None,
        baseline: false,
        tolerance: Some(SAME),
    }
}

/// Ours on 2 threads, on 1, and on 2 with the baseline instructions.
fn ours() -> Vec<Contender> {
    let ours = contender("mutinfo");
    let baseline = Contender {
        baseline: true,
        ..ours.clone()
    };
    vec![ours.clone().on(2), ours.on(1), baseline.on(2)]
}

fn infomeasure() -> [Contender; 2] {
    [2, 1].map(|threads| contender("infomeasure").on(threads))
}

// Who does everyday work.
pub const KSG1: &str = "mutinfo's KSG1 alone";
pub const MUTUAL_INFORMATION: &str = "mutinfo's `mutual_information`";
pub const MEASURE: &str = "mutinfo's `measure`";
pub const KSG1_TEST: &str = "infomeasure's KSG1 with 999 permutations";

/// All comparisons.
pub fn all() -> Vec<Row> {
    let mut rows = Vec::new();
    for (title, n) in [
        ("KSG1, 1 + 1 dimensions, N = 200", 200),
        ("KSG1, 1 + 1 dimensions, N = 10 000", 10_000),
        ("KSG1, 1 + 1 dimensions, N = 100 000", 100_000),
        ("KSG1, 1 + 1 dimensions, N = 1 000 000", 1_000_000),
    ] {
        let mut contenders = ours();
        contenders.extend(infomeasure());
        // It compares with the rounded centre ± radius, and so counts other points now and then.
        contenders.push(contender("anofox-forecast").within(1e-2));
        contenders.push(contender("scikit-learn"));
        rows.push(Row {
            title,
            task: Task::Ksg1,
            data: Data::Normal(1),
            n,
            contenders,
        });
    }
    for (title, data) in [
        ("KSG1, hard: ρ = 0.999", Data::Strong),
        ("KSG1, hard: Cauchy", Data::Cauchy),
        ("KSG1, hard: x a million times as wide as y", Data::Scales),
        ("KSG1, hard: rounded to one decimal", Data::Rounded),
        ("KSG1, hard: nine in ten at (0, 0)", Data::ZeroInflated),
        (
            "KSG1, hard: x the same in 999 of 1000",
            Data::NearlyConstant,
        ),
    ] {
        let mut contenders = ours();
        contenders.push(contender("scikit-learn"));
        rows.push(Row {
            title,
            task: Task::Ksg1,
            data,
            n: 100_000,
            contenders,
        });
    }
    for (title, task, d) in [
        ("KSG1, 2 + 2 dimensions", Task::Ksg1, 2),
        ("KSG2, 2 + 2 dimensions", Task::Ksg2, 2),
        ("KSG1, 3 + 3 dimensions", Task::Ksg1, 3),
        ("KSG2, 3 + 3 dimensions", Task::Ksg2, 3),
        ("KSG1, 5 + 5 dimensions", Task::Ksg1, 5),
        ("KSG2, 5 + 5 dimensions", Task::Ksg2, 5),
    ] {
        let ours = contender("mutinfo");
        let mut contenders = vec![ours.clone().on(2), ours.on(1)];
        let peers = infomeasure();
        if task == Task::Ksg1 {
            contenders.extend(peers);
            if d == 2 {
                contenders.push(contender("scikit-learn's trees"));
            }
        } else {
            // It counts within the joint distance in every space, which the paper does not.
            contenders.extend(peers.map(Contender::not_compared));
        }
        rows.push(Row {
            title,
            task,
            data: Data::Normal(d),
            n: 100_000,
            contenders,
        });
    }
    rows.push(Row {
        title: "permutation test, 1000 shuffles",
        task: Task::Shuffles(1000),
        data: Data::Normal(1),
        n: 10_000,
        contenders: vec![
            contender("mutinfo").on(2),
            contender("mutinfo").on(1),
            contender("one by one").on(2).not_compared(),
            contender("one by one").on(1).not_compared(),
        ],
    });
    for (title, d, n) in [
        ("everyday, 1 + 1 dimensions, N = 200", 1, 200),
        ("everyday, 1 + 1 dimensions, N = 2000", 1, 2000),
        ("everyday, 1 + 1 dimensions, N = 10 000", 1, 10_000),
        ("everyday, 1 + 1 dimensions, N = 100 000", 1, 100_000),
        ("everyday, 2 + 2 dimensions, N = 2000", 2, 2000),
        ("everyday, 2 + 2 dimensions, N = 10 000", 2, 10_000),
        ("everyday, 5 + 5 dimensions, N = 2000", 5, 2000),
        ("everyday, 5 + 5 dimensions, N = 10 000", 5, 10_000),
    ] {
        // The everyday functions return another estimate than KSG1's.
        let mut contenders = vec![
            contender(KSG1).on(2),
            contender(MUTUAL_INFORMATION).on(2).not_compared(),
            contender(MEASURE).on(2).not_compared(),
        ];
        // More would take minutes.
        if n * d <= 10_000 {
            contenders.push(contender(KSG1_TEST).on(2));
        }
        rows.push(Row {
            title,
            task: Task::Everyday,
            data: Data::Normal(d),
            n,
            contenders,
        });
    }
    for (title, bins) in [
        ("matrix of 1024 columns, 8 bins", 8),
        ("matrix of 1024 columns, 16 bins", 16),
    ] {
        rows.push(Row {
            title,
            task: Task::BinnedPairs(bins),
            data: Data::Columns(1024),
            n: 10_000,
            contenders: binned(),
        });
    }
    for (title, columns, n) in [
        ("matrix of 768 columns, 8 bins", 768, 94),
        ("matrix of 384 columns, 8 bins", 384, 938),
    ] {
        rows.push(Row {
            title,
            task: Task::BinnedPairs(8),
            data: Data::Columns(columns),
            n,
            contenders: binned(),
        });
    }
    for (title, columns, n) in [
        ("matrix of 64 columns, KSG1", 64, 2000),
        ("matrix of 768 columns, KSG1", 768, 94),
        ("matrix of 384 columns, KSG1", 384, 938),
    ] {
        let mut contenders = ours();
        // It adds noise to break ties, clips at 0, and scales the columns.
        contenders.push(contender("scikit-learn").within(1e-3));
        rows.push(Row {
            title,
            task: Task::Ksg1Pairs,
            data: Data::Columns(columns),
            n,
            contenders,
        });
    }
    rows
}

fn binned() -> Vec<Contender> {
    vec![
        contender("mutinfo").on(2),
        contender("mutinfo").on(1),
        // It counts in single precision.
        contender("numpy, one-hot product").within(1e-5),
        contender("numpy, bincount"),
        contender("scikit-learn"),
    ]
}
