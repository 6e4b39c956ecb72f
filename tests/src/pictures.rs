//! Pages as pictures, by two renderers.

use std::path::Path;

use crate::judges::{run, tool};

/// A page in grey, a byte a pixel.
pub struct Picture {
    pub width: usize,
    pub pixels: Vec<u8>,
}

/// Whose pictures.
#[derive(Clone, Copy, Debug)]
pub enum Renderer {
    Poppler,
    MuPdf,
}

/// The pages of `pdf` as the renderer shows them.
pub fn pages(renderer: Renderer, pdf: &Path) -> Option<Vec<Picture>> {
    let folder = pdf.with_extension(format!("{renderer:?}"));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let mut command = match renderer {
        Renderer::Poppler => {
            let mut command = std::process::Command::new(tool("pdftoppm", None)?);
            command.args(["-r", "60", "-gray", "-cropbox"]).arg(pdf).arg(folder.join("page"));
            command
        }
        Renderer::MuPdf => {
            let mut command = std::process::Command::new(tool("mutool", None)?);
            command.args(["draw", "-q", "-r", "60", "-c", "gray", "-o"]).arg(folder.join("page-%03d.pgm")).arg(pdf);
            command
        }
    };
    let output = run(&mut command);
    assert!(output.status.success(), "{renderer:?}: {}", String::from_utf8_lossy(&output.stderr));
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    Some(files.iter().map(|file| picture(&std::fs::read(file).unwrap())).collect())
}

/// A binary PGM: `P5 width height 255`, then the pixels.
fn picture(pgm: &[u8]) -> Picture {
    let mut at = 0;
    let mut fields = Vec::new();
    while fields.len() < 4 {
        let end = at + pgm[at..].iter().position(u8::is_ascii_whitespace).unwrap();
        match &pgm[at..end] {
            b"" => {}
            [b'#', ..] => {
                at += pgm[at..].iter().position(|byte| *byte == b'\n').unwrap() + 1;
                continue;
            }
            field => fields.push(std::str::from_utf8(field).unwrap().to_owned()),
        }
        at = end + 1;
    }
    assert_eq!(fields[0], "P5");
    Picture { width: fields[1].parse().unwrap(), pixels: pgm[at..].to_vec() }
}
