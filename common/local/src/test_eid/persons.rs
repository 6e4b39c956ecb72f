//! Test persons: numbers that Skatteverket has set apart for tests, with names of our own.

/// A person who can sign with the test e-ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TestPerson {
    /// Twelve digits.
    pub number: &'static str,
    /// Given name.
    pub given_name: &'static str,
    /// Surname.
    pub surname: &'static str,
}

impl TestPerson {
    /// Given name and surname.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.surname)
    }
}

/// All of them. The numbers are from Skatteverket's published list of test identity numbers.
pub fn test_persons() -> &'static [TestPerson] {
    const PERSONS: [TestPerson; 4] = [
        TestPerson { number: "189001019802", given_name: "Åsa", surname: "Öberg" },
        TestPerson { number: "189001029819", given_name: "Björn", surname: "Lindström" },
        TestPerson { number: "189001039826", given_name: "Kerstin", surname: "Sjögren" },
        TestPerson { number: "189001049833", given_name: "Erik", surname: "Hägg" },
    ];
    &PERSONS
}

pub(super) fn by_number(number: &str) -> Option<&'static TestPerson> {
    test_persons().iter().find(|person| person.number == number)
}

#[cfg(test)]
mod tests {
    use sigill_core::identity::PersonalIdentityNumber;

    #[test]
    fn every_test_number_is_well_formed() {
        for person in super::test_persons() {
            assert!(PersonalIdentityNumber::try_from(person.number.to_owned()).is_ok(), "{}", person.name());
        }
    }
}
