//! Instruction counts by callgrind, for small inputs. They gate: 5 % over the committed number fails.

use std::io::{Error, Result};
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use crate::Bench;

/// A line a case: name and instructions.
const COMMITTED: &str = include_str!("../instructions.tsv");
const TOLERANCE: f64 = 1.05;

pub fn check(bench: &Bench) -> Result<ExitCode> {
    let mut worst = ExitCode::SUCCESS;
    for line in COMMITTED.lines() {
        let (name, committed) = line.split_once('\t').ok_or(Error::other("instructions.tsv"))?;
        let committed: u64 = committed.parse().map_err(Error::other)?;
        let (input, output) = (bench.input(name)?, bench.output());
        let floor = counted(&bench.floor(&input, &output))?;
        // The first run makes what the data folder lacks.
        counted(&bench.sign(&input, &output))?;
        let ours = counted(&bench.sign(&input, &output))?;
        let judged = if ours as f64 <= committed as f64 * TOLERANCE { "ok" } else { "MORE" };
        println!("{name}\t{ours}\tfloor {floor}\tcommitted {committed}\t{judged}");
        if judged != "ok" {
            worst = ExitCode::FAILURE;
        }
    }
    Ok(worst)
}

fn counted(command: &[PathBuf]) -> Result<u64> {
    let output = Command::new("valgrind").args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).args(command).output()?;
    let text = String::from_utf8_lossy(&output.stderr);
    let count = text.lines().find_map(|line| line.split_once("Collected :")).and_then(|(_, count)| count.trim().parse().ok());
    count.filter(|_| output.status.success()).ok_or_else(|| Error::other(text.into_owned()))
}
