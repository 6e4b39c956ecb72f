//! What `sigill serve` says when it is ready: everything that a newcomer needs for a first try.

use std::fmt::Write;
use std::path::Path;

use sigill_local::data_folder::DataFolder;
use sigill_local::demo::Demo;
use sigill_local::test_eid::test_persons;

use crate::local::{Failure, Local};

/// A request body for the `curl` line, in the data folder.
const EXAMPLE: &str = "example-request.json";

/// Where things are.
pub fn places(local: &Local, folder: &DataFolder) -> Result<String, Failure> {
    let url = base(local);
    Ok(format!(
        "Sigill is ready: {url}/\n\n  API             {url}/v1/openapi.json\n  root to trust   {url}/pki/root.pem\n  data folder     {}\n",
        folder.path().canonicalize()?.display()
    ))
}

/// How to try the local mode. Puts the example that it speaks of into the data folder.
pub fn first_try(local: &Local, folder: &DataFolder, demo: &Demo) -> Result<String, Failure> {
    let url = base(local);
    std::fs::write(folder.path().join(EXAMPLE), demo.example_request()?)?;
    let mut text = format!("  demo e-service  {url}/demo\n\nTest persons, for the test e-ID:\n");
    for person in test_persons() {
        writeln!(text, "  {}  {}", person.number, person.name())?;
    }
    let example = folder.path().canonicalize()?.join(EXAMPLE);
    write!(text, "\nThe same by the API; open the signingUrl of the answer in a browser:\n  {}\n", curl(url, &demo.bearer_key, &example))?;
    Ok(text)
}

fn base(local: &Local) -> &str {
    local.municipality.public_url.as_str().trim_end_matches('/')
}

fn curl(url: &str, key: &str, example: &Path) -> String {
    let example = example.display();
    format!("curl -s {url}/v1/sign-requests -H 'Authorization: Bearer {key}' -H 'Content-Type: application/json' -d '@{example}'")
}
