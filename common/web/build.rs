//! Makes a method of every text in `text/`, so that a text that is missing in a language, or used with the wrong
//! blanks, does not compile.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::{env, error, fs};

/// Variants of `Language` and the files that hold their texts; the first one documents the methods.
const LANGUAGES: [(&str, &str); 2] = [("Sv", "text/sv.json"), ("En", "text/en.json")];

type Catalogue = BTreeMap<String, String>;

fn main() -> Result<(), Box<dyn error::Error>> {
    let mut catalogues = Vec::new();
    for (language, file) in LANGUAGES {
        println!("cargo::rerun-if-changed={file}");
        let catalogue: Catalogue = serde_json::from_str(&fs::read_to_string(file)?).map_err(|error| format!("{file}: {error}"))?;
        catalogues.push((language, file, catalogue));
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("text.rs"), methods(&catalogues)?)?;
    Ok(())
}

fn methods(catalogues: &[(&str, &str, Catalogue)]) -> Result<String, Box<dyn error::Error>> {
    let [(_, first_file, first), others @ ..] = catalogues else { return Err("there is no language".into()) };
    for (_, file, catalogue) in others {
        if let Some(key) = catalogue.keys().find(|key| !first.contains_key(*key)) {
            return Err(format!("{first_file} lacks {key}, which {file} has").into());
        }
    }
    let mut code = String::from("impl Text {\n");
    for (key, text) in first {
        let expected = blanks(text);
        // By name, not by place: a sentence may be turned round in any language.
        let parameters: String = expected.iter().map(|blank| format!(", {blank}: impl Display")).collect();
        let (result, before, after) = if expected.is_empty() { ("&'static str", "", "") } else { ("String", "format!(", ")") };
        // Brackets in a text are no links.
        let shown = text.replace('[', "\\[").replace(']', "\\]");
        writeln!(code, "    /// {shown}\n    pub fn {key}(self{parameters}) -> {result} {{\n        match self.0 {{")?;
        for (language, file, catalogue) in catalogues {
            let text = catalogue.get(key).ok_or_else(|| format!("{file} lacks {key}"))?;
            if blanks(text) != expected {
                return Err(format!("{file}: {key} must have the blanks {expected:?}, as {first_file}").into());
            }
            writeln!(code, "            Language::{language} => {before}{text:?}{after},")?;
        }
        code.push_str("        }\n    }\n");
    }
    code.push_str("}\n");
    Ok(code)
}

/// The names in braces.
fn blanks(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
