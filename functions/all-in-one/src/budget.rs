//! `sigill budget`: what the service costs in AWS at a ladder of volumes.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use serde_json::json;
use sigill_core::budget::{Amount, Budget, Cost, Part, Plan, PriceTable, Usage};
use sigill_core::config::OneTimeKeyCustody;
use sigill_web::text::Text;

use crate::command_line::{BudgetOptions, Custody, Format};
use crate::configuration::configuration_or_embedded;
use crate::figures::{csv, number, printed, table};
use crate::language::of_environment;
use crate::local::Failure;

/// What is calculated when nothing is asked for.
const LADDER: [u64; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
const SEK: &str = "SEK";
/// Decimals of what is paid in a month, and for one signature.
const MONTH: usize = 2;
const EACH: usize = 6;

/// Prints the budget; 1 when a file or a figure is wrong.
pub fn run(options: &BudgetOptions) -> ExitCode {
    printed(budget(options))
}

/// Everything that an answer is made from.
struct Answer {
    plan: Plan,
    prices: PriceTable,
    /// What amounts are in.
    currency: String,
    /// Of that for one of the table's currency.
    rate: f64,
    months: Vec<Budget>,
}

fn budget(options: &BudgetOptions) -> Result<String, Failure> {
    let municipality = configuration_or_embedded(options.config.as_deref())?;
    let prices = read(options.prices.as_deref(), PriceTable::parse, PriceTable::shipped)?;
    let usage = read(options.usage.as_deref(), Usage::parse, Usage::shipped)?;
    let rate = options.sek.unwrap_or(1.0);
    // Bytes of a size given in megabytes: whole ones.
    let mut plan = Plan::of(&municipality, (options.documents_mb * 1e6) as u64);
    plan.time_stamp_price = options.timestamp_price.map(|price| price / rate);
    plan.eid_price = options.eid_price.map(|price| price / rate);
    match options.custody {
        Some(Custody::Kms) => plan.custody = OneTimeKeyCustody::Kms,
        Some(Custody::Memory) => plan.custody = OneTimeKeyCustody::Memory,
        None => {}
    }
    let volumes = if options.signatures.is_empty() { LADDER.to_vec() } else { options.signatures.clone() };
    let months = volumes.into_iter().map(|signatures| Budget::new(&plan, &usage, &prices, signatures).at_rate(rate)).collect();
    let currency = options.sek.map_or_else(|| prices.currency.clone(), |_| SEK.to_owned());
    let answer = Answer { plan, prices, currency, rate, months };
    Ok(match options.format {
        Format::Table => answer.for_people(Text(options.language.unwrap_or_else(of_environment))),
        Format::Csv => answer.csv()?,
        Format::Json => format!("{}\n", answer.json()?),
    })
}

/// What stands in `file`, or what comes with this version.
fn read<T, E: std::error::Error + 'static>(
    file: Option<&Path>,
    parse: impl Fn(&str) -> Result<T, E>,
    shipped: impl Fn() -> Result<T, E>,
) -> Result<T, Failure> {
    let Some(file) = file else { return Ok(shipped()?) };
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(parse(&text).map_err(|error| format!("{}: {error}", file.display()))?)
}

impl Answer {
    fn for_people(&self, text: Text) -> String {
        let size = text.size(self.plan.document_bytes);
        let custody = match self.plan.custody {
            OneTimeKeyCustody::Kms => text.budget_custody_kms(),
            OneTimeKeyCustody::Memory => text.budget_custody_memory(),
        };
        let table_prices = &self.prices;
        let mut out = format!(
            "{}\n{}\n{}\n",
            text.budget_heading(&self.currency),
            text.budget_prices(table_prices.date, &table_prices.provider, &table_prices.region),
            text.budget_plan(custody, self.plan.kept_days, self.plan.level, size)
        );
        if self.currency != table_prices.currency {
            let rate = number(self.rate, MONTH, text.0);
            out.push_str(&format!("{}\n", text.budget_rate(&self.currency, rate, &table_prices.currency)));
        }
        let volumes = (text.budget_signatures().to_owned(), self.cells(|month| number(month.signatures as f64, 0, text.0)));
        out.push_str(&format!("\n{}\n", table(&self.by_month(text, &volumes))));
        out.push_str(&format!("{}\n{}\n", text.budget_each(), table(&self.by_signature(text, volumes))));
        let unknown: Vec<_> = self.costs().filter(|cost| cost.amount == Amount::Unknown).map(|cost| name(cost.part, text)).collect();
        if !unknown.is_empty() {
            out.push_str(&format!("{}\n", text.budget_without(unknown.join(", "))));
        }
        let over = self.months.iter().filter(|month| month.over_quota).map(|month| number(month.signatures as f64, 0, text.0));
        let over: Vec<_> = over.collect();
        if !over.is_empty() {
            let volumes = over.join(&format!(" {} ", text.budget_and()));
            out.push_str(&format!("{}\n", text.budget_over_quota(volumes)));
        }
        out.push_str(&format!("{}\n", text.budget_estimate(table_prices.count(), table_prices.read(), &table_prices.region)));
        out.push_str(&format!("{}\n", text.budget_nowhere()));
        out
    }

    fn by_month(&self, text: Text, volumes: &(String, Vec<String>)) -> Vec<(String, Vec<String>)> {
        let money = |value: f64| number(value, MONTH, text.0);
        let mut rows = vec![volumes.clone()];
        rows.extend(self.group(text, text.budget_fixed(), |amount| match amount {
            Amount::Known { fixed, .. } => Some(fixed),
            // Its price would be one for each act.
            Amount::Unknown => Some(0.0),
        }));
        rows.push((format!("  {}", text.budget_sum()), self.cells(|month| money(month.fixed()))));
        rows.extend(self.group(text, text.budget_variable(), |amount| match amount {
            Amount::Known { variable, .. } => Some(variable),
            Amount::Unknown => None,
        }));
        rows.push((format!("  {}", text.budget_sum()), self.cells(|month| money(month.variable()))));
        rows.push((text.budget_total().to_owned(), self.cells(|month| money(month.total()))));
        rows
    }

    /// A heading, and a row for each part of which `of` is paid or unknown.
    fn group(&self, text: Text, heading: &str, of: impl Fn(Amount) -> Option<f64>) -> Vec<(String, Vec<String>)> {
        let cell = |amount: &Option<f64>| amount.map_or_else(|| text.budget_unknown().to_owned(), |amount| number(amount, MONTH, text.0));
        let mut rows = vec![(heading.to_owned(), Vec::new())];
        for part in self.costs().map(|cost| cost.part) {
            let months = self.months.iter().flat_map(|month| &month.costs).filter(|cost| cost.part == part);
            let amounts: Vec<_> = months.map(|cost| of(cost.amount)).collect();
            if amounts.iter().any(|amount| *amount != Some(0.0)) {
                rows.push((format!("  {}", name(part, text)), amounts.iter().map(cell).collect()));
            }
        }
        rows
    }

    fn by_signature(&self, text: Text, volumes: (String, Vec<String>)) -> Vec<(String, Vec<String>)> {
        let mut rows = vec![volumes];
        let cell = |each: Option<f64>| each.map_or_else(|| text.budget_unknown().to_owned(), |each| number(each, EACH, text.0));
        for part in self.costs().map(|cost| cost.part) {
            let of = |month: &Budget| month.costs.iter().find(|cost| cost.part == part).and_then(|cost| each(cost, month.signatures));
            rows.push((format!("  {}", name(part, text)), self.cells(|month| cell(of(month)))));
        }
        rows.push((text.budget_total_each().to_owned(), self.cells(|month| cell(month.per_signature()))));
        rows
    }

    fn csv(&self) -> Result<String, Failure> {
        let mut out = csv(["signaturesPerMonth", "part", "fixed", "variable", "total", "perSignature", "currency"]);
        for month in &self.months {
            let signatures = month.signatures.to_string();
            for cost in &month.costs {
                let amounts = match cost.amount {
                    Amount::Known { fixed, variable } => {
                        [Some(fixed), Some(variable), Some(fixed + variable), each(cost, month.signatures)]
                    }
                    Amount::Unknown => [None; 4],
                };
                let [fixed, variable, total, each] = amounts.map(|amount| amount.map(|amount| amount.to_string()).unwrap_or_default());
                let part = serde_json::to_value(cost.part)?;
                out.push_str(&csv([&signatures, part.as_str().unwrap_or_default(), &fixed, &variable, &total, &each, &self.currency]));
            }
        }
        Ok(out)
    }

    fn json(&self) -> Result<String, Failure> {
        let months = self.months.iter().map(|month| {
            json!({
                "signatures": month.signatures, "costs": month.costs, "fixed": month.fixed(), "variable": month.variable(),
                "total": month.total(), "perSignature": month.per_signature(), "overQuota": month.over_quota,
            })
        });
        let custody = match self.plan.custody {
            OneTimeKeyCustody::Kms => "kms",
            OneTimeKeyCustody::Memory => "memory",
        };
        Ok(serde_json::to_string_pretty(&json!({
            "currency": self.currency, "rate": self.rate, "prices": self.prices, "custody": custody,
            "documentBytes": self.plan.document_bytes, "level": self.plan.level, "keptDays": self.plan.kept_days,
            "months": months.collect::<Vec<_>>(),
        }))?)
    }

    fn cells(&self, cell: impl Fn(&Budget) -> String) -> Vec<String> {
        self.months.iter().map(cell).collect()
    }

    /// The parts, which are the same in every month.
    fn costs(&self) -> impl Iterator<Item = &Cost> {
        self.months.first().into_iter().flat_map(|month| &month.costs)
    }
}

/// What a signature's share of a part is, when that is known.
fn each(cost: &Cost, signatures: u64) -> Option<f64> {
    match cost.amount {
        Amount::Known { fixed, variable } if signatures > 0 => Some((fixed + variable) / signatures as f64),
        Amount::Known { .. } | Amount::Unknown => None,
    }
}

fn name(part: Part, text: Text) -> &'static str {
    match part {
        Part::Functions => text.budget_part_functions(),
        Part::Api => text.budget_part_api(),
        Part::Table => text.budget_part_table(),
        Part::Documents => text.budget_part_documents(),
        Part::DataOut => text.budget_part_data_out(),
        Part::Keys => text.budget_part_keys(),
        Part::Queue => text.budget_part_queue(),
        Part::Logs => text.budget_part_logs(),
        Part::Monitoring => text.budget_part_monitoring(),
        Part::Secrets => text.budget_part_secrets(),
        Part::TimeStamps => text.budget_part_time_stamps(),
        Part::Eid => text.budget_part_eid(),
    }
}
