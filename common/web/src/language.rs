//! Which language a person reads.

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use sigill_core::sign_request::Language;

/// The language with that BCP 47 tag, whatever its region.
pub fn from_tag(tag: &str) -> Option<Language> {
    let primary = tag.trim().split('-').next().unwrap_or_default();
    [Language::Sv, Language::En].into_iter().find(|language| primary.eq_ignore_ascii_case(language.tag()))
}

/// The language that a query asks for by `lang=`.
pub fn asked(query: &str) -> Option<Language> {
    query.split('&').find_map(|pair| pair.strip_prefix("lang=")).and_then(from_tag)
}

/// The most wanted of our languages by `Accept-Language` (RFC 9110, 12.5.4).
pub fn accepted(headers: &HeaderMap) -> Option<Language> {
    let ranges = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?.split(',');
    let mut best: Option<(Language, f32)> = None;
    for range in ranges {
        let mut parts = range.split(';').map(str::trim);
        let Some(language) = parts.next().and_then(from_tag) else { continue };
        let quality = parts.find_map(|part| part.strip_prefix("q=")).map_or(Some(1.0), |quality| quality.parse().ok()).unwrap_or(0.0);
        if quality > best.map_or(0.0, |(_, quality)| quality) {
            best = Some((language, quality));
        }
    }
    best.map(|(language, _)| language)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_most_wanted_language_that_we_have_is_chosen() {
        let accepted = |header: &str| accepted(&HeaderMap::from_iter([(ACCEPT_LANGUAGE, header.parse().unwrap())]));
        assert_eq!(accepted("en-GB,en;q=0.9,sv;q=0.8"), Some(Language::En));
        assert_eq!(accepted("fi, en;q=0.4, sv-SE;q=0.7"), Some(Language::Sv));
        assert_eq!(accepted("sv;q=0, en"), Some(Language::En));
        assert_eq!(accepted("fi,se;q=0.9"), None);
        assert_eq!(accepted("sv;q=0"), None);
    }
}
