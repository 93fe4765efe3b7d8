//! The routing engine on a graph and workloads from files, for comparisons side by side.
//!
//! `yardstick lay MAP.osm.pbf FOLDER` makes the files of a [`folder`] from a map; `yardstick run FOLDER [REPEATS [WORKLOAD]]`
//! runs the workloads (those whose names begin so; the others once) and prints for each the median and the least seconds of
//! processor time, the number of answers and their sum in millimetres. `benches/peers` runs other tools on the same files.

mod folder;

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::time::Instant;

use lifecircle_network::petgraph::Direction;
use lifecircle_network::{
    EliminationOrder, Link, LinkFate, Linkage, MatrixOptions, NodeIx, PreparedGraph, PreparedSpace,
    SearchSpace, Target, WalkArc, WalkCosts, WalkGraph, WalkProfile, isochrones, travel_matrix,
};
use lifecircle_types::{Cost, Millimetres, NoProgress};

use crate::folder::Folder;

type AnyError = Box<dyn std::error::Error>;

/// Seconds: of this thread on a processor where Linux tells, which other programs do not disturb; by the clock
/// on the wall elsewhere.
fn clock() -> f64 {
    static START: OnceLock<Instant> = OnceLock::new();
    // a thread that yields has its time brought up to date
    std::thread::yield_now();
    fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse::<f64>().ok())
        .map_or_else(|| START.get_or_init(Instant::now).elapsed().as_secs_f64(), |nanos| nanos / 1e9)
}

fn sum(costs: impl Iterator<Item = u32>) -> (u64, u64) {
    costs.fold((0, 0), |(count, sum), cost| (count + 1, sum + u64::from(cost)))
}

/// Runs `work` and prints its times, and the count and sum it found.
fn measure(name: &str, repeats: usize, mut work: impl FnMut() -> (u64, u64)) {
    let repeats =
        if std::env::args().nth(4).is_none_or(|only| name.starts_with(&only)) { repeats } else { 1 };
    let mut seconds = Vec::new();
    let mut found = (0, 0);
    for _ in 0..repeats {
        let start = clock();
        found = work();
        seconds.push(clock() - start);
    }
    seconds.sort_by(f64::total_cmp);
    print(&format!(
        "{name:<34} median {:>10.6} s  least {:>10.6} s  {:>9} answers  {:>15} mm",
        seconds[repeats / 2],
        seconds[0],
        found.0,
        found.1
    ));
}

#[expect(clippy::print_stdout, reason = "a program that prints its measurements")]
fn print(line: &str) {
    println!("{line}");
}

fn main() -> Result<(), AnyError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["lay", map, folder] => {
            let (nodes, edges) = Folder::new(Path::new(folder)).lay(Path::new(map))?;
            print(&format!("{folder}: {nodes} nodes, {edges} edges"));
            Ok(())
        }
        ["run", folder] => run(&Folder::new(Path::new(folder)), 5),
        ["run", folder, repeats] | ["run", folder, repeats, _] => {
            run(&Folder::new(Path::new(folder)), repeats.parse()?)
        }
        _ => Err("yardstick lay MAP.osm.pbf FOLDER, or yardstick run FOLDER [REPEATS [WORKLOAD]]".into()),
    }
}

fn run(folder: &Folder, repeats: usize) -> Result<(), AnyError> {
    // one thread, this one, as its time is read
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global()?;
    let network = folder.network()?;
    let costs = WalkCosts::lengths(&network, &WalkProfile::standard());
    let walk = WalkGraph::new(&network, &costs)?;
    print(&format!("{} nodes, {} arcs", network.node_count(), network.arc_count()));

    measure("order", repeats, || {
        (EliminationOrder::new(&network, &NoProgress).map_or(0, |order| order.arc_count() as u64), 0)
    });
    let order = EliminationOrder::new(&network, &NoProgress)?;
    measure("costs in the order", repeats, || {
        (PreparedGraph::new(walk, &order, &NoProgress).map_or(0, |_| 1), 0)
    });
    let services = folder.services(&network)?;
    let prepared = PreparedGraph::new(walk, &order, &NoProgress)?;
    let mut space = PreparedSpace::new();
    measure("W1 prepared", repeats, || {
        (u64::from(space.nearest_costs(&prepared, &services, Direction::Incoming, &NoProgress).is_ok()), 0)
    });
    let costs = space.nearest_costs(&prepared, &services, Direction::Incoming, &NoProgress)?;
    measure("W1 sum", 1, || sum(network.nodes().flat_map(|node| costs.of(node)).flatten()));
    let mut search = SearchSpace::new();
    measure("W1 by searches", repeats, || {
        let mut found = (0, 0);
        for sources in &services {
            let sources: Vec<_> = sources.iter().map(|&(node, cost)| (node, cost, 0)).collect();
            let nearest = search.nearest(walk, &sources, u32::MAX, WalkArc::cost);
            let here = sum(nearest.iter().map(|(_, cost, _)| cost));
            found = (found.0 + here.0, found.1 + here.1);
        }
        found
    });
    measure("W1 one-off", repeats, || {
        let prepared = EliminationOrder::new(&network, &NoProgress).map(|order| {
            let prepared = PreparedGraph::new(walk, &order, &NoProgress).expect("its own order");
            space
                .nearest_costs(&prepared, &services, Direction::Incoming, &NoProgress)
                .expect("never cancelled");
        });
        prepared.map_or((0, 0), |()| (1, 0))
    });

    let (from, to) = (folder.nodes(&network, "w2o_big.bin")?, folder.nodes(&network, "w2f_big.bin")?);
    let cutoff = Cost::from(Millimetres::from_metres(1080));
    let mut matrix = None;
    measure("W2 prepared", repeats, || {
        matrix = prepared.costs_within(&from, &to, cutoff, &NoProgress).ok();
        (0, 0)
    });
    let matrix = matrix.ok_or("nodes of the network")?;
    measure("W2 sum", 1, || sum(matrix.entries().map(|(_, _, cost)| cost.raw())));

    // a link that stands on a node: at the start of the first arc that leaves it
    let link = |&node: &NodeIx| {
        let arc = network.out_arcs(node).next().expect("a connected graph");
        Link {
            arc,
            offset: Millimetres::new(0),
            off_street: Millimetres::new(0),
            position: network.position(node),
        }
    };
    let origins = Linkage::new(from.iter().map(|node| LinkFate::Linked(link(node))).collect());
    let targets: Vec<Target> =
        (0..).zip(&to).map(|(owner, node)| Target { owner, link: link(node) }).collect();
    let facilities = u32::try_from(to.len())?;
    measure("W2 one-off", repeats, || {
        let matrix =
            travel_matrix(walk, &origins, &targets, facilities, &MatrixOptions::new(cutoff), &NoProgress);
        matrix.map_or((0, 0), |matrix| sum(matrix.entries().map(|(_, _, cost)| cost.raw())))
    });

    let (from, to) = (folder.nodes(&network, "w5o.bin")?, folder.nodes(&network, "w5f.bin")?);
    let mut table = None;
    measure("W5 prepared", repeats, || {
        table = prepared.costs_between(&from, &to, &NoProgress).ok();
        (0, 0)
    });
    let table = table.ok_or("nodes of the network")?;
    measure("W5 sum", 1, || sum((0..table.rows()).flat_map(|row| table.row(row)).flatten()));

    let ten: Vec<Vec<(NodeIx, u32, u32)>> = services
        .iter()
        .step_by(3)
        .map(|sources| (0..).zip(sources).map(|(owner, source)| (source.0, 0, owner)).collect())
        .collect();
    measure("W6 prepared", repeats, || {
        let found = space.nearest_ranks(&prepared, &ten, 3, Direction::Incoming, &NoProgress).is_ok();
        (u64::from(found), 0)
    });
    let ranks = space.nearest_ranks(&prepared, &ten, 3, Direction::Incoming, &NoProgress)?;
    measure("W6 sum", 1, || {
        sum(network.nodes().flat_map(|node| {
            (0..ten.len()).flat_map(move |service| ranks.of(node, service).map(|rank| rank.0))
        }))
    });

    let starts = folder.nodes(&network, "w4.bin")?;
    latency("W4 reach", &starts, |start| {
        let reached = search.reach(walk, &[(start, 0)], cutoff.raw(), WalkArc::cost);
        sum(reached.iter().map(|(_, cost)| cost))
    });
    // pieces are counted with what is reached of them, ground by its square metres
    let mut reach = |start: NodeIx| {
        let found = isochrones(walk, &[link(&start)], &[cutoff], Direction::Outgoing, &mut search);
        found.expect("a link of the network").remove(0)
    };
    latency("W4 pieces", &starts, |start| {
        sum(reach(start).pieces().iter().map(|piece| (piece.to - piece.from).get()))
    });
    latency("W4 ground within 25 m", &starts, |start| {
        let area = reach(start).area(Millimetres::from_metres(25)).map_or(0.0, |area| area.area_m2());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a part of a town")]
        let whole = area.round() as u64;
        (1, whole)
    });
    Ok(())
}

/// Asks for every start alone and prints the median of the least times of five, by the clock on the wall, and the count and
/// sum of all.
fn latency(name: &str, starts: &[NodeIx], mut ask: impl FnMut(NodeIx) -> (u64, u64)) {
    let mut found = (0, 0);
    let mut seconds = Vec::new();
    for &start in starts {
        let mut least = f64::MAX;
        let mut here = (0, 0);
        for _ in 0..5 {
            let clock = Instant::now();
            here = ask(start);
            least = least.min(clock.elapsed().as_secs_f64());
        }
        found = (found.0 + here.0, found.1 + here.1);
        seconds.push(least);
    }
    seconds.sort_by(f64::total_cmp);
    let median = seconds[starts.len() / 2] * 1e6;
    print(&format!("{name:<34} median {median:>10.2} us {:>25} answers  {:>15}", found.0, found.1));
}
