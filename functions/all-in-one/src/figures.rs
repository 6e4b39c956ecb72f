//! Figures and tables as people and spreadsheets read them.

use std::fmt::Write;
use std::process::ExitCode;

use sigill_core::sign_request::Language;

use crate::local::Failure;

/// Prints the answer, or why there is none: 0 or 1.
pub fn printed(answer: Result<String, Failure>) -> ExitCode {
    match answer {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("sigill: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A number with so many decimals, grouped by thousands: `1 234,5` in Swedish, `1,234.5` in English.
pub fn number(value: f64, decimals: usize, language: Language) -> String {
    let (group, point) = match language {
        Language::Sv => (' ', ','),
        Language::En => (',', '.'),
    };
    let plain = format!("{value:.decimals$}");
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut text = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

/// Rows of a label and cells, the labels to the left and the cells to the right, each as wide as its column needs.
pub fn table(rows: &[(String, Vec<String>)]) -> String {
    let width = |text: &String| text.chars().count();
    let labels = rows.iter().map(|(label, _)| width(label)).max().unwrap_or(0);
    let cells = rows.iter().flat_map(|(_, cells)| cells).map(width).max().unwrap_or(0);
    let mut text = String::new();
    for (label, row) in rows {
        let mut line = format!("{label:labels$}");
        for cell in row {
            // Writing to a string can't fail.
            let _ = write!(line, "  {cell:>cells$}");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// One line of comma-separated values (RFC 4180).
pub fn csv<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let quoted = |cell: &str| match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    };
    cells.into_iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_does() {
        assert_eq!(
            (number(1_234_567.891, 2, Language::En), number(1_234_567.891, 2, Language::Sv)),
            ("1,234,567.89".into(), "1 234 567,89".into())
        );
        assert_eq!((number(123.0, 0, Language::En), number(0.00042, 5, Language::Sv)), ("123".into(), "0,00042".into()));
    }

    #[test]
    fn what_would_end_a_cell_is_quoted() {
        assert_eq!(csv(["a", "b,c", "d\"e", ""]), "a,\"b,c\",\"d\"\"e\",\r\n");
    }
}
