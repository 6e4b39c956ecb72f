//! The SAM template, read as text and judged: what linters do not see.

mod permissions;
mod references;

use std::path::{Path, PathBuf};

use serde_yaml_ng::Value;
use sigill_core::measure;

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
        let permissions = [permissions::too_wide(self), permissions::signing(self), permissions::writing(self)].concat();
        [references::dangling(self), permissions, alarms(self), dashboards(self), not_retained(self)].concat()
    }
}

/// A value as text: a reference is the name it refers to.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Tagged(tagged) => without_braces(&shown(&tagged.value)).replace(".Arn", ""),
        other => serde_yaml_ng::to_string(other).unwrap().trim().to_owned(),
    }
}

/// `${Name}` as `Name`, and every other brace as it is.
fn without_braces(text: &str) -> String {
    let mut parts = text.split("${");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |done, part| done + &part.replacen('}', "", 1))
}

/// A list, or one value as a list of it.
fn list(value: &Value) -> Vec<&Value> {
    value.as_sequence().map_or_else(|| vec![value], |list| list.iter().collect())
}

/// Metrics of AWS that alarms and the dashboard rest on, by namespace.
const METRICS: [(&str, &str); 4] =
    [("AWS/SQS", "ApproximateNumberOfMessagesVisible"), ("AWS/Lambda", "Errors"), ("AWS/Lambda", "Duration"), ("AWS/ApiGateway", "5xx")];
/// The stack's own namespace.
const OWN: &str = "Sigill/AWS::StackName";

/// Namespace and name of every metric that is written: by AWS, by the functions, by the template's own filters.
fn written(template: &Template) -> Vec<(String, String)> {
    let aws = METRICS.iter().map(|(space, name)| ((*space).to_owned(), (*name).to_owned()));
    let mut known: Vec<_> = aws.chain(measure::NAMES.iter().map(|name| (OWN.to_owned(), (*name).to_owned()))).collect();
    for (_, filter) in template.resources("AWS::Logs::MetricFilter") {
        let written = list(&filter["Properties"]["MetricTransformations"]);
        known.extend(written.iter().map(|metric| (shown(&metric["MetricNamespace"]), shown(&metric["MetricName"]))));
    }
    known
}

fn alarms(template: &Template) -> Vec<String> {
    let known = written(template);
    let alarms = template.resources("AWS::CloudWatch::Alarm").into_iter();
    let unknown = alarms.filter(|(_, alarm)| {
        let properties = &alarm["Properties"];
        !known.contains(&(shown(&properties["Namespace"]), shown(&properties["MetricName"])))
    });
    unknown.map(|(name, _)| format!("{name} rests on a metric that nobody writes")).collect()
}

/// What the dashboards show and nobody writes, and what the functions measure and no dashboard shows.
fn dashboards(template: &Template) -> Vec<String> {
    let (known, mut seen, mut faults) = (written(template), Vec::new(), Vec::new());
    for (name, dashboard) in template.resources("AWS::CloudWatch::Dashboard") {
        let Ok(body) = serde_json::from_str::<serde_json::Value>(&shown(&dashboard["Properties"]["DashboardBody"])) else {
            return vec![format!("{name} is not JSON")];
        };
        let widgets = body["widgets"].as_array().into_iter().flatten();
        let metrics = widgets.flat_map(|widget| widget["properties"]["metrics"].as_array().into_iter().flatten());
        for metric in metrics.filter_map(shown_metric) {
            if !known.contains(&metric) {
                faults.push(format!("{name} shows {} {}, which nobody writes", metric.0, metric.1));
            }
            seen.push(metric.1);
        }
    }
    let unseen = measure::NAMES.iter().filter(|measured| !seen.iter().any(|name| name == *measured));
    faults.extend(unseen.map(|name| format!("no dashboard shows {name}")));
    faults
}

/// Namespace and name in `[namespace, name, ...]` or `SEARCH('{namespace,...} MetricName="name"', ...)`.
fn shown_metric(metric: &serde_json::Value) -> Option<(String, String)> {
    if let Some(expression) = metric[0]["expression"].as_str() {
        let space = expression.split_once("'{")?.1.split_once(',')?.0;
        let name = expression.split_once("MetricName=\"")?.1.split_once('"')?.0;
        return Some((space.to_owned(), name.to_owned()));
    }
    Some((metric[0].as_str()?.to_owned(), metric[1].as_str()?.to_owned()))
}

fn not_retained(template: &Template) -> Vec<String> {
    let kinds = ["AWS::KMS::Key", "AWS::DynamoDB::Table", "AWS::S3::Bucket"];
    let kept = kinds.iter().flat_map(|kind| template.resources(kind));
    let lost = kept.filter(|(_, resource)| resource["DeletionPolicy"] != *"Retain" || resource["UpdateReplacePolicy"] != *"Retain");
    lost.map(|(name, _)| format!("{name} is not retained")).collect()
}
