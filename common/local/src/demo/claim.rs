//! What a politician claims. Money is in öre.

use serde::{Deserialize, Serialize};

use crate::test_eid::{TestPerson, test_persons};

/// Fee for an hour of meeting.
pub const HOURLY_FEE: i64 = 28_500;
/// Compensation for a kilometre.
pub const KILOMETRE: i64 = 250;
/// Longest name of a body that meets, in characters: what the document's table has room for.
const LONGEST_BODY: usize = 35;
/// Longest meeting, hours.
const LONGEST_MEETING: f64 = 16.0;

/// A claim that is right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FeeClaim {
    /// Who claims, by identity number.
    pub politician: String,
    /// Who approves.
    pub approver: String,
    /// The month.
    pub period: String,
    /// At least one.
    pub meetings: Vec<Meeting>,
    /// Lost earnings, öre.
    pub lost_earnings: i64,
    /// Kilometres by own car.
    pub kilometres: i64,
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// ISO date.
    pub date: String,
    /// Which body met.
    pub body: String,
    /// Tenths of hours.
    pub tenths: i64,
}

impl Meeting {
    /// Its fee in öre.
    pub fn fee(&self) -> i64 {
        HOURLY_FEE * self.tenths / 10
    }
}

impl FeeClaim {
    /// Compensation for travel, öre.
    pub fn travel(&self) -> i64 {
        KILOMETRE * self.kilometres
    }

    /// Everything, öre.
    pub fn total(&self) -> i64 {
        self.meetings.iter().map(Meeting::fee).sum::<i64>() + self.lost_earnings + self.travel()
    }
}

/// The test person with a number.
pub fn person(number: &str) -> Option<&'static TestPerson> {
    test_persons().iter().find(|person| person.number == number)
}

/// `1 234,50 kr`.
pub fn kronor(ore: i64) -> String {
    let digits = (ore / 100).to_string();
    let grouped = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect::<Vec<_>>().join("\u{a0}");
    format!("{grouped},{:02}\u{a0}kr", ore % 100)
}

/// The form as it was filled in.
#[derive(Clone, Debug, Deserialize)]
pub struct ClaimForm {
    pub politician: String,
    pub approver: String,
    pub period: String,
    pub date_1: String,
    pub body_1: String,
    pub hours_1: String,
    pub date_2: String,
    pub body_2: String,
    pub hours_2: String,
    pub lost_earnings: String,
    pub kilometres: String,
}

/// A field that is wrong.
pub struct Mistake {
    pub field: &'static str,
    pub message: &'static str,
}

impl ClaimForm {
    /// An example that can be sent as it is.
    pub fn example() -> Self {
        let persons = test_persons();
        Self {
            politician: persons[0].number.to_owned(),
            approver: persons[1].number.to_owned(),
            period: "oktober 2026".to_owned(),
            date_1: "2026-10-05".to_owned(),
            body_1: "Kommunfullmäktige".to_owned(),
            hours_1: "3,5".to_owned(),
            date_2: "2026-10-19".to_owned(),
            body_2: "Socialnämnden".to_owned(),
            hours_2: "2".to_owned(),
            lost_earnings: "1450,00".to_owned(),
            kilometres: "42".to_owned(),
        }
    }

    /// The claim, or everything that is wrong.
    pub fn parse(&self) -> Result<FeeClaim, Vec<Mistake>> {
        let mut mistakes = Vec::new();
        let mut wrong = |field, message| mistakes.push(Mistake { field, message });
        if person(&self.politician).is_none() {
            wrong("politician", "Välj vem som begär arvode.");
        }
        if person(&self.approver).is_none() || self.approver == self.politician {
            wrong("approver", "Välj någon annan än den som begär arvode.");
        }
        if self.period.trim().is_empty() || self.period.chars().count() > 40 {
            wrong("period", "Ange en period, till exempel oktober 2026.");
        }
        let mut meetings = Vec::new();
        let rows = [
            (&self.date_1, &self.body_1, &self.hours_1, ["date_1", "body_1", "hours_1"]),
            (&self.date_2, &self.body_2, &self.hours_2, ["date_2", "body_2", "hours_2"]),
        ];
        for (index, (date, body, hours, fields)) in rows.into_iter().enumerate() {
            if index > 0 && [date, body, hours].into_iter().all(|text| text.trim().is_empty()) {
                continue;
            }
            if date.parse::<jiff::civil::Date>().is_err() {
                wrong(fields[0], "Ange datum som åååå-mm-dd.");
            }
            if body.trim().is_empty() || body.chars().count() > LONGEST_BODY {
                wrong(fields[1], "Ange nämnd eller styrelse, högst 35 tecken.");
            }
            match decimal(hours).filter(|hours| *hours > 0.0 && *hours <= LONGEST_MEETING) {
                Some(hours) => {
                    meetings.push(Meeting { date: date.clone(), body: body.trim().to_owned(), tenths: (hours * 10.0).round() as i64 })
                }
                None => wrong(fields[2], "Ange timmar, till exempel 3,5."),
            }
        }
        let lost_earnings = decimal(&self.lost_earnings).filter(|kronor| (0.0..=100_000.0).contains(kronor));
        if lost_earnings.is_none() {
            wrong("lost_earnings", "Ange kronor, 0 om du inte har förlorat arbetsinkomst.");
        }
        let kilometres = self.kilometres.trim().parse::<i64>().ok().filter(|kilometres| (0..=10_000).contains(kilometres));
        if kilometres.is_none() {
            wrong("kilometres", "Ange hela kilometer, 0 om du inte har rest.");
        }
        match (mistakes.is_empty(), lost_earnings, kilometres) {
            (true, Some(lost_earnings), Some(kilometres)) => Ok(FeeClaim {
                politician: self.politician.clone(),
                approver: self.approver.clone(),
                period: self.period.trim().to_owned(),
                meetings,
                lost_earnings: (lost_earnings * 100.0).round() as i64,
                kilometres,
            }),
            _ => Err(mistakes),
        }
    }
}

/// A number with decimal comma or point.
fn decimal(text: &str) -> Option<f64> {
    text.trim().replace(' ', "").replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_the_swedish_way() {
        assert_eq!(kronor(123_450), "1\u{a0}234,50\u{a0}kr");
        assert_eq!(kronor(5), "0,05\u{a0}kr");
    }

    #[test]
    fn the_example_is_right_and_mistakes_are_all_found() {
        let claim = ClaimForm::example().parse().unwrap_or_else(|_| panic!("the example is wrong"));
        assert_eq!(claim.total(), 99_750 + 57_000 + 145_000 + 10_500);
        let wrong = ClaimForm { hours_1: "many".into(), kilometres: "-1".into(), approver: claim.politician, ..ClaimForm::example() };
        let fields: Vec<_> = wrong.parse().err().into_iter().flatten().map(|mistake| mistake.field).collect();
        assert_eq!(fields, ["approver", "hours_1", "kilometres"]);
    }
}
