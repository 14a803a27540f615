//! Numbers as they stand in text alternatives.

/// A number with three significant digits.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        "0".to_string()
    } else if (1e-3..1e6).contains(&size) {
        let decimals = (2 - size.log10().floor() as i32).clamp(0, 6) as usize;
        let text = format!("{value:.decimals$}");
        match text.split_once('.') {
            Some(_) => text.trim_end_matches('0').trim_end_matches('.').to_string(),
            None => text,
        }
    } else {
        format!("{value:.2e}")
    }
}

/// The smallest and the largest value, as "from 1 to 2".
pub fn range(values: &[f64]) -> String {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("from {} to {}", number(low), number(high))
}

/// A count and what is counted, as "1 point" or "2 points".
pub fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

/// A name that has room in a figure: one of more than 40 characters ends in three dots.
pub fn short(name: &str) -> String {
    const MOST: usize = 40;
    if name.chars().count() <= MOST {
        return name.to_string();
    }
    let start: String = name.chars().take(MOST - 1).collect();
    format!("{start}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        let texts = [0, 1, 2].map(|count| counted(count, "point"));
        assert_eq!(texts, ["0 points", "1 point", "2 points"]);
    }

    #[test]
    fn long_names_are_shortened() {
        assert_eq!(short("KSG, k = 3"), "KSG, k = 3");
        assert_eq!(short(&"é".repeat(50)), format!("{}…", "é".repeat(39)));
    }

    #[test]
    fn numbers_have_three_significant_digits() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (-0.49666, "-0.497"),
            (1234.5, "1234"),
            (0.05, "0.05"),
            (99.96, "100"),
            (2.5e7, "2.50e7"),
            (1e-9, "1.00e-9"),
        ] {
            assert_eq!(number(value), text);
        }
        assert_eq!(range(&[3.0, -1.5, 2.0]), "from -1.5 to 3");
    }
}
