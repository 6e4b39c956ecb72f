//! The SAM template, read as text and judged: what linters do not see.

mod permissions;
mod references;

use std::path::{Path, PathBuf};

use serde_yaml_ng::Value;

pub use permissions::{Permission, permissions};

pub struct Template(pub Value);

/// The repository's own.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

pub fn text() -> String {
    std::fs::read_to_string(root().join("template.yaml")).unwrap()
}

impl Template {
    pub fn parse(text: &str) -> Self {
        Self(serde_yaml_ng::from_str(text).unwrap())
    }

    /// Logical id and definition of each resource of `kind`.
    pub fn resources(&self, kind: &str) -> Vec<(&str, &Value)> {
        let all = self.0["Resources"].as_mapping().unwrap().iter().map(|(name, resource)| (name.as_str().unwrap(), resource));
        all.filter(|(_, resource)| resource["Type"] == *kind).collect()
    }

    /// Everything that is wrong with it, a sentence each.
    pub fn faults(&self) -> Vec<String> {
        [references::dangling(self), permissions::too_wide(self), permissions::signing(self), alarms(self), not_retained(self)].concat()
    }
}

/// A value as text: a reference is the name it refers to.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Tagged(tagged) => shown(&tagged.value).replace("${", "").replace('}', "").replace(".Arn", ""),
        other => serde_yaml_ng::to_string(other).unwrap().trim().to_owned(),
    }
}

/// A list, or one value as a list of it.
fn list(value: &Value) -> Vec<&Value> {
    value.as_sequence().map_or_else(|| vec![value], |list| list.iter().collect())
}

/// Metrics that alarms may rest on: of AWS, by namespace, and those that the template's own filters write.
const METRICS: [(&str, &str); 3] = [("AWS/SQS", "ApproximateNumberOfMessagesVisible"), ("AWS/Lambda", "Errors"), ("AWS/ApiGateway", "5xx")];

fn alarms(template: &Template) -> Vec<String> {
    let mut known: Vec<(String, String)> = METRICS.iter().map(|(space, name)| ((*space).to_owned(), (*name).to_owned())).collect();
    for (_, filter) in template.resources("AWS::Logs::MetricFilter") {
        let written = list(&filter["Properties"]["MetricTransformations"]);
        known.extend(written.iter().map(|metric| (shown(&metric["MetricNamespace"]), shown(&metric["MetricName"]))));
    }
    let alarms = template.resources("AWS::CloudWatch::Alarm").into_iter();
    let unknown = alarms.filter(|(_, alarm)| {
        let properties = &alarm["Properties"];
        !known.contains(&(shown(&properties["Namespace"]), shown(&properties["MetricName"])))
    });
    unknown.map(|(name, _)| format!("{name} rests on a metric that nobody writes")).collect()
}

fn not_retained(template: &Template) -> Vec<String> {
    let kinds = ["AWS::KMS::Key", "AWS::DynamoDB::Table", "AWS::S3::Bucket"];
    let kept = kinds.iter().flat_map(|kind| template.resources(kind));
    let lost = kept.filter(|(_, resource)| resource["DeletionPolicy"] != *"Retain" || resource["UpdateReplacePolicy"] != *"Retain");
    lost.map(|(name, _)| format!("{name} is not retained")).collect()
}
