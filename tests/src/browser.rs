//! A person with a browser: follows links, fills in forms, keeps cookies; no script.

use std::collections::BTreeMap;

use ureq::{Agent, http};

pub struct Answer {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The page's main heading.
    pub fn heading(&self) -> String {
        self.between("<h1>", "</h1>")
    }

    fn between(&self, from: &str, to: &str) -> String {
        let text = self.text();
        text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or_else(String::new, |(found, _)| found.to_owned())
    }
}

/// One exchange, as it is: no redirect followed, no status an error.
pub fn request(method: &str, url: &str, headers: &[(&str, &str)], body: Option<&str>) -> Answer {
    request_bytes(method, url, headers, body.unwrap_or_default().as_bytes())
}

/// [`request`] with any body.
pub fn request_bytes(method: &str, url: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut request = http::Request::builder().method(method).uri(url.replace("//localhost", "//127.0.0.1"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    send(request.body(body.to_vec()).unwrap())
}

/// Sends a request as it is.
pub fn send(request: http::Request<Vec<u8>>) -> Answer {
    let agent: Agent = Agent::config_builder().max_redirects(0).http_status_as_error(false).proxy(None).build().into();
    let mut response = agent.run(request).unwrap();
    let body = response.body_mut().with_config().limit(1 << 30).read_to_vec().unwrap();
    Answer { status: response.status().as_u16(), headers: response.headers().clone(), body }
}

#[derive(Default)]
pub struct Browser {
    cookies: BTreeMap<String, String>,
}

/// What the person does at the test e-ID.
#[derive(Clone, Copy)]
pub enum AtEid {
    Approve,
    Cancel,
    AsOther(&'static str),
}

impl Browser {
    pub fn get(&mut self, url: &str) -> Answer {
        self.send("GET", url, None)
    }

    pub fn post(&mut self, url: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send("POST", url, Some(&body))
    }

    fn send(&mut self, method: &str, url: &str, body: Option<&str>) -> Answer {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let mut headers = vec![("Cookie", cookies.as_str()), ("Sec-Fetch-Site", "same-origin")];
        if body.is_some() {
            headers.push(("Content-Type", "application/x-www-form-urlencoded"));
        }
        let answer = request(method, url, &headers, body);
        for cookie in answer.headers.get_all("set-cookie") {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    /// Opens the signing page and presses the button: the address at the provider.
    pub fn start(&mut self, signing_url: &str, provider: &str) -> String {
        let page = self.get(signing_url);
        let token = page.between("name=\"token\" value=\"", "\"");
        assert!(!token.is_empty(), "no form on the page: {}", page.heading());
        let started = self.post(&format!("{signing_url}/start"), &[("token", &token), ("provider", provider)]);
        assert_eq!(started.status, 303, "{}", started.text());
        started.header("location").to_owned()
    }

    /// Opens the signing page, presses the button, acts at the e-ID: the callback's address.
    pub fn to_callback(&mut self, signing_url: &str, at_eid: AtEid) -> String {
        let authorization = self.start(signing_url, "test-eid");
        let eid = self.get(&authorization);
        let transaction = eid.between("name=\"transaction\" value=\"", "\"");
        let action = eid.between("action=\"", "\"");
        let (what, other) = match at_eid {
            AtEid::Approve => ("approve", ""),
            AtEid::Cancel => ("cancel", ""),
            AtEid::AsOther(number) => ("approve-as-other", number),
        };
        let back = self.post(&action, &[("transaction", &transaction), ("action", what), ("other", other)]);
        assert_eq!(back.status, 303, "{}", back.text());
        back.header("location").to_owned()
    }

    /// All the way; gives the page at the end.
    pub fn sign(&mut self, signing_url: &str, at_eid: AtEid) -> Answer {
        let callback = self.to_callback(signing_url, at_eid);
        let answer = self.get(&callback);
        match answer.status {
            303 => {
                let origin = url::Url::parse(signing_url).unwrap().origin().ascii_serialization();
                self.get(&format!("{origin}{}", answer.header("location")))
            }
            _ => answer,
        }
    }
}
