//! Instructions of the hot kernels: a slip shows whatever else the machine does.
//!
//! `cargo bench -p lifecircle-benches --bench instructions` runs every kernel under valgrind's callgrind, which counts and
//! does not time, and holds the counts against `instructions.txt`. `-- --record` writes that file anew. It fails when a
//! kernel takes a tenth more than recorded by the same compiler; counts of another compiler are shown beside it.

use std::fmt::Write as _;
use std::process::{Command, ExitCode};

use lifecircle_access::{Stepped, cumulative, two_step_fca};
use lifecircle_benches::{Scatter, costs, draws, links, network, points, targets, town};
use lifecircle_network::petgraph::Direction;
use lifecircle_network::{
    BuildOptions, EliminationOrder, MatrixOptions, NetworkBuilder, NodeIx, PreparedGraph, PreparedSpace,
    SearchSpace, WalkArc, WalkGraph, travel_matrix,
};
use lifecircle_types::{Millimetres, NoProgress, TravelTime};

type AnyError = Box<dyn std::error::Error>;

const KERNELS: [&str; 12] = [
    "build a network",
    "link 1,000 homes",
    "order",
    "costs in the order",
    "nearest of 30 services",
    "three nearest of 10 services",
    "pairs",
    "table of 100 x 100",
    "pairs by searches",
    "reach of 15 minutes",
    "cumulative",
    "two-step catchments with steps",
];

/// Blocks a side of the town.
const BLOCKS: u32 = 40;

/// How many times as many instructions as recorded are a slip.
const SLIP: f64 = 1.1;

/// What callgrind counts; never inlined, so that it is found by its name.
#[inline(never)]
fn counted(work: &mut dyn FnMut()) {
    work();
}

/// Runs one kernel once, with all that it needs made outside of what is counted.
fn run(kernel: &str) -> Result<(), AnyError> {
    let town = town(BLOCKS);
    let records = town.records();
    let network = network(&town);
    let costs = costs(&network);
    let walk = WalkGraph::new(&network, &costs)?;
    let homes = points(&town, 1_000, 1);
    let order = EliminationOrder::new(&network, &NoProgress)?;
    let prepared = PreparedGraph::new(walk, &order, &NoProgress)?;
    let all: Vec<NodeIx> = network.nodes().collect();
    let mut below = draws(2);
    let bound = u32::try_from(all.len())?;
    let mut drawn =
        |count: usize| -> Vec<NodeIx> { (0..count).map(|_| all[below(bound) as usize]).collect() };
    let (mut space, mut search) = (PreparedSpace::new(), SearchSpace::new());
    let cutoff = TravelTime::from_minutes(15);
    let scatter = Scatter::new(1_000, 200, 3);
    let matrix = scatter.matrix(|_| 40);
    let metres = |metres| Millimetres::from_metres(metres).into();
    let steps = Stepped::new(vec![(metres(2_000), 1.0), (metres(4_000), 0.68), (metres(80_000), 0.22)])?;
    let (supply, people) = (vec![3.0; 200], vec![20.0; 1_000]);
    let seen = core::hint::black_box::<bool>;
    match kernel {
        "build a network" => counted(&mut || {
            seen(NetworkBuilder::new(BuildOptions::default()).build(&records).is_ok());
        }),
        "link 1,000 homes" => {
            let linker = lifecircle_network::Linker::new(walk, lifecircle_network::LinkOptions::default());
            counted(&mut || {
                seen(linker.link(&homes).is_empty());
            });
        }
        "order" => counted(&mut || {
            seen(EliminationOrder::new(&network, &NoProgress).is_ok());
        }),
        "costs in the order" => counted(&mut || {
            seen(PreparedGraph::new(walk, &order, &NoProgress).is_ok());
        }),
        "nearest of 30 services" => {
            let services: Vec<Vec<_>> =
                (0..30).map(|_| drawn(20).into_iter().map(|node| (node, 0)).collect()).collect();
            counted(&mut || {
                seen(space.nearest_costs(&prepared, &services, Direction::Incoming, &NoProgress).is_ok());
            });
        }
        "three nearest of 10 services" => {
            let services: Vec<Vec<_>> = (0..10)
                .map(|_| (0..).zip(drawn(20)).map(|(owner, node)| (node, 0, owner)).collect())
                .collect();
            counted(&mut || {
                seen(space.nearest_ranks(&prepared, &services, 3, Direction::Incoming, &NoProgress).is_ok());
            });
        }
        "pairs" => {
            let (from, to) = (drawn(500), drawn(100));
            counted(&mut || {
                seen(prepared.costs_within(&from, &to, cutoff.into(), &NoProgress).is_ok());
            });
        }
        "table of 100 x 100" => {
            let (from, to) = (drawn(100), drawn(100));
            counted(&mut || {
                seen(prepared.costs_between(&from, &to, &NoProgress).is_ok());
            });
        }
        "pairs by searches" => {
            let (from, to) = (links(walk, &homes), targets(&links(walk, &points(&town, 20, 4))));
            let options = MatrixOptions::new(cutoff);
            counted(&mut || {
                seen(travel_matrix(walk, &from, &to, 20, &options, &NoProgress).is_ok());
            });
        }
        "reach of 15 minutes" => {
            let start = drawn(1)[0];
            counted(&mut || {
                seen(search.reach(walk, &[(start, 0)], cutoff.as_millis(), WalkArc::cost).is_empty());
            });
        }
        "cumulative" => counted(&mut || {
            seen(cumulative(&matrix, &supply, metres(80_000)).is_ok());
        }),
        "two-step catchments with steps" => counted(&mut || {
            seen(two_step_fca(&matrix, &supply, &people, &steps).is_ok());
        }),
        other => return Err(format!("no kernel is called {other:?}").into()),
    }
    Ok(())
}

/// The instructions of a kernel, as callgrind counts them.
fn count(kernel: &str) -> Result<u64, AnyError> {
    let output = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--toggle-collect=*instructions*counted*",
        ])
        .arg(std::env::current_exe()?)
        .args(["--kernel", kernel])
        .output()
        .map_err(|error| {
            format!("valgrind cannot be run ({error}): install it from the system's packages")
        })?;
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find_map(|line| line.split_once("Collected :"));
    let (_, digits) = line.ok_or_else(|| format!("callgrind says nothing of {kernel:?}:\n{text}"))?;
    let found: u64 = digits.trim().parse()?;
    if found == 0 { Err(format!("callgrind has not seen {kernel:?}").into()) } else { Ok(found) }
}

fn compiler() -> Result<String, AnyError> {
    Ok(String::from_utf8(Command::new("rustc").arg("--version").output()?.stdout)?.trim().into())
}

const RECORD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/instructions.txt");

/// Counts every kernel; whether one of them has slipped.
fn compare(record: bool) -> Result<bool, AnyError> {
    let compiler = compiler()?;
    let known = std::fs::read_to_string(RECORD).unwrap_or_default();
    let mut lines = known.lines();
    let same_compiler = lines.next() == Some(compiler.as_str());
    let before = |kernel: &str| -> Option<f64> {
        let (_, count) =
            known.lines().find_map(|line| line.split_once('\t').filter(|(name, _)| *name == kernel))?;
        count.parse().ok()
    };
    let (mut text, mut slipped) = (format!("{compiler}\n"), false);
    for kernel in KERNELS {
        let now = count(kernel)?;
        writeln!(text, "{kernel}\t{now}")?;
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let ratio = before(kernel).map(|before| now as f64 / before);
        let slip = ratio.is_some_and(|ratio| ratio > SLIP);
        slipped |= slip && same_compiler;
        let beside =
            ratio.map_or_else(|| "not recorded".into(), |ratio| format!("{ratio:.3} of what is recorded"));
        print(&format!("{kernel:<34}{now:>14}  {beside}{}", if slip { "  MORE" } else { "" }));
    }
    if !same_compiler && !known.is_empty() {
        print("recorded by another compiler: ratios tell little");
    }
    if record {
        std::fs::write(RECORD, text)?;
    }
    Ok(slipped && !record)
}

#[expect(clippy::print_stdout, reason = "a program that prints its measurements")]
fn print(line: &str) {
    println!("{line}");
}

fn main() -> Result<ExitCode, AnyError> {
    // one thread, this one, so that all is counted
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global()?;
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--kernel") {
        run(arguments.get(at + 1).map_or("", String::as_str))?;
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.iter().any(|argument| argument == "--test") {
        KERNELS.iter().try_for_each(|kernel| run(kernel))?;
        return Ok(ExitCode::SUCCESS);
    }
    let slipped = compare(arguments.iter().any(|argument| argument == "--record"))?;
    Ok(if slipped { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
