//! A short Swedish text as every flavour of PDF/A and as PDF/UA-1, made by krilla: fonts embedded, structure tagged.

use std::num::NonZeroU16;

use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::geom::Point;
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::Outline;
use krilla::page::PageSettings;
use krilla::tagging::{ContentTag, SpanTag, Tag, TagGroup, TagTree};
use krilla::text::{Font, TextDirection};
use krilla::{Document, SerializeSettings};

/// What the document claims to be.
#[derive(Clone, Copy, Debug)]
pub enum Claim {
    A(Archival),
    Ua,
    /// Both at once.
    AAndUa(Archival),
}

/// Name and claim of every document.
pub const CLAIMS: [(&str, Claim); 11] = [
    ("a-1a", Claim::A(Archival::A1_A)),
    ("a-1b", Claim::A(Archival::A1_B)),
    ("a-2a", Claim::A(Archival::A2_A)),
    ("a-2b", Claim::A(Archival::A2_B)),
    ("a-2u", Claim::A(Archival::A2_U)),
    ("a-3a", Claim::A(Archival::A3_A)),
    ("a-3b", Claim::A(Archival::A3_B)),
    ("a-3u", Claim::A(Archival::A3_U)),
    ("a-4", Claim::A(Archival::A4)),
    ("ua-1", Claim::Ua),
    ("a-2a-and-ua-1", Claim::AAndUa(Archival::A2_A)),
];

/// The document that makes `claim`.
pub fn document(claim: Claim) -> Vec<u8> {
    let builder = ConfigurationBuilder::new();
    let builder = match claim {
        Claim::A(archival) => builder.with_archival_validator(archival),
        Claim::Ua => builder.with_accessibility_validator(Accessibility::UA1),
        Claim::AAndUa(archival) => builder.with_archival_validator(archival).with_accessibility_validator(Accessibility::UA1),
    };
    let settings = SerializeSettings { configuration: builder.finish().unwrap(), ..SerializeSettings::default() };
    let mut document = Document::new_with(settings);
    let date = DateTime::new(2026).month(1).day(31).hour(12).minute(0).second(0).utc_offset_hour(0).utc_offset_minute(0);
    document.set_metadata(Metadata::new().title("Arvodesräkning".to_owned()).language("sv".to_owned()).creation_date(date));
    document.set_outline(Outline::new());
    let font = Font::new(dejavu::sans::regular().to_vec().into(), 0).unwrap();
    let mut page = document.start_page_with(PageSettings::from_wh(595.28, 841.89).unwrap());
    let mut surface = page.surface();
    let mut tags = TagTree::new();
    for (line, (text, size)) in
        [("Arvodesräkning för januari", 20.0), ("Sammanträden på Själö, åtta timmar: 1 600 kr.", 11.0)].into_iter().enumerate()
    {
        let content = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
        surface.draw_text(Point::from_xy(56.0, 90.0 + 36.0 * line as f32), font.clone(), size, text, false, TextDirection::Auto);
        surface.end_tagged();
        let mut group = match line {
            0 => TagGroup::new(Tag::Hn(NonZeroU16::MIN, Some(text.to_owned()))),
            _ => TagGroup::new(Tag::P),
        };
        group.push(content);
        tags.push(group);
    }
    surface.finish();
    page.finish();
    document.set_tag_tree(tags);
    document.finish().unwrap()
}
