//! `bench SIGILL [README]`: signs large inputs with `sigill sign --invisible --level B-B` and prints what that costs, paired
//! with the floor: ratios of CPU time (user and system, medians of alternating runs) and the peak of memory. With a
//! README, the figures go into its section between the marks.
//! `bench SIGILL --instructions` counts instructions instead, for small inputs: those do not vary, and are compared
//! with the numbers in `instructions.tsv`.

mod inputs;
mod instructions;

use std::io::Result;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

const MIB: u64 = 1024 * 1024;

/// Name, goal of the ratio, pairs of runs.
const CASES: [(&str, f64, usize); 9] = [
    ("text-20k", 1.3, 41),
    ("images-10m", 1.10, 15),
    ("images-100m", 1.10, 7),
    ("images-500m", 1.10, 5),
    ("objects-20k", 1.2, 21),
    ("objects-200k", 1.2, 11),
    ("object-streams-20k", 2.0, 21),
    ("object-streams-200k", 2.0, 21),
    ("signatures-100", 1.5, 21),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--one", ref command @ ..] => one(command),
        [sigill, "--instructions"] => Bench::new(sigill).and_then(|bench| instructions::check(&bench)),
        [sigill] => Bench::new(sigill).and_then(|bench| bench.table()).map(|table| print!("{table}")).map(|()| ExitCode::SUCCESS),
        [sigill, readme] => Bench::new(sigill).and_then(|bench| bench.table()).and_then(|table| publish(readme, &table)),
        _ => Err(std::io::Error::other("bench SIGILL [README | --instructions]")),
    };
    done.unwrap_or_else(|error| {
        eprintln!("{error}");
        ExitCode::FAILURE
    })
}

pub struct Bench {
    sigill: PathBuf,
    floor: PathBuf,
    folder: PathBuf,
}

/// What one process took.
struct Cost {
    cpu: Duration,
    peak: u64,
}

impl Bench {
    fn new(sigill: &str) -> Result<Self> {
        let folder = std::env::temp_dir().join("sigill-bench");
        std::fs::create_dir_all(&folder)?;
        let sigill = std::fs::canonicalize(sigill)?;
        Ok(Self { sigill, floor: std::env::current_exe()?.with_file_name("floor"), folder })
    }

    /// The input of that name, made at its first use.
    pub fn input(&self, name: &str) -> Result<PathBuf> {
        let path = self.folder.join(format!("{name}.pdf"));
        if !path.is_file() {
            let beside = path.with_extension("part");
            match name {
                "text-20k" => inputs::images(&beside, 20_000)?,
                "images-10m" => inputs::images(&beside, 10_000_000)?,
                "images-100m" => inputs::images(&beside, 100_000_000)?,
                "images-500m" => inputs::images(&beside, 500_000_000)?,
                "objects-20k" => inputs::objects(&beside, 20_000)?,
                "objects-200k" => inputs::objects(&beside, 200_000)?,
                "object-streams-20k" => inputs::object_streams(&beside, 20_000)?,
                "object-streams-200k" => inputs::object_streams(&beside, 200_000)?,
                _ => self.signed(&beside, 100)?,
            }
            std::fs::rename(beside, &path)?;
        }
        Ok(path)
    }

    fn signed(&self, path: &Path, times: usize) -> Result<()> {
        std::fs::copy(self.input("text-20k")?, path)?;
        let next = path.with_extension("next");
        for _ in 0..times {
            let [program, arguments @ ..] = &self.sign(path, &next)[..] else { unreachable!() };
            if !Command::new(program).args(arguments).status()?.success() {
                return Err(std::io::Error::other("an input was not signed"));
            }
            std::fs::rename(&next, path)?;
        }
        Ok(())
    }

    pub fn sign(&self, input: &Path, output: &Path) -> Vec<PathBuf> {
        let words = ["--invisible", "--level", "B-B", "--data"].map(PathBuf::from);
        let mut command = vec![self.sigill.clone(), "sign".into(), input.into(), output.into()];
        command.extend(words);
        command.push(self.folder.join("data"));
        command
    }

    pub fn floor(&self, input: &Path, output: &Path) -> Vec<PathBuf> {
        vec![self.floor.clone(), input.into(), output.into()]
    }

    pub fn output(&self) -> PathBuf {
        self.folder.join("out.pdf")
    }

    fn table(&self) -> Result<String> {
        let mut table = format!("Measured on {}.\n\n", machine());
        table.push_str("| input | bytes | CPU, floor | CPU, `sigill sign` | ratio | goal | peak memory |\n|---|---|---|---|---|---|---|\n");
        for (name, goal, pairs) in CASES {
            let input = self.input(name)?;
            let output = self.output();
            let (mut floor, mut ours, mut peak) = (Vec::new(), Vec::new(), 0);
            for _ in 0..pairs {
                floor.push(measured(&self.floor(&input, &output), &output)?.cpu);
                let cost = measured(&self.sign(&input, &output), &output)?;
                ours.push(cost.cpu);
                peak = peak.max(cost.peak);
            }
            let (floor, ours) = (median(floor), median(ours));
            table.push_str(&format!(
                "| {name} | {} | {:.1} ms | {:.1} ms | {:.2} | {goal} | {:.1} MiB |\n",
                std::fs::metadata(&input)?.len(),
                floor.as_secs_f64() * 1e3,
                ours.as_secs_f64() * 1e3,
                ours.as_secs_f64() / floor.as_secs_f64(),
                peak as f64 / MIB as f64
            ));
        }
        Ok(table)
    }
}

/// Where the figures stand in a README.
const MARKS: [&str; 2] = ["<!-- figures of tests/bench -->\n", "<!-- end of figures -->\n"];

fn publish(readme: &str, table: &str) -> Result<ExitCode> {
    let text = std::fs::read_to_string(readme)?;
    let place = text.split_once(MARKS[0]).and_then(|(before, rest)| Some((before, rest.split_once(MARKS[1])?.1)));
    let (before, after) = place.ok_or(std::io::Error::other("the README has no marks"))?;
    std::fs::write(readme, format!("{before}{}{table}{}{after}", MARKS[0], MARKS[1]))?;
    Ok(ExitCode::SUCCESS)
}

/// Processor, cores and system.
fn machine() -> String {
    let processor = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(": an unknown processor");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{}, {cores} cores, {}", model.trim_start_matches(['\t', ' ', ':']), std::env::consts::OS)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Runs a command that makes a file, in a small process of its own, whose children are only that.
fn measured(command: &[PathBuf], made: &Path) -> Result<Cost> {
    // To put a file in the place of another takes some systems longer than to make one.
    if made.exists() {
        std::fs::remove_file(made)?;
    }
    let output = Command::new(std::env::current_exe()?).arg("--one").args(command).output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let numbers: Vec<u64> = text.split_whitespace().filter_map(|number| number.parse().ok()).collect();
    match numbers[..] {
        [cpu, peak] if output.status.success() => Ok(Cost { cpu: Duration::from_micros(cpu), peak }),
        _ => Err(std::io::Error::other(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)))),
    }
}

/// Prints microseconds of CPU and bytes of peak memory of a command.
fn one(command: &[&str]) -> Result<ExitCode> {
    let [program, arguments @ ..] = command else { return Ok(ExitCode::FAILURE) };
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).status()?;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let cpu = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    println!("{cpu} {}", usage.max_rss() * 1024);
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
