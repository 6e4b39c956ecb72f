//! The SAM template: what each function may touch, and that nothing in it leads nowhere.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeSet;

use sigill_tests::judges;
use sigill_tests::server::folder;
use sigill_tests::template::{Permission, Template, permissions, root, text};

/// What each role may do, and nothing else.
const TABLE: [(&str, &[&str], &str); 31] = [
    ("SignRequestIntakeRole", &["logs:CreateLogStream", "logs:PutLogEvents"], "SignRequestIntakeLog"),
    ("SignRequestIntakeRole", &["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"], "Table"),
    ("SignRequestIntakeRole", &["dynamodb:Query"], "Table/index/by-requester"),
    ("SignRequestIntakeRole", &["s3:GetObject", "s3:PutObject"], "Documents/*"),
    ("SignRequestIntakeRole", &["s3:ListBucket"], "Documents"),
    ("EidCallbackRole", &["logs:CreateLogStream", "logs:PutLogEvents"], "EidCallbackLog"),
    ("EidCallbackRole", &["dynamodb:GetItem", "dynamodb:UpdateItem"], "Table"),
    ("EidCallbackRole", &["s3:GetObject"], "Documents/*"),
    ("EidCallbackRole", &["lambda:InvokeFunction"], "AssemblePades.Alias"),
    ("EidCallbackRole", &["lambda:InvokeFunction"], "SignDocumentHash.Alias"),
    ("EidCallbackRole", &["sqs:SendMessage"], "Work"),
    ("EidCallbackRole", &["secretsmanager:GetSecretValue"], "secretsmanager:secret:sigill/Municipality/*"),
    ("SignDocumentHashRole", &["logs:CreateLogStream", "logs:PutLogEvents"], "SignDocumentHashLog"),
    ("SignDocumentHashRole", &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"], "Table"),
    ("SignDocumentHashRole", &["kms:CreateKey"], "*"),
    ("SignDocumentHashRole", &["kms:TagResource"], "kms:key/*"),
    ("SignDocumentHashRole", &["kms:GetPublicKey", "kms:Sign"], "CaKey"),
    ("AssemblePadesRole", &["logs:CreateLogStream", "logs:PutLogEvents"], "AssemblePadesLog"),
    ("AssemblePadesRole", &["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"], "Documents/*"),
    ("FinishSignRequestsRole", &["logs:CreateLogStream", "logs:PutLogEvents"], "FinishSignRequestsLog"),
    ("FinishSignRequestsRole", &["dynamodb:GetItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], "Table"),
    ("FinishSignRequestsRole", &["dynamodb:Query"], "Table/index/due"),
    ("FinishSignRequestsRole", &["s3:ListBucket"], "Documents"),
    ("FinishSignRequestsRole", &["s3:DeleteObject"], "Documents/*"),
    ("FinishSignRequestsRole", &["lambda:InvokeFunction"], "AssemblePades.Alias"),
    ("FinishSignRequestsRole", &["lambda:InvokeFunction"], "SignDocumentHash.Alias"),
    ("FinishSignRequestsRole", &["sqs:SendMessage", "sqs:ReceiveMessage"], "Work"),
    ("FinishSignRequestsRole", &["sqs:DeleteMessage", "sqs:GetQueueAttributes"], "Work"),
    ("FinishSignRequestsRole", &["secretsmanager:GetSecretValue"], "secretsmanager:secret:sigill/Municipality/*"),
    ("ValidateDocumentRole", &["logs:CreateLogStream", "logs:PutLogEvents"], "ValidateDocumentLog"),
    ("ValidateDocumentRole", &["dynamodb:GetItem"], "Table"),
];

fn table() -> BTreeSet<Permission> {
    let lines = TABLE.iter().flat_map(|(role, actions, resource)| {
        let line = |action: &&str| Permission { role: (*role).to_owned(), action: (*action).to_owned(), resource: (*resource).to_owned() };
        actions.iter().map(line).collect::<Vec<_>>()
    });
    lines.collect()
}

#[test]
fn each_role_may_do_what_the_table_says_and_nothing_else() {
    let found: BTreeSet<_> = permissions(&Template::parse(&text())).into_iter().collect();
    assert_eq!(found.difference(&table()).collect::<Vec<_>>(), Vec::<&Permission>::new(), "not in the table");
    assert_eq!(table().difference(&found).collect::<Vec<_>>(), Vec::<&Permission>::new(), "not in the template");
}

#[test]
fn the_template_has_no_fault() {
    assert_eq!(Template::parse(&text()).faults(), Vec::<String>::new());
}

#[test]
fn planted_faults_are_found() {
    for (right, wrong, expected) in [
        ("!GetAtt CaKey.Arn", "!GetAtt CaKeyX.Arn", "CaKeyX.Arn leads nowhere"),
        ("!GetAtt Work.Arn", "!GetAtt Work.Url", "Work.Url leads nowhere"),
        ("!Ref Documents", "!Ref Document", "Document leads nowhere"),
        ("${Documents.Arn}/*", "${Dokuments.Arn}/*", "Dokuments.Arn leads nowhere"),
        ("!Ref AssemblePades.Alias", "!Ref AssemblePades.Version", "AssemblePades.Version leads nowhere"),
        ("!If [HasAlarmTopic,", "!If [HasTopic,", "there is no condition HasTopic"),
        (
            "Action: [s3:GetObject]\n                Resource: !Sub ${Documents.Arn}/*",
            "Action: [s3:GetObject]\n                Resource: \"*\"",
            "may s3:GetObject on *",
        ),
        ("[dynamodb:GetItem, dynamodb:UpdateItem]", "[\"dynamodb:*\"]", "may dynamodb:* on Table"),
        ("Action: [lambda:InvokeFunction]", "Action: [kms:Sign]", "EidCallbackRole may kms:Sign"),
        ("                kms:MessageType: DIGEST\n", "", "may kms:Sign without the condition kms:MessageType"),
        ("                kms:SigningAlgorithm: ECDSA_SHA_256\n", "", "may kms:Sign without the condition kms:SigningAlgorithm"),
        ("                    aws:RequestTag/sigill:stack: !Ref AWS::StackName\n", "", "without the condition aws:RequestTag/sigill:stack"),
        (
            "                    kms:KeySpec: [ECC_NIST_P256, ECC_NIST_P384, RSA_3072, RSA_4096]\n",
            "",
            "may kms:CreateKey without the condition kms:KeySpec",
        ),
        ("ECC_NIST_P384, RSA_3072,", "ECC_NIST_P384, RSA_2048,", "may kms:CreateKey without the condition kms:KeySpec"),
        ("              - kms:DescribeKey\n", "              - kms:Sign\n", "lets another than the signer sign"),
        ("              - kms:DescribeKey\n", "              - kms:*\n", "the policy of CaKey has a wildcard action"),
        ("                  \"Null\": {s3:if-none-match: \"false\"}\n", "", "SignRequestIntakeRole may replace objects"),
        ("s3:ObjectCreationOperation: \"false\"", "s3:ObjectCreationOperation: \"true\"", "AssemblePadesRole may replace objects"),
        ("MetricName: Errors", "MetricName: Erors", "rests on a metric that nobody writes"),
        ("MetricName: KeyFaults", "MetricName: KeyFault", "KeyAlarm rests on a metric that nobody writes"),
        ("MetricName=\\\"LeadTime", "MetricName=\\\"LeedTime", "Dashboard shows Sigill/AWS::StackName LeedTime, which nobody writes"),
        ("\"TimestampFaults\"", "\"KeyFaults\"", "no dashboard shows TimestampFaults"),
        ("{\"widgets\": [", "{\"widgets\": {", "Dashboard is not JSON"),
        ("    DeletionPolicy: Retain\n", "", "Table is not retained"),
    ] {
        let planted = text().replacen(right, wrong, 1);
        assert_ne!(planted, text(), "{right} is not in the template");
        let faults = Template::parse(&planted).faults();
        assert!(faults.iter().any(|fault| fault.contains(expected)), "{wrong:?} was not found: {faults:?}");
    }
    let misspelt = Template::parse(&text().replacen("[kms:CreateKey]", "[kms:CraeteKey]", 1));
    assert!(permissions(&misspelt).iter().any(|permission| !table().contains(permission)));
}

/// `SignDocumentHash` to `sign-document-hash`.
fn kebab(name: &str) -> String {
    let hyphened = name.chars().flat_map(|c| if c.is_uppercase() { vec!['-', c.to_ascii_lowercase()] } else { vec![c] });
    hyphened.collect::<String>().trim_start_matches('-').to_owned()
}

/// Words of the form `SIGILL_…` in a text.
fn variables(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_uppercase() || c == '_'));
    words.filter(|word| word.starts_with("SIGILL_")).map(str::to_owned).collect()
}

#[test]
fn every_function_is_built_runs_and_gets_the_variables_that_it_reads() {
    let template = Template::parse(&text());
    let makefile = std::fs::read_to_string(root().join("functions/Makefile")).unwrap();
    let functions = template.resources("AWS::Serverless::Function");
    assert_eq!(functions.len(), 6);
    assert_eq!(template.0["Globals"]["Function"]["Handler"], *"bootstrap");
    for (name, function) in functions {
        let folder = root().join("functions").join(kebab(name));
        assert!(folder.join("src/main.rs").is_file(), "{name} has no main.rs");
        assert!(makefile.contains(&format!("build-{name}:\n\tcp $(BUILT)/{}/bootstrap ", kebab(name))), "{name} is not built");
        let given = serde_yaml_ng::to_string(&function["Properties"]["Environment"]["Variables"]).unwrap();
        let read = std::fs::read_to_string(folder.join("src/environment.rs")).unwrap();
        assert_eq!(variables(&given), variables(&read), "{name}");
    }
}

/// Addresses that a router answers, as its source has them.
fn routes(function: &str) -> Vec<String> {
    let source = std::fs::read_to_string(root().join("functions").join(function).join("src/lib.rs")).unwrap();
    source.split(".route(\"").skip(1).map(|rest| rest.split_once('"').unwrap().0.to_owned()).collect()
}

#[test]
fn every_address_leads_to_the_function_that_answers_it() {
    let template = Template::parse(&text());
    // Which function an address leads to: an exact path before the one that names the most.
    let leads_to = |route: &str| {
        let functions = template.resources("AWS::Serverless::Function").into_iter();
        let paths = functions.flat_map(|(function, resource)| {
            let events = resource["Properties"]["Events"].as_mapping().into_iter().flatten();
            events.filter_map(move |(_, event)| Some((event["Properties"]["Path"].as_str()?, function)))
        });
        let fits = paths.filter(|(path, _)| match path.split_once("{proxy+}") {
            Some((under, _)) => route.starts_with(under),
            None => *path == route,
        });
        fits.max_by_key(|(path, _)| (!path.contains('{'), path.len())).map(|(_, function)| function)
    };
    for function in ["SignRequestIntake", "EidCallback", "ValidateDocument"] {
        let routes = routes(&kebab(function));
        assert!(routes.len() > 1, "{function}: {routes:?}");
        for route in routes {
            assert_eq!(leads_to(&route), Some(function), "{route}");
        }
    }
}

#[test]
fn linters_find_nothing_in_the_template_nor_in_what_sam_makes_of_it_and_planted_faults_are_found() {
    let at = folder().join("template.yaml");
    for (right, wrong, expected) in [
        ("Sigill", "Sigill", ""),
        ("Action: [sqs:SendMessage]", "Action: [sqs:SendMesage]", "UNKNOWN_ACTION"),
        ("kms:MessageType: DIGEST", "kms:MesageType: DIGEST", "UNKNOWN_CONDITION_FOR_ACTION"),
        ("Alarms: [", "Alarms: [!Ref ApiAlarm, ", "Circular Dependencies"),
        ("KeySpec: ECC_NIST_P256\n      KeyUsage", "KeySpec: P256\n      KeyUsage", "'P256' is not one of"),
    ] {
        let planted = text().replacen(right, wrong, 1);
        assert_eq!(planted == text(), expected.is_empty(), "{right} is not in the template");
        std::fs::write(&at, planted).unwrap();
        let Some(found) = judges::deployment_faults(&at) else { return };
        assert!(found.contains(expected) && found.is_empty() == expected.is_empty(), "{expected}: {found}");
    }
}
