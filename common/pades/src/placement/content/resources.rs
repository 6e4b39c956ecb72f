//! What a content stream names (7.8.3): forms, images, graphics states.

use std::borrow::Cow;

use super::Unknown;
use super::painter::Painter;
use super::state::State;
use crate::geometry::Matrix;
use crate::reader::dictionary;
use crate::reader::pages::rect;
use crate::reader::syntax::{Dictionary, Object, parse};

/// Deepest forms in forms.
const DEEPEST: usize = 12;

impl Painter<'_, '_, '_> {
    pub fn resource<'s>(&self, resources: &Dictionary<'s>, kind: &str, name: &[u8]) -> Result<Cow<'s, [u8]>, Unknown>
    where
        Self: 's,
    {
        let kinds = self.file.resolve(resources.source(kind).ok_or(Unknown)?)?;
        let Some(Object::Dictionary(kinds)) = parse(&kinds) else { return Err(Unknown) };
        let found = kinds.entries().find(|(known, _)| *known == name).map(|(_, source)| source.to_vec());
        Ok(Cow::Owned(found.ok_or(Unknown)?))
    }

    pub fn x_object(&mut self, resources: &Dictionary<'_>, name: &[u8], state: &State, depth: usize) -> Result<(), Unknown> {
        let reference = self.resource(resources, "XObject", name)?;
        let number = parse(&reference).and_then(|reference| reference.reference()).ok_or(Unknown)?;
        let source = self.file.object(number)?;
        let object = dictionary(&source, number)?;
        if object.is_name("Subtype", "Image") {
            self.unit_square(state);
            return Ok(());
        }
        if !object.is_name("Subtype", "Form") || depth >= DEEPEST {
            return Err(Unknown);
        }
        let mut inside = state.clone();
        if let Some(Object::Array(matrix)) =
            object.source("Matrix").map(|matrix| self.file.resolve(matrix)).transpose()?.as_deref().and_then(parse)
        {
            let numbers: Vec<f64> = matrix.iter().filter_map(|number| parse(number)?.number()).collect();
            inside.matrix = Matrix(numbers.try_into().map_err(|_| Unknown)?).then(&state.matrix);
        }
        let bounds = inside.matrix.bounds(&rect(self.file, &object, "BBox")?.ok_or(Unknown)?);
        let Some(clip) = state.clip.intersection(&bounds) else { return Ok(()) };
        inside.clip = clip;
        let own = object.source("Resources").map(|resources| self.file.resolve(resources)).transpose()?;
        let data = self.file.stream(number)?;
        self.content(&data, own.as_deref().unwrap_or(b"<<>>"), inside, depth + 1)
    }

    /// Only a font can come that way.
    pub fn graphics_state(&mut self, resources: &Dictionary<'_>, name: Option<&Object<'_>>, state: &mut State) -> Result<(), Unknown> {
        let Some(Object::Name(name)) = name else { return Err(Unknown) };
        let source = self.resource(resources, "ExtGState", name)?;
        let source = self.file.resolve(&source)?;
        let Some(Object::Dictionary(parameters)) = parse(&source) else { return Err(Unknown) };
        if let Some(width) = parameters.get("LW").and_then(|width| width.number()) {
            state.line_width = width;
        }
        if parameters.source("Font").is_some() { Err(Unknown) } else { Ok(()) }
    }
}
