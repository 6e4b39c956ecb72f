//! `sigill report`: effect measures of what the data folder holds.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sigill_core::config::Municipality;
use sigill_core::ports::Clock;
use sigill_core::report::{Measures, Spread};
use sigill_core::use_case::{Period, Report, report};
use sigill_local::data_folder::DataFolder;
use sigill_local::store::Database;
use sigill_machine::SystemClock;
use sigill_web::text::Text;

use crate::command_line::{Format, ReportOptions};
use crate::configuration::configuration_or_embedded;
use crate::figures::{csv, number, printed, table};
use crate::language::of_environment;
use crate::local::Failure;

/// Prints the measures; 1 when they can't be had.
pub async fn run(options: ReportOptions) -> ExitCode {
    printed(answer(&options).await)
}

/// Everything that an answer is made from.
struct Answer {
    municipality: Municipality,
    report: Report,
    /// Everything created from here on is in the store.
    complete_from: Timestamp,
}

async fn answer(options: &ReportOptions) -> Result<String, Failure> {
    let municipality = configuration_or_embedded(options.config.as_deref())?;
    let folder =
        DataFolder::existing(&options.data).ok_or_else(|| format!("{}: there is no data folder of Sigill", options.data.display()))?;
    let clock = Arc::new(SystemClock);
    let now = clock.now();
    let database = Database::open(&folder.database(), clock)?;
    // Those of the configuration, and those that it does not name any more.
    let e_services: BTreeSet<_> = municipality.e_services.keys().cloned().chain(database.requesters()?).collect();
    let to = options.to.map(|day| day.tomorrow().map_err(Failure::from).and_then(midnight)).transpose()?;
    let period = Period { from: options.from.map(midnight).transpose()?, to: to.unwrap_or(now) };
    if period.from.is_some_and(|from| from >= period.to) {
        return Err("--from is after --to".into());
    }
    let report = report(&database, &e_services.into_iter().collect::<Vec<_>>(), period).await?;
    let answer = Answer { complete_from: now - municipality.retention.after_end, municipality, report };
    Ok(match options.format {
        Format::Table => answer.for_people(Text(options.language.unwrap_or_else(of_environment))),
        Format::Csv => answer.csv(),
        Format::Json => format!("{}\n", answer.json()?),
    })
}

/// The first moment of a Swedish day.
fn midnight(day: Date) -> Result<Timestamp, Failure> {
    Ok(day.in_tz("Europe/Stockholm")?.timestamp())
}

impl Answer {
    fn for_people(&self, text: Text) -> String {
        let report = &self.report;
        let from = report.period.from.map_or_else(|| text.report_beginning().to_owned(), |from| text.moment(from));
        let mut out = format!(
            "{}\n{}\n{}\n",
            text.report_heading(&self.municipality.organisation.name),
            text.report_period(from, text.moment(report.period.to)),
            text.report_reach(text.moment(self.complete_from), self.retention_days())
        );
        out.push_str(&match report.oldest {
            Some(oldest) => format!("{}\n", text.report_oldest(text.moment(oldest))),
            None => format!("{}\n", text.report_empty()),
        });
        out.push_str(&format!("\n{}\n{}", text.report_total(), table(&self.rows(&report.total, text))));
        for (id, measures) in &report.e_services {
            let name = self.municipality.e_services.get(id).map_or(id, |service| &service.name);
            out.push_str(&format!("\n{name}\n{}", table(&self.rows(measures, text))));
        }
        out.push_str(&format!("\n{}\n", text.report_office_hours()));
        out
    }

    fn rows(&self, measures: &Measures, text: Text) -> Vec<(String, Vec<String>)> {
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut row = |label: &str, value: String| rows.push((label.to_owned(), value));
        let count = |count: u64| number(count as f64, 0, text.0);
        let share = |share: Option<f64>| {
            share.map_or_else(|| text.report_none().to_owned(), |share| format!("{} %", number(share * 100.0, 1, text.0)))
        };
        row(&format!("  {}", text.report_created()), count(measures.created));
        for (label, value) in [
            (text.report_open(), measures.open),
            (text.report_completed(), measures.completed),
            (text.report_declined(), measures.declined),
            (text.report_withdrawn(), measures.withdrawn),
            (text.report_expired(), measures.expired),
            (text.report_failed(), measures.failed),
        ] {
            row(&format!("    {label}"), count(value));
        }
        row(&format!("  {}", text.report_declined_share()), share(measures.declined_share));
        row(&format!("  {}", text.report_expired_share()), share(measures.expired_share));
        let long = |spread: Option<Spread>, of: fn(Spread) -> i64| {
            spread.map_or_else(|| text.report_none().to_owned(), |spread| duration(of(spread), text))
        };
        let (completed, opened) = (measures.created_to_completed, measures.created_to_opened);
        row(&format!("  {}", text.report_created_to_opened()), long(opened, |spread| spread.median_seconds));
        row(&format!("  {}", text.report_created_to_opened_most()), long(opened, |spread| spread.ninetieth_percentile_seconds));
        row(&format!("  {}", text.report_created_to_completed()), long(completed, |spread| spread.median_seconds));
        row(&format!("  {}", text.report_created_to_completed_most()), long(completed, |spread| spread.ninetieth_percentile_seconds));
        row(&format!("  {}", text.report_signatures()), count(measures.signatures));
        row(&format!("    {}", text.report_outside_office_hours()), count(measures.signatures_outside_office_hours));
        for (id, signatures) in &measures.eids {
            let name = self.municipality.eid_providers.get(id).map_or(id, |provider| &provider.name);
            row(&format!("    {}", text.report_eid(name)), count(*signatures));
        }
        for level in &measures.levels {
            row(&format!("  {}", text.report_level(level.achieved, level.requested)), count(level.documents));
        }
        rows.into_iter().map(|(label, value)| (label, vec![value])).collect()
    }

    /// A line for each figure, so that spreadsheets need no new column when there is a new e-ID.
    fn csv(&self) -> String {
        let mut out = csv(["eService", "measure", "detail", "value"]);
        let all = self.report.e_services.iter().map(|(id, measures)| (id.as_str(), measures));
        for (e_service, measures) in std::iter::once(("", &self.report.total)).chain(all) {
            let mut line = |measure: &str, detail: &str, value: String| out.push_str(&csv([e_service, measure, detail, &value]));
            for (measure, value) in [
                ("created", measures.created),
                ("open", measures.open),
                ("completed", measures.completed),
                ("declined", measures.declined),
                ("withdrawn", measures.withdrawn),
                ("expired", measures.expired),
                ("failed", measures.failed),
                ("signatures", measures.signatures),
                ("signaturesOutsideOfficeHours", measures.signatures_outside_office_hours),
            ] {
                line(measure, "", value.to_string());
            }
            for (measure, share) in [("declinedShare", measures.declined_share), ("expiredShare", measures.expired_share)] {
                line(measure, "", share.map(|share| share.to_string()).unwrap_or_default());
            }
            for (measure, spread) in
                [("createdToCompleted", measures.created_to_completed), ("createdToOpened", measures.created_to_opened)]
            {
                let seconds = |of: fn(Spread) -> i64| spread.map(|spread| of(spread).to_string()).unwrap_or_default();
                line(measure, "medianSeconds", seconds(|spread| spread.median_seconds));
                line(measure, "ninetiethPercentileSeconds", seconds(|spread| spread.ninetieth_percentile_seconds));
            }
            for (eid, signatures) in &measures.eids {
                line("signaturesByEid", eid, signatures.to_string());
            }
            for level in &measures.levels {
                line("documentsByLevel", &format!("{} of {}", level.achieved, level.requested), level.documents.to_string());
            }
        }
        out
    }

    fn json(&self) -> Result<String, Failure> {
        let report = &self.report;
        Ok(serde_json::to_string_pretty(&json!({
            "organisation": self.municipality.organisation.name, "period": report.period, "oldest": report.oldest,
            "completeFrom": self.complete_from, "retentionDays": self.retention_days(),
            "total": report.total, "eServices": report.e_services,
        }))?)
    }

    fn retention_days(&self) -> i64 {
        self.municipality.retention.after_end.as_hours() / 24
    }
}

fn duration(seconds: i64, text: Text) -> String {
    let duration = SignedDuration::from_secs(seconds);
    let (minutes, hours) = (duration.as_mins(), duration.as_hours());
    match seconds {
        0..60 => text.report_seconds(seconds),
        60..3_600 => text.report_minutes(minutes, seconds % 60),
        3_600..86_400 => text.report_hours(hours, minutes % 60),
        _ => text.report_days(hours / 24, hours % 24),
    }
}
