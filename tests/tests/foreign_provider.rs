//! Our side of OpenID Connect against a certified provider of another make: signed request object, PKCE,
//! `private_key_jwt`, the signature extension, and the claims.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use sigill_tests::browser::Browser;
use sigill_tests::foreign_provider::{ForeignProvider, free_port};
use sigill_tests::pdf::one_page;
use sigill_tests::server::{Server, folder};

const ASA: (&str, &str) = ("Åsa Öberg", "189001019802");
const BJORN: &str = "189001029819";

#[test]
fn a_signature_goes_through_a_provider_of_another_make_and_only_for_the_right_person() {
    let (ours, theirs) = (free_port(), free_port());
    let address = format!("127.0.0.1:{ours}");
    let base = format!("http://localhost:{ours}");
    let callback = format!("{base}/eid/utlandsk/callback");
    let Some(provider) = ForeignProvider::start(theirs, "sigill", &callback, &format!("{base}/eid/jwks")) else { return };
    let at = folder();
    let issuer = &provider.base;
    let config = format!(
        "{}\n[eid_provider.utlandsk]\nkind = \"oidc\"\nname = \"En annan e-legitimation\"\nissuer = \"{issuer}\"\nclient_id = \"sigill\"\n\
         authorization_endpoint = \"{issuer}/auth\"\ntoken_endpoint = \"{issuer}/token\"\njwks_uri = \"{issuer}/jwks\"\n\
         levels_of_assurance = [\"http://id.elegnamnden.se/loa/1.0/loa3\"]\nalgorithms = [\"ES256\"]\n",
        include_str!("../../common/config/local.toml").replace("localhost:8080", &format!("localhost:{ours}"))
    );
    std::fs::write(at.join("local.toml"), config).unwrap();
    let server = Server::start_with(&at, &at.join("local.toml"), &address);

    let created = server.create(&server.body(&one_page("", ""), &[ASA]));
    let link = created["signers"][0]["signingUrl"].as_str().unwrap();
    let mut browser = Browser::default();
    // The provider lets another person through than the one who was asked for.
    provider.person(BJORN);
    let authorization = browser.start(link, "utlandsk");
    let answer = provider.go_through(&mut browser, &authorization);
    assert_eq!(browser.get(&answer).heading(), "Fel person");
    assert_eq!(server.status(&created["id"])["status"], "pending");

    provider.person(ASA.1);
    let authorization = browser.start(link, "utlandsk");
    let answer = provider.go_through(&mut Browser::default(), &authorization);
    let fingerprint = &created["documents"][0]["sha256"].as_str().unwrap()[..4];
    let shown = provider.shown();
    assert!(shown.contains("Arvodesräkning för januari") && shown.contains(fingerprint), "{shown}");
    assert_eq!(browser.get(&answer).status, 303);
    assert_eq!(server.status(&created["id"])["status"], "completed");
}
