//! graphways on the files of a yardstick: `beside-graphways FOLDER`.
//!
//! It has no matrix: a table is one search per origin, whose destinations are looked up. Prints seconds of this thread on a
//! processor (Linux), answers and their sum in millimetres, like `yardstick run FOLDER`; the table is done for some of
//! the origins and scaled.

use std::fs;
use std::path::Path;
use std::time::Instant;

use graphways::graph::{XmlNode, XmlWay};
use graphways::isochrone::calculate_isochrones_concurrently;
use graphways::overpass::NetworkType::Walk;
use graphways::reachability::compute_reachability_with;
use petgraph::graph::{DiGraph, NodeIndex};

type AnyError = Box<dyn std::error::Error>;
type Streets = DiGraph<XmlNode, XmlWay>;

const CUTOFF_METRES: f64 = 1080.0;
/// Metres of a degree in the files.
const DEGREE: f64 = 111_195.0;

fn numbers(folder: &Path, file: &str) -> Result<Vec<u32>, AnyError> {
    let bytes = fs::read(folder.join(file))?;
    Ok(bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect())
}

/// Streets both ways; one metre a second, so that its times are metres.
fn streets(folder: &Path) -> Result<Streets, AnyError> {
    let numbers = numbers(folder, "graph.bin")?;
    let (nodes, edges) = (numbers[0] as usize, numbers[1] as usize);
    let (tails, rest) = numbers[2..].split_at(edges);
    let (heads, rest) = rest.split_at(edges);
    let (lengths, places) = rest.split_at(edges);
    let degrees = |bits: u32| f64::from(f32::from_bits(bits)) / DEGREE;
    let mut graph = Streets::with_capacity(nodes, 2 * edges);
    for (id, place) in (0..).zip(places.chunks_exact(2)) {
        graph.add_node(XmlNode { id, lon: degrees(place[0]), lat: degrees(place[1]), tags: vec![] });
    }
    for ((&tail, &head), &length) in tails.iter().zip(heads).zip(lengths) {
        let metres = f64::from(length) / 1000.0;
        let way = XmlWay {
            id: 0,
            nodes: vec![],
            tags: vec![],
            length: metres,
            speed_kph: 3.6,
            walk_travel_time: metres,
            bike_travel_time: metres,
            drive_travel_time: metres,
            geometry: vec![],
        };
        let (tail, head) = (NodeIndex::new(tail as usize), NodeIndex::new(head as usize));
        graph.add_edge(tail, head, way.clone());
        graph.add_edge(head, tail, way);
    }
    Ok(graph)
}

fn clock() -> f64 {
    std::thread::yield_now();
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells the time of a thread");
    text.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).expect("nanoseconds") / 1e9
}

fn say(name: &str, seconds: f64, of: &str, metres: impl Iterator<Item = f64>) {
    let (answers, sum) = metres.fold((0_u64, 0.0), |(count, sum), metres| (count + 1, sum + metres));
    println!("{name:<34} {seconds:>12.6} s  {answers:>9} answers  {:>15.0} mm  {of}", sum * 1000.0);
}

/// The median over the origins of the least time of three of a question, by the clock on the wall.
fn median(origins: &[u32], mut ask: impl FnMut(NodeIndex)) -> f64 {
    let mut seconds: Vec<f64> = Vec::new();
    for &origin in origins {
        let turns = (0..3).map(|_| {
            let start = Instant::now();
            ask(NodeIndex::new(origin as usize));
            start.elapsed().as_secs_f64()
        });
        seconds.push(turns.fold(f64::MAX, f64::min));
    }
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn main() -> Result<(), AnyError> {
    let folder = std::env::args().nth(1).ok_or("name the folder of the yardstick")?;
    let folder = Path::new(&folder);
    let graph = streets(folder)?;
    let large = graph.node_count() > 200_000;

    let starts = numbers(folder, "w4.bin")?;
    let mut reached = Vec::new();
    for &start in &starts {
        let start = NodeIndex::new(start as usize);
        let within = compute_reachability_with(&graph, start, CUTOFF_METRES, |way| way.weight.length);
        reached.extend(within.distances.into_values());
    }
    let seconds = median(&starts, |start| {
        compute_reachability_with(&graph, start, CUTOFF_METRES, |way| way.weight.length);
    });
    say("W4 reach, one", seconds, "", reached.into_iter());

    if !large {
        let shared = std::sync::Arc::new(graph.clone());
        let seconds = median(&starts, |start| {
            calculate_isochrones_concurrently(std::sync::Arc::clone(&shared), start, vec![CUTOFF_METRES], Walk);
        });
        say("W4 polygon, one", seconds, "", std::iter::empty());
    }

    let (origins, targets) = (numbers(folder, "w5o.bin")?, numbers(folder, "w5f.bin")?);
    let part = &origins[..if large { 5 } else { 50 }];
    let mut lengths = Vec::new();
    let start = clock();
    for &origin in part {
        let origin = NodeIndex::new(origin as usize);
        let found = compute_reachability_with(&graph, origin, f64::INFINITY, |way| way.weight.length).distances;
        lengths.extend(targets.iter().filter_map(|&target| found.get(&NodeIndex::new(target as usize))));
    }
    let scale = origins.len() as f64 / part.len() as f64;
    let seconds = (clock() - start) * scale;
    say("W5", seconds, &format!("{} origins, scaled", part.len()), lengths.into_iter());
    Ok(())
}
