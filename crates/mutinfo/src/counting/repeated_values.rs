//! Bins of about equally many values where some values repeat: each falls into one bin, whole.

/// Edges between different values. A value as frequent as a bin gets one of its own; the bins that
/// are left are shared out among the runs of values between such ones, and cut each at the gaps
/// nearest to its quantiles. Where these fall together, the fullest bin that holds different values
/// is cut near its middle, as long as bins are left.
pub(super) fn around_repeated_values(sorted: &[f64], bins: usize) -> Vec<f64> {
    let n = sorted.len();
    // How many values lie below each gap that an edge fits into.
    let gaps: Vec<usize> = (1..n).filter(|&g| gap_edge(sorted, g).is_some()).collect();
    let inside = |low: usize, high: usize| {
        let first = gaps.partition_point(|&g| g <= low);
        &gaps[first..gaps.partition_point(|&g| g < high).max(first)]
    };
    let mut cuts = vec![0, n];
    let runs = runs_between_frequent_values(sorted, bins);
    for &(low, high, _) in &runs {
        cuts.extend(gaps.binary_search(&low).is_ok().then_some(low));
        cuts.extend(gaps.binary_search(&high).is_ok().then_some(high));
    }
    for &(low, high, parts) in &runs {
        let quantiles =
            (1..parts).map(|part| low as f64 + (part * (high - low)) as f64 / parts as f64);
        cuts.extend(quantiles.filter_map(|quantile| nearest(inside(low, high), quantile)));
    }
    cuts.sort_unstable();
    cuts.dedup();
    while cuts.len() <= bins {
        let fullest = cuts
            .windows(2)
            .map(|bin| (bin[0], bin[1]))
            .filter(|&(low, high)| !inside(low, high).is_empty())
            .max_by_key(|&(low, high)| high - low);
        let Some((low, high)) = fullest else { break };
        let cut = nearest(inside(low, high), (low + high) as f64 / 2.0);
        cuts.extend(cut);
        cuts.sort_unstable();
    }
    let inner = cuts[1..cuts.len() - 1].iter();
    let inner = inner.filter_map(|&g| gap_edge(sorted, g));
    std::iter::once(sorted[0])
        .chain(inner)
        .chain([sorted[n - 1]])
        .collect()
}

/// Where the values between those that fill a bin alone begin and end, and how many bins each run
/// of them gets. One run of all, where there are more runs than bins left.
fn runs_between_frequent_values(sorted: &[f64], bins: usize) -> Vec<(usize, usize, usize)> {
    let (mut rest, mut bins_left) = (sorted.len(), bins);
    let mut frequent = Vec::new();
    let mut by_count: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for equal in sorted.chunk_by(|a, b| a == b) {
        by_count.push((equal.len(), start));
        start += equal.len();
    }
    by_count.sort_unstable_by_key(|&(count, start)| (std::cmp::Reverse(count), start));
    for (count, start) in by_count {
        if bins_left < 2 || count * bins_left < rest {
            break;
        }
        frequent.push((start, start + count));
        rest -= count;
        bins_left -= 1;
    }
    frequent.sort_unstable();
    frequent.push((sorted.len(), sorted.len()));
    let mut runs = Vec::new();
    let mut end_of_last = 0;
    for (start, end) in frequent {
        if end_of_last < start {
            runs.push((end_of_last, start, 1));
        }
        end_of_last = end;
    }
    if runs.len() > bins_left {
        return vec![(0, sorted.len(), bins)];
    }
    for _ in runs.len()..bins_left {
        let fullest =
            |&(low, high, parts): &(usize, usize, usize)| (high - low) as f64 / parts as f64;
        let most = runs
            .iter_mut()
            .max_by(|a, b| fullest(a).total_cmp(&fullest(b)));
        most.into_iter().for_each(|run| run.2 += 1);
    }
    runs
}

/// The gap nearest to a quantile.
fn nearest(gaps: &[usize], quantile: f64) -> Option<usize> {
    let distance = |&g: &usize| (g as f64 - quantile).abs();
    let above = gaps.partition_point(|&g| (g as f64) < quantile);
    let around = &gaps[above.saturating_sub(1)..gaps.len().min(above + 1)];
    let nearest = around
        .iter()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.copied()
}

/// An edge above the first g values and not above the others, nor at the largest, which closes the
/// last bin.
fn gap_edge(sorted: &[f64], g: usize) -> Option<f64> {
    let (below, above) = (sorted[g - 1], sorted[g]);
    let middle = below.midpoint(above);
    let edge = if middle > below { middle } else { above };
    (below < above && edge < sorted[sorted.len() - 1]).then_some(edge)
}
