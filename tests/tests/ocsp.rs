//! OCSP: asked, checked, kept while it holds, and enough for B-LT. The authority is openssl, under the CA of a data folder.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use pades::validate::{Indication, Trust, validate};
use pades::{BaselineLevel, Digest, OcspAnswer, OcspStatus, ocsp_answer, ocsp_request};
use sigill_core::SignRequestId;
use sigill_core::ports::{
    AssemblePades, Clock, DocumentStore, DocumentStoreError, ExtendCommand, HttpClient, HttpError, RevocationSource, TimeStampAuthority,
    TimeStampError,
};
use sigill_core::use_case::Assembly;
use sigill_machine::SystemRandom;
use sigill_tests::judges::{assert_signed, tool};
use sigill_tests::pdf::one_page;
use sigill_tests::server::folder;
use sigill_tests::signing::{root, sign};
use sigill_web::revocation::HttpRevocation;

const RESPONDER: &str = "http://ocsp.example/";
const LIST: &str = "http://lists.example/root.crl";

/// Certificates of the CA: timestamp units `ocsp` (a responder alone), `both` (and a list) and `other`; responders `right`,
/// `revocable` (not said to need no check), `usual` (no responder at all) and `stranger` (of another CA).
const SCRIPT: &str = "
    openssl pkey -inform DER -in data/keys/ca.p8 -out ca.key
    openssl x509 -inform DER -in data/certificates/root.der -out ca.pem
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout strange.key -out strange.pem -days 30 -subj /CN=strange 2>/dev/null
    serial=16
    issue() { # name, CA, extensions
        serial=$((serial + 1))
        printf \"$3\" > $1.ext
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $1.key -out $1.csr -subj /CN=$1 2>/dev/null
        openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -set_serial $serial -days 30 -extfile $1.ext -out $1.pem 2>/dev/null
        openssl x509 -in $1.pem -outform DER -out $1.der
        printf 'V\\t991231235959Z\\t\\t%X\\tunknown\\t/CN=%s\\n' $serial $1 >> index.txt
    }
    unit='keyUsage=critical,digitalSignature\\nextendedKeyUsage=critical,timeStamping\\nauthorityInfoAccess=OCSP;URI:RESPONDER\\n'
    issue ocsp ca \"$unit\"
    issue both ca \"${unit}crlDistributionPoints=URI:LIST\\n\"
    issue other ca \"$unit\"
    issue right ca 'extendedKeyUsage=OCSPSigning\\nnoCheck=ignored\\n'
    issue revocable ca 'extendedKeyUsage=OCSPSigning\\n'
    issue usual ca 'extendedKeyUsage=clientAuth\\nnoCheck=ignored\\n'
    issue stranger strange 'extendedKeyUsage=OCSPSigning\\nnoCheck=ignored\\n'
    sed 's/^V\\t991231235959Z\\t/R\\t991231235959Z\\t261101000000Z/' index.txt > revoked.txt
    : > unknown.txt
    echo 01 > serial
    printf '[tsa]\\ndefault_tsa=t\\n[t]\\nserial=serial\\nsigner_cert=ocsp.pem\\nsigner_key=ocsp.key\\ncerts=ca.pem\\nsigner_digest=sha256\\ndefault_policy=1.2.3.4\\ndigests=sha256\\ness_cert_id_alg=sha256\\n' > cnf
    printf '[ca]\\ndefault_ca=d\\n[d]\\ndatabase=unknown.txt\\ncrlnumber=number\\ndefault_md=sha256\\n' > ca.cnf
    echo 01 > number
    openssl ca -gencrl -config ca.cnf -keyfile ca.key -cert ca.pem -crldays 10 -out list.pem 2>/dev/null
    openssl crl -in list.pem -outform DER -out list.der
    openssl x509 -in strange.pem -outform DER -out strange.der
";

struct Authority {
    at: PathBuf,
    root: Vec<u8>,
}

impl Authority {
    /// Signs `in.pdf` to `B-B.pdf`, so that there is a CA, and issues what it needs; `None` without openssl.
    fn new() -> Option<Self> {
        tool("openssl", None)?;
        let at = folder();
        std::fs::write(at.join("in.pdf"), one_page("", "")).unwrap();
        sign(&at, &["in.pdf", "B-B.pdf"]);
        let script = SCRIPT.replace("RESPONDER", RESPONDER).replace("LIST", LIST);
        assert!(Command::new("sh").args(["-ec", &script]).current_dir(&at).status().unwrap().success());
        let root = std::fs::read(at.join("data/certificates/root.der")).unwrap();
        Some(Self { at, root })
    }

    fn der(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.at.join(format!("{name}.der"))).unwrap()
    }

    /// Runs openssl with `arguments` on the file `q` that holds `question`; the answer is in `r`.
    fn ask(&self, question: &[u8], arguments: &[&str]) -> Vec<u8> {
        let at = folder();
        std::fs::write(at.join("q"), question).unwrap();
        let (q, r) = (at.join("q"), at.join("r"));
        let arguments = arguments.iter().map(|argument| match *argument {
            "q" => q.to_str().unwrap(),
            "r" => r.to_str().unwrap(),
            other => other,
        });
        let output = Command::new("openssl").args(arguments).current_dir(&self.at).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        std::fs::read(r).unwrap()
    }

    /// The response of `responder`, by the certificates in `index`, to an OCSPRequest.
    fn response(&self, request: &[u8], responder: &str, index: &str) -> Vec<u8> {
        let (certificate, key) = (format!("{responder}.pem"), format!("{responder}.key"));
        let base = ["ocsp", "-index", index, "-CA", "ca.pem", "-reqin", "q", "-respout", "r", "-ndays", "1"];
        self.ask(request, &[base.as_slice(), &["-rsigner", &certificate, "-rkey", &key]].concat())
    }

    /// A question about the unit `name`, answered by `responder`.
    fn about(&self, name: &str, responder: &str, index: &str) -> Vec<u8> {
        self.response(&ocsp_request(&self.der(name), &self.root).unwrap(), responder, index)
    }
}

#[async_trait]
impl TimeStampAuthority for Authority {
    async fn time_stamp(&self, request: &[u8]) -> Result<Vec<u8>, TimeStampError> {
        Ok(self.ask(request, &["ts", "-reply", "-config", "cnf", "-queryfile", "q", "-out", "r"]))
    }
}

/// The responder and the lists, and what was asked of them.
struct Http {
    authority: Arc<Authority>,
    /// `None` when it is out of order.
    responder: Option<&'static str>,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl HttpClient for Http {
    async fn send(&self, request: http::Request<Vec<u8>>) -> Result<http::Response<Vec<u8>>, HttpError> {
        let url = request.uri().to_string();
        self.asked.lock().unwrap().push(format!("{} {url}", request.method()));
        if url == LIST {
            return Ok(http::Response::new(self.authority.der("list")));
        }
        assert_eq!((url.as_str(), request.method().as_str()), (RESPONDER, "POST"));
        assert_eq!(request.headers()["content-type"], "application/ocsp-request");
        match self.responder {
            Some(responder) => Ok(http::Response::new(self.authority.response(request.body(), responder, "index.txt"))),
            None => Ok(http::Response::builder().status(503).body(Vec::new()).unwrap()),
        }
    }
}

#[derive(Clone)]
struct Moving(Arc<Mutex<Timestamp>>);

impl Clock for Moving {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

fn over_http(authority: Arc<Authority>, responder: Option<&'static str>) -> (Arc<Http>, Moving, HttpRevocation) {
    let http = Arc::new(Http { authority, responder, asked: Mutex::default() });
    let clock = Moving(Arc::new(Mutex::new(Timestamp::now())));
    (http.clone(), clock.clone(), HttpRevocation::new(http, Arc::new(clock)))
}

#[derive(Default)]
struct Documents(Mutex<HashMap<Digest, Vec<u8>>>);

#[async_trait]
impl DocumentStore for Documents {
    async fn put(&self, _: &SignRequestId, bytes: &[u8]) -> Result<Digest, DocumentStoreError> {
        self.0.lock().unwrap().insert(Digest::of(bytes), bytes.to_vec());
        Ok(Digest::of(bytes))
    }

    async fn get(&self, _: &SignRequestId, digest: &Digest) -> Result<Vec<u8>, DocumentStoreError> {
        self.0.lock().unwrap().get(digest).cloned().ok_or(DocumentStoreError::Missing(*digest))
    }

    async fn forget(&self, _: &SignRequestId) -> Result<(), DocumentStoreError> {
        Ok(())
    }
}

/// Raises `pdf` to `level` by the authority and `revocation`.
async fn raised(authority: &Arc<Authority>, revocation: HttpRevocation, pdf: &Path, level: BaselineLevel) -> (BaselineLevel, Vec<u8>) {
    let (documents, random) = (Arc::new(Documents::default()), Arc::new(SystemRandom::default()));
    let sign_request = SignRequestId::random(&*random);
    let current = documents.put(&sign_request, &std::fs::read(pdf).unwrap()).await.unwrap();
    let assembly = Assembly {
        documents: documents.clone(),
        time_stamp_authority: authority.clone(),
        revocation: Arc::new(revocation),
        random,
        logo: None,
        pre_sign_check: None,
    };
    let command = ExtendCommand { sign_request: sign_request.clone(), documents: vec![current], level, last_token: None };
    let done = assembly.extend(&command).await.unwrap().documents.remove(0);
    (done.achieved, documents.get(&sign_request, &done.digest).await.unwrap())
}

#[tokio::test]
async fn a_responder_alone_is_enough_for_b_lt_and_b_lta() {
    let Some(authority) = Authority::new().map(Arc::new) else { return };
    let anchor = root(&authority.at);
    for (level, timestamps) in [(BaselineLevel::Lt, 1), (BaselineLevel::Lta, 2)] {
        let (_, _, revocation) = over_http(authority.clone(), Some("right"));
        let (achieved, pdf) = raised(&authority, revocation, &authority.at.join("B-B.pdf"), level).await;
        assert_eq!(achieved, level);
        let holds = |what: &[u8]| pdf.windows(what.len()).any(|window| window == what);
        assert!(holds(b"/OCSPs [") && holds(b"/OCSP[") && !holds(b"/CRLs"), "the store and the signature's entry name the response");
        let trust = Trust { anchors: vec![authority.root.clone()], ..Trust::default() };
        let report = validate(&pdf, &trust, Timestamp::now().as_second());
        let ours = report.signatures.iter().find(|signature| signature.level.is_some()).unwrap();
        assert_eq!((ours.conclusion.indication, ours.level), (Indication::TotalPassed, Some(level)), "{:?}", ours.findings);
        let file = authority.at.join(format!("{level}.pdf"));
        std::fs::write(&file, &pdf).unwrap();
        assert_signed(&anchor, &file, 1, timestamps, &level.to_string()[2..]);
    }
}

#[tokio::test]
async fn without_an_answer_the_level_is_not_claimed() {
    let Some(authority) = Authority::new().map(Arc::new) else { return };
    let (_, _, revocation) = over_http(authority.clone(), None);
    let (achieved, _) = raised(&authority, revocation, &authority.at.join("B-B.pdf"), BaselineLevel::Lt).await;
    assert_eq!(achieved, BaselineLevel::T);
}

#[tokio::test]
async fn a_response_is_asked_for_once_while_it_holds() {
    let Some(authority) = Authority::new().map(Arc::new) else { return };
    let (http, clock, revocation) = over_http(authority.clone(), Some("right"));
    let certificates = [authority.der("ocsp"), authority.der("both"), authority.der("ocsp"), authority.root.clone()];
    for _ in 0..2 {
        let data = revocation.collect(&certificates).await.unwrap();
        assert_eq!((data.ocsp.len(), data.crls.len()), (2, 0), "one each, and the responder before the list");
    }
    assert_eq!(*http.asked.lock().unwrap(), [format!("POST {RESPONDER}"), format!("POST {RESPONDER}")]);
    *clock.0.lock().unwrap() += SignedDuration::from_hours(25);
    let late = revocation.collect(&certificates[..1]).await;
    assert!(late.is_err(), "what openssl answers now is outdated then, and so is what was kept");
}

#[tokio::test]
async fn a_list_takes_the_place_of_a_responder_that_gives_no_sound_answer() {
    let Some(authority) = Authority::new().map(Arc::new) else { return };
    for responder in [None, Some("stranger")] {
        let (http, _, revocation) = over_http(authority.clone(), responder);
        let data = revocation.collect(&[authority.der("both"), authority.root.clone()]).await.unwrap();
        assert_eq!((data.ocsp.len(), data.crls), (0, vec![authority.der("list")]));
        assert_eq!(*http.asked.lock().unwrap(), [format!("POST {RESPONDER}"), format!("GET {LIST}")]);
        let alone = revocation.collect(&[authority.der("ocsp"), authority.root.clone()]).await.unwrap_err().to_string();
        assert!(alone.contains(RESPONDER), "{alone}");
    }
    let (_, _, revocation) = over_http(authority.clone(), Some("right"));
    let data = revocation.collect(&[authority.der("both")]).await.unwrap();
    assert_eq!((data.ocsp.len(), data.crls.len()), (0, 1), "a responder can't be asked without the issuer");
    let error = revocation.collect(&[authority.der("ocsp")]).await.unwrap_err().to_string();
    assert!(error.contains("the issuer of a certificate is not at hand"), "{error}");
}

#[test]
fn what_proves_nothing_about_the_certificate_is_not_taken() {
    let Some(authority) = Authority::new() else { return };
    let (certificate, now) = (authority.der("ocsp"), Timestamp::now().as_second());
    let answer = |response: &[u8], at: i64| ocsp_answer(response, &certificate, &authority.root, at).map_err(|error| error.to_string());
    let right = authority.about("ocsp", "right", "index.txt");
    let Ok(OcspAnswer { status: OcspStatus::Good, until: Some(until) }) = answer(&right, now) else { panic!("{:?}", answer(&right, now)) };
    assert!((86_390..=86_410).contains(&(until - now)));
    let Ok(OcspAnswer { status: OcspStatus::Revoked { at }, .. }) = answer(&authority.about("ocsp", "right", "revoked.txt"), now) else {
        panic!("not revoked");
    };
    assert_eq!(Timestamp::from_second(at).unwrap().to_string(), "2026-11-01T00:00:00Z");
    let unsigned = "not signed by the issuer or a responder of its own";
    for (what, response, at, reason) in [
        ("a stranger's", authority.about("ocsp", "stranger", "index.txt"), now, unsigned),
        ("a certificate for something else", authority.about("ocsp", "usual", "index.txt"), now, unsigned),
        ("a responder that may be revoked", authority.about("ocsp", "revocable", "index.txt"), now, unsigned),
        ("of another certificate", authority.about("other", "right", "index.txt"), now, "a response about other certificates"),
        (
            "of a certificate unknown to it",
            authority.about("ocsp", "right", "unknown.txt"),
            now,
            "the responder does not know the certificate",
        ),
        ("yesterday's", right.clone(), now + 2 * 86_400, "an outdated response, or one from the future"),
        ("tomorrow's", right.clone(), now - 86_400, "an outdated response, or one from the future"),
        ("an error", vec![0x30, 3, 0x0a, 1, 3], now, "the responder gives no answer"),
        ("a page", b"<html>".to_vec(), now, "not well-formed"),
        ("nothing", Vec::new(), now, "not well-formed"),
    ] {
        let said = answer(&response, at).unwrap_err();
        assert!(said.starts_with(reason), "{what}: {said}");
    }
    for at in 0..right.len() {
        let mut changed = right.clone();
        changed[at] ^= 1;
        assert!(answer(&changed, now).is_err(), "octet {at} of {} is free", right.len());
    }
    let other = ocsp_answer(&right, &certificate, &authority.der("strange"), now);
    assert_eq!(other.unwrap_err().to_string(), "not the issuer of the certificate");
}
