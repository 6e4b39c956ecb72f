//! What each role may do.

use serde_yaml_ng::Value;

use super::{Template, list, shown};

/// One action on one resource, allowed to one role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Permission {
    pub role: String,
    pub action: String,
    pub resource: String,
}

struct Statement<'a> {
    role: String,
    statement: &'a Value,
}

fn statements(template: &Template) -> Vec<Statement<'_>> {
    let roles = template.resources("AWS::IAM::Role").into_iter().flat_map(|(name, role)| {
        let policies = list(&role["Properties"]["Policies"]).into_iter().map(|policy| &policy["PolicyDocument"]);
        policies.map(move |document| (name.to_owned(), document))
    });
    let apart = template.resources("AWS::IAM::RolePolicy").into_iter();
    let apart = apart.map(|(_, policy)| (shown(&policy["Properties"]["RoleName"]), &policy["Properties"]["PolicyDocument"]));
    let documents = roles.chain(apart);
    documents
        .flat_map(|(role, document)| {
            list(&document["Statement"]).into_iter().map(move |statement| Statement { role: role.clone(), statement })
        })
        .collect()
}

/// Everything that is allowed, one line each, without what is denied again.
pub fn permissions(template: &Template) -> Vec<Permission> {
    let allowed = statements(template).into_iter().filter(|found| found.statement["Effect"] == *"Allow");
    let mut permissions: Vec<Permission> = allowed
        .flat_map(|Statement { role, statement }| {
            let pairs = list(&statement["Action"]).into_iter().flat_map(|action| {
                list(&statement["Resource"]).into_iter().map(|resource| (shown(action), short(&shown(resource)))).collect::<Vec<_>>()
            });
            pairs.map(move |(action, resource)| Permission { role: role.clone(), action, resource }).collect::<Vec<_>>()
        })
        .collect();
    permissions.sort();
    permissions.dedup();
    permissions
}

/// Without partition, region and account, which are always the stack's own.
fn short(resource: &str) -> String {
    resource.replace("arn:AWS::Partition:", "").replace("AWS::Region:AWS::AccountId:", "")
}

/// Wildcards where there must be none.
pub(super) fn too_wide(template: &Template) -> Vec<String> {
    let wide = permissions(template).into_iter().filter(|Permission { action, resource, .. }| {
        // KMS knows no resource of CreateKey; its statement is confined by conditions, which `signing` wants.
        action.contains('*') || (resource == "*" && action != "kms:CreateKey")
    });
    wide.map(|Permission { role, action, resource }| format!("{role} may {action} on {resource}")).collect()
}

const SIGNER: &str = "SignDocumentHashRole";
/// Conditions of every permission to sign.
const DIGESTS: [(&str, &str); 2] = [("kms:MessageType", "DIGEST"), ("kms:SigningAlgorithm", "ECDSA_SHA_256")];
/// Conditions of a new key. Its kind is that of a suite that the configuration may choose.
const NEW: [(&str, &str); 4] = [
    ("aws:RequestTag/sigill:stack", "AWS::StackName"),
    ("aws:RequestTag/sigill:purpose", "one-time"),
    ("kms:KeySpec", "ECC_NIST_P256, ECC_NIST_P384, RSA_3072, RSA_4096"),
    ("kms:KeyUsage", "SIGN_VERIFY"),
];

/// One role signs, digests alone, with the CA's key; and the key's own policy says so too. One-time keys have policies of
/// their own.
pub(super) fn signing(template: &Template) -> Vec<String> {
    let mut faults = Vec::new();
    for Statement { role, statement } in statements(template) {
        for action in list(&statement["Action"]).into_iter().map(shown).filter(|action| action.starts_with("kms:")) {
            if role != SIGNER {
                faults.push(format!("{role} may {action}"));
            }
            let wanted: Vec<_> = match action.as_str() {
                "kms:Sign" => DIGESTS.to_vec(),
                "kms:CreateKey" => NEW.to_vec(),
                "kms:TagResource" => NEW[..2].to_vec(),
                _ => Vec::new(),
            };
            faults.extend(missing(statement, &wanted).map(|name| format!("{role} may {action} without the condition {name}")));
        }
    }
    for (name, key) in template.resources("AWS::KMS::Key") {
        for statement in list(&key["Properties"]["KeyPolicy"]["Statement"]) {
            let actions: Vec<_> = list(&statement["Action"]).into_iter().map(shown).collect();
            if actions.iter().any(|action| action.contains('*')) {
                faults.push(format!("the policy of {name} has a wildcard action"));
            }
            if actions.iter().any(|action| action == "kms:Sign") {
                if shown(&statement["Principal"]["AWS"]) != SIGNER {
                    faults.push(format!("the policy of {name} lets another than the signer sign"));
                }
                faults.extend(missing(statement, &DIGESTS).map(|condition| format!("the policy of {name} lacks {condition}")));
            }
        }
    }
    faults
}

/// Nothing that is stored is ever replaced: whoever writes objects may only write new ones. Parts are no objects yet.
pub(super) fn writing(template: &Template) -> Vec<String> {
    let writes = statements(template).into_iter().filter(|found| {
        found.statement["Effect"] == *"Allow" && list(&found.statement["Action"]).into_iter().any(|action| shown(action) == "s3:PutObject")
    });
    let wide = writes.filter(|Statement { statement, .. }| {
        let condition = &statement["Condition"];
        let new = condition["Null"]["s3:if-none-match"] == *"false";
        !new && condition["Bool"]["s3:ObjectCreationOperation"] != *"false"
    });
    wide.map(|Statement { role, .. }| format!("{role} may replace objects")).collect()
}

fn missing<'a>(statement: &Value, wanted: &'a [(&'a str, &'a str)]) -> impl Iterator<Item = &'a str> {
    let equals = statement["Condition"]["StringEquals"].clone();
    let values = |found: &Value| list(found).into_iter().map(shown).collect::<Vec<_>>().join(", ");
    wanted.iter().filter(move |(name, value)| equals.get(*name).is_none_or(|found| values(found) != *value)).map(|(name, _)| *name)
}
