//! Sending the browser back to the e-service.

use sigill_core::SignRequestId;
use sigill_core::sign_request::Status;
use url::Url;

/// `url` exactly as given, with `status` and `id` behind its own query.
pub fn with_status(url: &Url, status: Status, id: &SignRequestId) -> Url {
    let mut url = url.clone();
    let added = format!("status={}&id={id}", status.word());
    let query = match url.query() {
        None | Some("") => added,
        Some(query) => format!("{query}&{added}"),
    };
    url.set_query(Some(&query));
    url
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_return_url_keeps_its_query_and_fragment() {
        let id = SignRequestId::try_from("0123456789abcdef0123456789abcdef".to_owned()).unwrap();
        let url = |text: &str| with_status(&Url::parse(text).unwrap(), Status::Completed, &id).to_string();
        let added = "status=completed&id=0123456789abcdef0123456789abcdef";
        assert_eq!(url("https://e.example/a"), format!("https://e.example/a?{added}"));
        assert_eq!(url("https://e.example/a?b=%2F+c&idp=1#top"), format!("https://e.example/a?b=%2F+c&idp=1&{added}#top"));
    }
}
