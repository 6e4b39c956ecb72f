//! The price table: TOML with date, region, currency, and where each price is from.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What has a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each name says what one of it is")]
pub enum Item {
    LambdaRequest,
    LambdaGbSecond,
    HttpApiRequest,
    DynamodbWriteUnit,
    DynamodbReadUnit,
    DynamodbGbMonth,
    DynamodbBackupGbMonth,
    S3Put,
    S3Get,
    S3GbMonth,
    DataOutGb,
    KmsKeyMonth,
    KmsRequest,
    KmsAsymmetricRequest,
    SqsRequest,
    LogGb,
    LogGbMonth,
    MetricMonth,
    AlarmMonth,
    DashboardMonth,
    SecretMonth,
}

impl Item {
    /// Everything that a table must have a price of.
    const ALL: [Self; 21] = [
        Self::LambdaRequest,
        Self::LambdaGbSecond,
        Self::HttpApiRequest,
        Self::DynamodbWriteUnit,
        Self::DynamodbReadUnit,
        Self::DynamodbGbMonth,
        Self::DynamodbBackupGbMonth,
        Self::S3Put,
        Self::S3Get,
        Self::S3GbMonth,
        Self::DataOutGb,
        Self::KmsKeyMonth,
        Self::KmsRequest,
        Self::KmsAsymmetricRequest,
        Self::SqsRequest,
        Self::LogGb,
        Self::LogGbMonth,
        Self::MetricMonth,
        Self::AlarmMonth,
        Self::DashboardMonth,
        Self::SecretMonth,
    ];
}

/// Where a price is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// Read for the table's region.
    Read,
    /// Read for another region, and taken to be the same here.
    Elsewhere,
    /// From memory; the source is where to check it.
    Recalled,
}

/// One price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Price {
    /// In the table's currency.
    pub amount: f64,
    /// For this many.
    pub per: f64,
    /// Where it is from.
    pub basis: Basis,
    /// The page.
    pub source: String,
}

/// A complete table: every [`Item`] has a price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriceTable {
    /// Who charges.
    pub provider: String,
    /// Where.
    pub region: String,
    /// ISO 4217.
    pub currency: String,
    /// When the prices were looked up.
    pub date: Date,
    prices: BTreeMap<Item, Price>,
}

/// Why a table is refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PriceError {
    /// No TOML, or not of this form; an item that nobody knows is refused too.
    #[error("{0}")]
    Form(String),
    /// Something has no price: it would be counted as free.
    #[error("there is no price of {}", name(.0))]
    Missing(Item),
    /// A price that is none.
    #[error("the price of {} is not a number of 0 and up for 1 and more", name(.0))]
    Wrong(Item),
}

fn name(item: &Item) -> String {
    serde_json::to_value(item).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

impl PriceTable {
    /// The table that comes with this version.
    pub fn shipped() -> Result<Self, PriceError> {
        Self::parse(include_str!("prices.toml"))
    }

    /// Reads a table.
    pub fn parse(text: &str) -> Result<Self, PriceError> {
        let table: Self = toml::from_str(text).map_err(|error| PriceError::Form(error.to_string()))?;
        for item in Item::ALL {
            let price = table.prices.get(&item).ok_or(PriceError::Missing(item))?;
            if !(price.amount >= 0.0 && price.amount.is_finite() && price.per >= 1.0 && price.per.is_finite()) {
                return Err(PriceError::Wrong(item));
            }
        }
        Ok(table)
    }

    /// The price of one.
    pub fn of(&self, item: Item) -> f64 {
        // `parse` accepts no table without it.
        self.prices.get(&item).map_or(f64::NAN, |price| price.amount / price.per)
    }

    /// How many prices were read for the table's region.
    pub fn read(&self) -> usize {
        self.prices.values().filter(|price| price.basis == Basis::Read).count()
    }

    /// How many prices there are.
    pub fn count(&self) -> usize {
        self.prices.len()
    }
}
