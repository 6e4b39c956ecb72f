//! Every `!Ref`, `!GetAtt`, `!Sub` and `!If` leads somewhere.

use std::collections::BTreeSet;

use serde_yaml_ng::Value;

use super::Template;

/// What `!GetAtt` may ask of a kind of resource, as far as it is used.
const ATTRIBUTES: [(&str, &[&str]); 9] = [
    // SAM makes the alias and the stage.
    ("AWS::Serverless::Function", &["Alias", "Arn"]),
    ("AWS::Serverless::HttpApi", &["Stage"]),
    ("AWS::ApiGatewayV2::DomainName", &["RegionalDomainName"]),
    ("AWS::IAM::Role", &["Arn"]),
    ("AWS::DynamoDB::Table", &["Arn"]),
    ("AWS::S3::Bucket", &["Arn"]),
    ("AWS::KMS::Key", &["Arn"]),
    ("AWS::SQS::Queue", &["Arn", "QueueName"]),
    ("AWS::Logs::LogGroup", &["Arn"]),
];

const PSEUDO: [&str; 6] = ["AWS::AccountId", "AWS::NoValue", "AWS::Partition", "AWS::Region", "AWS::StackName", "AWS::URLSuffix"];

pub(super) fn dangling(template: &Template) -> Vec<String> {
    let mut found = BTreeSet::new();
    walk(template, &template.0, &mut found);
    found.into_iter().collect()
}

fn walk(template: &Template, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Sequence(list) => list.iter().for_each(|value| walk(template, value, found)),
        Value::Mapping(map) => map.iter().for_each(|(_, value)| walk(template, value, found)),
        Value::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            match (tag.as_str(), &tagged.value) {
                ("!Ref" | "!GetAtt", Value::String(name)) => found.extend(fault(template, name)),
                ("!Sub", Value::String(text)) => {
                    let names = text.split("${").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name);
                    found.extend(names.filter_map(|name| fault(template, name)));
                }
                ("!If", Value::Sequence(branches)) if !branches.is_empty() => {
                    let condition = branches[0].as_str().unwrap_or_default();
                    if template.0["Conditions"].get(condition).is_none() {
                        found.insert(format!("there is no condition {condition}"));
                    }
                    branches[1..].iter().for_each(|branch| walk(template, branch, found));
                }
                (_, inner) => walk(template, inner, found),
            }
        }
        _ => {}
    }
}

/// Why `Name` or `Name.Attribute` leads nowhere.
fn fault(template: &Template, reference: &str) -> Option<String> {
    let (name, attribute) = reference.split_once('.').map_or((reference, None), |(name, attribute)| (name, Some(attribute)));
    let known = match (attribute, template.0["Resources"].get(name)) {
        (None, resource) => PSEUDO.contains(&name) || resource.is_some() || template.0["Parameters"].get(name).is_some(),
        (Some(attribute), Some(resource)) => {
            let of_kind = ATTRIBUTES.iter().find(|(kind, _)| resource["Type"] == **kind);
            of_kind.is_some_and(|(_, attributes)| attributes.contains(&attribute))
        }
        (Some(_), None) => false,
    };
    (!known).then(|| format!("{reference} leads nowhere"))
}
