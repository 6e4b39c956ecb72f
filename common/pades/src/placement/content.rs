//! What a page's content paints, as boxes that are never too small (ISO 32000-2, 8 and 9). Nothing is drawn: paths,
//! images, shadings and lines of text become the rectangles around them.

use std::borrow::Cow;
use std::collections::HashMap;

use super::grid::Grid;
use super::metrics::Metrics;
use crate::geometry::{Matrix, Rect};
use crate::reader::pages::{Page, rect};
use crate::reader::syntax::{Dictionary, Lexer, Object, Token, parse};
use crate::reader::{File, dictionary};
use crate::refusal::Refusal;

/// Most operators.
const MOST: usize = 1_000_000;
/// Most bytes of one page's content.
const LARGEST: usize = 32 << 20;
/// Deepest forms in forms.
const DEEPEST: usize = 12;
/// What letters have above and below their baseline, by font size.
const ASCENT: f64 = 1.1;
const DESCENT: f64 = 0.4;

/// The content can't be followed: it may paint anywhere.
pub struct Unknown;

impl From<Refusal> for Unknown {
    fn from(_: Refusal) -> Self {
        Self
    }
}

/// Takes what the content of `page` paints.
pub fn take(file: &File<'_>, page: &Page, grid: &mut Grid) -> Result<(), Unknown> {
    let source = file.object(page.number)?;
    let page_dictionary = dictionary(&source, page.number)?;
    let Some(contents) = page_dictionary.source("Contents") else { return Ok(()) };
    let mut data = Vec::new();
    let number = |source: &[u8]| parse(source).and_then(|reference| reference.reference()).ok_or(Unknown);
    match parse(&file.resolve(contents)?) {
        Some(Object::Array(parts)) => {
            for part in parts {
                data.extend(file.stream(number(part)?)?);
                data.push(b'\n');
                if data.len() > LARGEST {
                    return Err(Unknown);
                }
            }
        }
        _ => data = file.stream(number(contents)?)?,
    }
    let resources = inherited_resources(file, &page_dictionary)?;
    let mut painter = Painter { file, grid, operators: 0, metrics: HashMap::new() };
    painter.content(&data, &resources, State::new(page.visible), 0)
}

fn inherited_resources(file: &File<'_>, page: &Dictionary<'_>) -> Result<Vec<u8>, Unknown> {
    if let Some(resources) = page.source("Resources") {
        return Ok(file.resolve(resources)?.into_owned());
    }
    let mut parent = page.get("Parent").and_then(|parent| parent.reference());
    for _ in 0..file.document.limits.depth {
        let Some(number) = parent else { break };
        let source = file.object(number)?;
        let node = dictionary(&source, number)?;
        if let Some(resources) = node.source("Resources") {
            return Ok(file.resolve(resources)?.into_owned());
        }
        parent = node.get("Parent").and_then(|parent| parent.reference());
    }
    Ok(b"<<>>".to_vec())
}

/// The graphics state, as far as it moves or hides things.
#[derive(Clone)]
struct State {
    matrix: Matrix,
    clip: Rect,
    line_width: f64,
    white: bool,
    font: Option<(Vec<u8>, f64)>,
    character_space: f64,
    word_space: f64,
    scale: f64,
    leading: f64,
    rise: f64,
    mode: i64,
}

impl State {
    fn new(clip: Rect) -> Self {
        Self {
            matrix: Matrix::IDENTITY,
            clip,
            line_width: 1.0,
            white: false,
            font: None,
            character_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        }
    }
}

/// The bounds of a path, in the page's own coordinates.
#[derive(Default)]
struct Path {
    bounds: Option<Rect>,
    clips: bool,
}

impl Path {
    fn points(&mut self, matrix: &Matrix, points: &[(f64, f64)]) {
        for (x, y) in points {
            let (x, y) = matrix.apply(*x, *y);
            let point = Rect { x, y, width: 0.0, height: 0.0 };
            self.bounds = Some(self.bounds.map_or(point, |bounds| bounds.union(&point)));
        }
    }
}

struct Painter<'p, 'f, 'a> {
    file: &'f File<'a>,
    grid: &'p mut Grid,
    operators: usize,
    /// By the source of a font.
    metrics: HashMap<Vec<u8>, Metrics>,
}

impl Painter<'_, '_, '_> {
    fn content(&mut self, data: &[u8], resources: &[u8], mut state: State, depth: usize) -> Result<(), Unknown> {
        let Some(Object::Dictionary(resources)) = parse(resources) else { return Err(Unknown) };
        let mut stack: Vec<State> = Vec::new();
        let mut path = Path::default();
        let (mut text, mut line) = (Matrix::IDENTITY, Matrix::IDENTITY);
        let mut operands: Vec<Object<'_>> = Vec::new();
        let mut lexer = Lexer::new(data, 0);
        while let Some(token) = lexer.token_of_content() {
            let operator = match token {
                Token::Operand(operand) if operands.len() < 64 => {
                    operands.push(operand);
                    continue;
                }
                Token::Operand(_) | Token::Unreadable => return Err(Unknown),
                Token::Operator(operator) => operator,
            };
            self.operators += 1;
            if self.operators > MOST {
                return Err(Unknown);
            }
            let numbers: Vec<f64> = operands.iter().filter_map(Object::number).collect();
            match (operator, numbers.as_slice()) {
                (b"q", _) => stack.push(state.clone()),
                (b"Q", _) => state = stack.pop().unwrap_or(state),
                (b"cm", &[a, b, c, d, e, f]) => state.matrix = Matrix([a, b, c, d, e, f]).then(&state.matrix),
                (b"w", &[width]) => state.line_width = width,
                (b"g", &[gray]) => state.white = gray >= 1.0,
                (b"rg", &[r, g, b]) => state.white = r >= 1.0 && g >= 1.0 && b >= 1.0,
                (b"k", &[c, m, y, k]) => state.white = c + m + y + k <= 0.0,
                (b"cs" | b"sc" | b"scn", _) => state.white = false,
                (b"m" | b"l", &[x, y]) => path.points(&state.matrix, &[(x, y)]),
                (b"c", &[a, b, c, d, e, f]) => path.points(&state.matrix, &[(a, b), (c, d), (e, f)]),
                (b"v" | b"y", &[a, b, c, d]) => path.points(&state.matrix, &[(a, b), (c, d)]),
                (b"re", &[x, y, w, h]) => path.points(&state.matrix, &[(x, y), (x + w, y), (x, y + h), (x + w, y + h)]),
                (b"W" | b"W*", _) => path.clips = true,
                (b"n" | b"f" | b"F" | b"f*" | b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*", _) => {
                    let path = std::mem::take(&mut path);
                    let strokes = matches!(operator, b"S" | b"s" | b"B" | b"B*" | b"b" | b"b*");
                    if let Some(bounds) = path.bounds {
                        let margin = if strokes { state.line_width.abs() * state.matrix.expansion() } else { 0.0 };
                        // White on white paper; and it hides nothing that matters here.
                        if operator != b"n" && (strokes || !state.white) {
                            self.take(&bounds.grown(margin), &state);
                        }
                        if path.clips {
                            state.clip = state.clip.intersection(&bounds).unwrap_or(Rect { width: 0.0, height: 0.0, ..bounds });
                        }
                    }
                }
                (b"sh", _) => {
                    let clip = state.clip;
                    self.take(&clip, &state);
                }
                (b"Do", _) => match operands.first() {
                    Some(Object::Name(name)) => self.x_object(&resources, name, &state, depth)?,
                    _ => return Err(Unknown),
                },
                (b"BI", _) => {
                    lexer.skip_inline_image().ok_or(Unknown)?;
                    self.unit_square(&state);
                }
                (b"BT", _) => (text, line) = (Matrix::IDENTITY, Matrix::IDENTITY),
                (b"Tf", &[size]) => match operands.first() {
                    Some(Object::Name(name)) => state.font = Some((self.font(&resources, name)?, size)),
                    _ => return Err(Unknown),
                },
                (b"Tc", &[space]) => state.character_space = space,
                (b"Tw", &[space]) => state.word_space = space,
                (b"Tz", &[percent]) => state.scale = percent / 100.0,
                (b"TL", &[leading]) => state.leading = leading,
                (b"Ts", &[rise]) => state.rise = rise,
                (b"Tr", &[mode]) => state.mode = mode as i64,
                (b"gs", _) => self.graphics_state(&resources, operands.first(), &mut state)?,
                (b"Tm", &[a, b, c, d, e, f]) => {
                    line = Matrix([a, b, c, d, e, f]);
                    text = line;
                }
                (b"Td" | b"TD", &[x, y]) => {
                    if operator == b"TD" {
                        state.leading = -y;
                    }
                    line = Matrix::translation(x, y).then(&line);
                    text = line;
                }
                (b"T*" | b"Tj" | b"TJ" | b"'" | b"\"", numbers) => {
                    if let (b"\"", &[word, character]) = (operator, numbers) {
                        (state.word_space, state.character_space) = (word, character);
                    }
                    if matches!(operator, b"T*" | b"'" | b"\"") {
                        line = Matrix::translation(0.0, -state.leading).then(&line);
                        text = line;
                    }
                    if operator != b"T*" {
                        self.show(operands.last().ok_or(Unknown)?, &state, &line, &mut text)?;
                    }
                }
                _ => {}
            }
            operands.clear();
        }
        Ok(())
    }

    fn take(&mut self, bounds: &Rect, state: &State) {
        if let Some(seen) = bounds.grown(0.1).intersection(&state.clip) {
            self.grid.take(&seen);
        }
    }

    fn unit_square(&mut self, state: &State) {
        let bounds = state.matrix.bounds(&Rect { x: 0.0, y: 0.0, width: 1.0, height: 1.0 });
        self.take(&bounds, state);
    }

    fn resource<'s>(&self, resources: &Dictionary<'s>, kind: &str, name: &[u8]) -> Result<Cow<'s, [u8]>, Unknown>
    where
        Self: 's,
    {
        let kinds = self.file.resolve(resources.source(kind).ok_or(Unknown)?)?;
        let Some(Object::Dictionary(kinds)) = parse(&kinds) else { return Err(Unknown) };
        let found = kinds.entries().find(|(known, _)| *known == name).map(|(_, source)| source.to_vec());
        Ok(Cow::Owned(found.ok_or(Unknown)?))
    }

    fn x_object(&mut self, resources: &Dictionary<'_>, name: &[u8], state: &State, depth: usize) -> Result<(), Unknown> {
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
    fn graphics_state(&mut self, resources: &Dictionary<'_>, name: Option<&Object<'_>>, state: &mut State) -> Result<(), Unknown> {
        let Some(Object::Name(name)) = name else { return Err(Unknown) };
        let source = self.resource(resources, "ExtGState", name)?;
        let source = self.file.resolve(&source)?;
        let Some(Object::Dictionary(parameters)) = parse(&source) else { return Err(Unknown) };
        if let Some(width) = parameters.get("LW").and_then(|width| width.number()) {
            state.line_width = width;
        }
        if parameters.source("Font").is_some() { Err(Unknown) } else { Ok(()) }
    }

    /// The font's source, with its metrics known.
    fn font(&mut self, resources: &Dictionary<'_>, name: &[u8]) -> Result<Vec<u8>, Unknown> {
        let key = self.resource(resources, "Font", name)?.into_owned();
        if !self.metrics.contains_key(&key) {
            let metrics = Metrics::of(self.file, &key)?;
            self.metrics.insert(key.clone(), metrics);
        }
        Ok(key)
    }

    fn show(&mut self, operand: &Object<'_>, state: &State, line: &Matrix, text: &mut Matrix) -> Result<(), Unknown> {
        match operand {
            Object::String(bytes) => self.show_string(bytes, state, line, text),
            Object::Array(elements) => elements.iter().try_for_each(|element| match parse(element) {
                Some(Object::String(bytes)) => self.show_string(&bytes, state, line, text),
                Some(other) => {
                    let (_, size) = state.font.as_ref().ok_or(Unknown)?;
                    let back = other.number().ok_or(Unknown)? / 1_000.0 * size * state.scale;
                    *text = Matrix::translation(-back, 0.0).then(text);
                    Ok(())
                }
                None => Err(Unknown),
            }),
            _ => Err(Unknown),
        }
    }

    fn show_string(&mut self, bytes: &[u8], state: &State, line: &Matrix, text: &mut Matrix) -> Result<(), Unknown> {
        let (font, size) = state.font.as_ref().ok_or(Unknown)?;
        let metrics = self.metrics.get(font).ok_or(Unknown)?;
        let advance: f64 = metrics
            .characters(bytes)
            .map(|(width, space)| (width * size + state.character_space + if space { state.word_space } else { 0.0 }) * state.scale)
            .sum();
        let after = Matrix::translation(advance, 0.0).then(text);
        // Modes 3 and 7 paint nothing: text behind a scanned page.
        if !matches!(state.mode, 3 | 7) && !bytes.is_empty() {
            // Widths may be too large, so this may stand further left, but not left of the line's start.
            let around = |at: &Matrix| {
                let bounds = Rect::between((0.0, state.rise - DESCENT * size), (0.0, state.rise + ASCENT * size));
                at.then(&state.matrix).bounds(&bounds)
            };
            self.take(&around(line).union(&around(text)).union(&around(&after)), state);
        }
        *text = after;
        Ok(())
    }
}
