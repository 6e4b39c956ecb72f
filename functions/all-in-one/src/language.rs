//! The language of the command line's answers.

use sigill_core::sign_request::Language;
use sigill_web::language::from_tag;

/// The language of the environment, or English.
pub fn of_environment() -> Language {
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok()).find(|value| !value.is_empty());
    set.and_then(|locale| from_tag(locale.split(['_', '.']).next().unwrap_or_default())).unwrap_or(Language::En)
}
