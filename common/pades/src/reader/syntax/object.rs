//! A value, and a dictionary of them.

use std::borrow::Cow;

use super::parse;

/// So few names are compared one by one sooner than they are sorted.
const FEW: usize = 16;

/// A value, one level deep.
#[derive(Clone, Debug, PartialEq)]
pub enum Object<'a> {
    Null,
    Boolean(bool),
    Integer(i64),
    Real(f64),
    /// Decoded bytes.
    String(Vec<u8>),
    /// Decoded, without the slash.
    Name(Cow<'a, [u8]>),
    /// The source of each element.
    Array(Vec<&'a [u8]>),
    Dictionary(Dictionary<'a>),
    Reference(u32),
}

/// A dictionary: names and the source of their values, in order.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Dictionary<'a> {
    pub(super) entries: Vec<(Cow<'a, [u8]>, &'a [u8])>,
}

impl<'a> Dictionary<'a> {
    /// The value of `name`; `None` when absent, null, or not an object.
    pub fn get(&self, name: &str) -> Option<Object<'a>> {
        match parse(self.source(name)?)? {
            Object::Null => None,
            object => Some(object),
        }
    }

    /// The value of `name` as it stands.
    pub fn source(&self, name: &str) -> Option<&'a [u8]> {
        self.entries.iter().find(|(key, _)| key.as_ref() == name.as_bytes()).map(|(_, source)| *source)
    }

    pub(super) fn has_equal_names(&self) -> bool {
        if self.entries.len() <= FEW {
            let before = |index: usize| self.entries.get(..index).unwrap_or_default();
            return self.entries.iter().enumerate().any(|(index, (name, _))| before(index).iter().any(|(known, _)| known == name));
        }
        let mut names: Vec<&[u8]> = self.entries.iter().map(|(name, _)| name.as_ref()).collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    }

    pub fn entries(&self) -> impl Iterator<Item = (&[u8], &'a [u8])> {
        self.entries.iter().map(|(key, source)| (key.as_ref(), *source))
    }

    pub fn integer(&self, name: &str) -> Option<i64> {
        self.get(name)?.integer()
    }

    pub fn is_name(&self, name: &str, value: &str) -> bool {
        matches!(self.get(name), Some(Object::Name(found)) if found.as_ref() == value.as_bytes())
    }
}

impl<'a> Object<'a> {
    pub fn integer(&self) -> Option<i64> {
        match self {
            Self::Integer(value) => Some(*value),
            _ => None,
        }
    }

    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Integer(value) => Some(*value as f64),
            Self::Real(value) => Some(*value),
            _ => None,
        }
    }

    pub fn reference(&self) -> Option<u32> {
        match self {
            Self::Reference(number) => Some(*number),
            _ => None,
        }
    }
}
