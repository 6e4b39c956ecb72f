//! What an e-service is told, as a receiver with the library of Standard Webhooks takes it.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};
use sigill_tests::browser::{AtEid, Browser};
use sigill_tests::foreign_provider::free_port;
use sigill_tests::pdf::one_page;
use sigill_tests::server::{Server, folder};
use standardwebhooks::Webhook;

const ASA: (&str, &str) = ("Åsa Öberg", "189001019802");
/// As in the local configuration.
const SECRET: &str = "whsec_bG9rYWwgcHJvdm1pbGrDtiwgaW5nZW4gaGVtbGlnaGV0";

struct Message {
    headers: http::HeaderMap,
    body: Vec<u8>,
}

/// Refuses the first message with a 503, takes the others.
fn receiver() -> (u16, Receiver<Message>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, messages) = channel();
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            let mut headers = http::HeaderMap::new();
            let mut line = String::new();
            reader.read_line(&mut line).unwrap();
            assert!(line.starts_with("POST /told?secret=1 "), "{line}");
            loop {
                line.clear();
                reader.read_line(&mut line).unwrap();
                let Some((name, value)) = line.trim_end().split_once(": ") else { break };
                headers.insert(http::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
            }
            let mut body = vec![0; headers["content-length"].to_str().unwrap().parse().unwrap()];
            reader.read_exact(&mut body).unwrap();
            let status = if number == 0 { "503 Service Unavailable" } else { "204 No Content" };
            stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
            if sender.send(Message { headers, body }).is_err() {
                return;
            }
        }
    });
    (port, messages)
}

#[test]
fn every_change_of_status_is_told_signed_and_again_until_it_is_taken() {
    let (told, messages) = receiver();
    let (at, port) = (folder(), free_port());
    let config = include_str!("../../common/config/local.toml")
        .replace("callback_hosts = [", &format!("callback_hosts = [\"localhost:{told}\", "))
        .replace("localhost:8080", &format!("localhost:{port}"));
    std::fs::write(at.join("local.toml"), config).unwrap();
    let server = Server::start_with(&at, &at.join("local.toml"), &format!("127.0.0.1:{port}"));
    let mut body = server.body(&one_page("", ""), &[ASA]);
    body["callbackUrl"] = json!(format!("http://localhost:{told}/told?secret=1"));
    let created = server.create(&body);
    Browser::default().sign(created["signers"][0]["signingUrl"].as_str().unwrap(), AtEid::Approve);

    let webhook = Webhook::new(SECRET).unwrap();
    let mut statuses = Vec::new();
    let mut ids = Vec::new();
    while ids.len() < 3 {
        let message = messages.recv_timeout(Duration::from_secs(30)).expect("a message");
        webhook.verify(&message.body, &message.headers).unwrap();
        let mut tampered = message.body.clone();
        tampered[10] ^= 1;
        assert!(webhook.verify(&tampered, &message.headers).is_err());
        let said: Value = serde_json::from_slice(&message.body).unwrap();
        assert_eq!((said.as_object().unwrap().len(), &said["id"]), (2, &created["id"]), "thin: the rest is fetched");
        statuses.push(said["status"].as_str().unwrap().to_owned());
        ids.push(message.headers["webhook-id"].clone());
    }
    statuses.sort();
    assert_eq!(statuses, ["completed", "pending", "pending"]);
    ids.sort_by_key(|id| id.as_bytes().to_vec());
    ids.dedup();
    assert_eq!(ids.len(), 2, "the message that was refused came again under its own id");
}
