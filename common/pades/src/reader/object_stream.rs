//! Object streams (7.5.7), inflated when an object of theirs is asked for.

use std::collections::HashMap;
use std::rc::Rc;

use super::syntax::Lexer;
use super::{Entry, File, dictionary};
use crate::refusal::Refusal;

/// Inflated object streams are kept for the next look-up up to this many bytes.
const KEPT: usize = 4 << 20;

#[derive(Default)]
pub struct ObjectStreams {
    bytes: usize,
    known: HashMap<u32, Rc<ObjectStream>>,
}

pub struct ObjectStream {
    data: Vec<u8>,
    /// Object number and where its value begins.
    objects: Vec<(u32, usize)>,
}

impl File<'_> {
    /// The value of object `number`, which is the one at `index` in object stream `stream`.
    pub(super) fn in_stream(&self, number: u32, stream: u32, index: usize) -> Result<Vec<u8>, Refusal> {
        let stream = self.object_stream(stream)?;
        let malformed = |what| Refusal::Malformed { object: number, what };
        let found = stream.objects.get(index).filter(|(found, _)| *found == number);
        let (_, from) = *found.ok_or_else(|| malformed("not in its object stream"))?;
        let mut lexer = Lexer::new(&stream.data, from);
        lexer.skip_space();
        let from = lexer.at;
        lexer.pass().ok_or_else(|| malformed("not an object"))?;
        Ok(stream.data.get(from..lexer.at).unwrap_or_default().to_vec())
    }

    fn object_stream(&self, number: u32) -> Result<Rc<ObjectStream>, Refusal> {
        if let Some(known) = self.object_streams.borrow().known.get(&number) {
            return Ok(Rc::clone(known));
        }
        let malformed = |what| Refusal::Malformed { object: number, what };
        let Entry::At { .. } = self.entry(number)? else {
            return Err(malformed("an object stream within another"));
        };
        let source = self.object(number)?;
        let dictionary = dictionary(&source, number)?;
        if !dictionary.is_name("Type", "ObjStm") {
            return Err(malformed("not an object stream"));
        }
        let integer = |name| dictionary.integer(name).and_then(|value| usize::try_from(value).ok());
        let (count, first) = integer("N").zip(integer("First")).ok_or_else(|| malformed("N or First"))?;
        let data = self.stream(number)?;
        let mut lexer = Lexer::new(&data, 0);
        let mut objects = Vec::new();
        for _ in 0..count {
            let (object, offset) = lexer.unsigned().zip(lexer.unsigned()).ok_or_else(|| malformed("its index is cut off"))?;
            let object = u32::try_from(object).map_err(|_| malformed("an object number"))?;
            let offset = usize::try_from(offset).ok().and_then(|offset| offset.checked_add(first));
            objects.push((object, offset.ok_or_else(|| malformed("an offset"))?));
        }
        let bytes = data.len() + objects.len() * size_of::<(u32, usize)>();
        let stream = Rc::new(ObjectStream { data, objects });
        let mut kept = self.object_streams.borrow_mut();
        if kept.bytes + bytes > KEPT {
            *kept = ObjectStreams::default();
        }
        kept.bytes += bytes;
        kept.known.insert(number, Rc::clone(&stream));
        Ok(stream)
    }
}
